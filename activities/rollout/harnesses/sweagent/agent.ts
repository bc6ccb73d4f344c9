import type { Message } from '../../../../schemas/message.ts';
import type { Ending } from '../../../../schemas/trajectory.ts';
import type { Reply } from '../../../../schemas/turn.ts';
import { EditorMemory } from '../../editor/memory.ts';
import type { EditorRules } from '../../editor/rules.ts';
import {
  type Agent,
  type AgentRun,
  type AgentSetup,
  assistantMessage,
  type Hands,
  type ModelEnded,
  type Spent,
  type TurnOutcome,
} from '../../agent.ts';
import type { Assignment } from '../../assignment.ts';
import type { Say } from '../../templates/render.ts';
import { isBlocked } from './blocklist.ts';
import { FormatError, parseReply, type SweAgentCall } from './calls.ts';
import { observationText } from './observation.ts';
import type { SweAgentSettings } from './settings.ts';
import { type CommandOutcome, SweAgentShell } from './shell.ts';
import { forfeitMarker, Submission, submissionMarker } from './submission.ts';
import { sweagentTools } from './tools.ts';

/** The loop of SWE-agent's default agent. */
export const sweAgent: Agent<SweAgentSettings> = { tools: sweagentTools, begin: (setup) => new SweAgentRun(setup) };

/** What an action leads to: an observation, a requery, or the end. */
type Step = { observation: string; ending?: Ending } | { code: string; hint: string };

class SweAgentRun implements AgentRun {
  readonly opening: Message[];
  readonly #assignment: Assignment;
  readonly #settings: SweAgentSettings;
  readonly #say: Say;
  readonly #shell: SweAgentShell;
  readonly #editor: EditorMemory;
  readonly #submission: Submission;
  /** Failed tries of the present step. */
  #failures = 0;

  constructor({ assignment, settings, say, has }: AgentSetup<SweAgentSettings>) {
    const rules: EditorRules = {
      failurePrefix: '',
      endPastFile: 'refuse',
      lastNewlineCounts: true,
      undo: false,
      expandTabs: settings.expand_tabs,
    };
    this.#assignment = assignment;
    this.#settings = settings;
    this.#say = say;
    this.#shell = new SweAgentShell(settings, assignment.workdir);
    this.#editor = new EditorMemory(rules, say);
    this.#submission = new Submission(assignment, say, has);
    const values = { ...assignment, working_dir: assignment.workdir, command_docs: '' };
    this.opening = [
      { role: 'system', content: say('system', values) },
      { role: 'user', content: say('instance', values) },
    ];
  }

  /** Upstream pays for one more reply and throws it away before it sees the call or cost limit; the trajectory is the same. */
  limitReached({ exchanges, cost_usd }: Spent): Ending | null {
    const { max_turns, max_cost_usd, total_execution_timeout_seconds } = this.#settings;
    if (this.#shell.totalSeconds >= total_execution_timeout_seconds) {
      return {
        kind: 'time_limit',
        status: 'exit_total_execution_time',
        detail: `commands ran ${total_execution_timeout_seconds} seconds or more in all`,
      };
    }
    if (exchanges >= max_turns)
      return { kind: 'turn_limit', status: 'exit_cost', detail: `${exchanges} of ${max_turns} calls of the model` };
    if (max_cost_usd > 0 && cost_usd >= max_cost_usd)
      return { kind: 'cost_limit', status: 'exit_cost', detail: `${cost_usd} of ${max_cost_usd} USD` };
    return null;
  }

  async answer(reply: Reply, hands: Hands): Promise<TurnOutcome> {
    // A reply that the server's filter cut is asked for again as it was.
    if (reply.finish_reason === 'content_filter') return this.#again('content_policy', null);
    const parsed = parseReply(reply);
    if (parsed instanceof FormatError)
      return this.#again(
        parsed.code,
        this.#hints(
          reply,
          this.#say('format_error', { error_code: parsed.code, exception_message: parsed.reason, ...this.#values(reply) }),
        ),
      );
    const step = await this.#carryOut(parsed.call, reply, hands);
    if ('code' in step) return this.#again(step.code, this.#hints(reply, step.hint));
    this.#failures = 0;
    const messages: Message[] = [assistantMessage(reply), { role: 'tool', tool_call_id: parsed.id, content: step.observation }];
    return step.ending === undefined ? { kind: 'next', messages, errors: [] } : { kind: 'end', messages, errors: [], ending: step.ending };
  }

  modelEnded({ kind, detail }: ModelEnded): Ending {
    switch (kind) {
      case 'context_full':
        return { kind: 'context_full', status: 'exit_context', detail };
      case 'model_refused':
        return { kind: 'model_refused', status: 'exit_error', detail };
    }
  }

  /** The change is submitted however the run ended, except after a typed `exit`. */
  close(ending: Ending, patch: string): { ending: Ending; model_patch: string } {
    if (ending.kind === 'exited') return { ending, model_patch: '' };
    const submitted = ending.kind !== 'finished' && patch.trim() !== '';
    return { ending: submitted ? { ...ending, status: `submitted (${ending.status})` } : ending, model_patch: patch };
  }

  async #carryOut(call: SweAgentCall, reply: Reply, hands: Hands): Promise<Step> {
    switch (call.tool) {
      case 'bash':
        return this.#run(call.command, reply, hands);
      case 'str_replace_editor': {
        const { output } = await this.#editor.execute(call.arguments, hands);
        this.#shell.inTime();
        return this.#observed({ kind: 'done', output, note: null }, '');
      }
      case 'submit':
        return this.#submit(hands);
    }
  }

  async #run(command: string, reply: Reply, hands: Hands): Promise<Step> {
    if (isBlocked(command)) return { code: 'blocked', hint: this.#say('blocked', { action: command, ...this.#values(reply) }) };
    if (command.trim() === 'exit')
      return { observation: this.#say('exited', {}), ending: { kind: 'exited', status: 'exit_command', detail: 'the model typed exit' } };
    const wrong = await this.#shell.checkSyntax(command, hands);
    if (wrong !== null)
      return {
        code: 'syntax_error',
        hint: this.#say('syntax_error', { bash_stdout: '', bash_stderr: wrong, action: command, ...this.#values(reply) }),
      };
    return this.#observed(await this.#shell.run(command, hands), command);
  }

  async #submit(hands: Hands): Promise<Step> {
    const outcome = await this.#shell.run(this.#submission.command, hands);
    if (outcome.kind === 'timeout') return this.#observed(outcome, 'submit');
    const review = this.#submission.next(outcome.output);
    if (review !== null) return this.#observed({ kind: 'done', output: review, note: null }, 'submit');
    return { observation: outcome.output, ending: { kind: 'finished', status: 'submitted', detail: '' } };
  }

  #observed(outcome: CommandOutcome, command: string): Step {
    const values = {
      repo: this.#assignment.repo,
      working_dir: this.#shell.workingDir,
      timeout: this.#settings.execution_timeout_seconds,
      command,
    };
    const observation = observationText(this.#say, outcome, values);
    const ending = this.#endingOf(outcome);
    return ending === null ? { observation } : { observation, ending };
  }

  #endingOf(outcome: CommandOutcome): Ending | null {
    const { max_consecutive_execution_timeouts } = this.#settings;
    if (outcome.kind === 'timeout') {
      if (this.#shell.consecutiveTimeouts < max_consecutive_execution_timeouts) return null;
      return {
        kind: 'time_limit',
        status: 'exit_command_timeout',
        detail: `${max_consecutive_execution_timeouts} commands in a row ran out of time`,
      };
    }
    // Upstream looks for these words in every output, whichever command printed them.
    if (outcome.output.includes(submissionMarker))
      return { kind: 'finished', status: 'submitted', detail: 'the output of a command held the marker of a submission' };
    if (outcome.output.includes(forfeitMarker))
      return { kind: 'gave_up', status: 'exit_forfeit', detail: 'the output of a command held the marker of giving up' };
    return null;
  }

  #again(code: string, hints: Message[] | null): TurnOutcome {
    this.#failures += 1;
    const { max_requeries } = this.#settings;
    if (this.#failures < Math.max(1, max_requeries)) return { kind: 'again', hints, errors: [code] };
    return {
      kind: 'end',
      messages: [],
      errors: [code],
      ending: {
        kind: 'format_errors',
        status: 'exit_format',
        detail: `${this.#failures} replies of one step could not be carried out, the last one for ${code}`,
      },
    };
  }

  /** For the retry only: what the model said, without its calls, and what was wrong with it. */
  #hints(reply: Reply, error: string): Message[] {
    const { tool_calls: _calls, ...said } = assistantMessage(reply);
    return [said, { role: 'user', content: error }];
  }

  #values(reply: Reply): Record<string, unknown> {
    return {
      thought: reply.content,
      output: reply.content,
      working_dir: this.#shell.workingDir,
      repo: this.#assignment.repo,
      command_docs: '',
    };
  }
}
