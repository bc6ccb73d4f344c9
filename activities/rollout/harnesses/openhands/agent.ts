import type { Message } from '../../../../schemas/message.ts';
import type { Ending } from '../../../../schemas/trajectory.ts';
import type { Reply } from '../../../../schemas/turn.ts';
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
import type { Say } from '../../templates/render.ts';
import { BashTool } from './bash-tool.ts';
import { RefusedCall, type OpenHandsCall, parseCall } from './calls.ts';
import { EditorTool } from './editor-tool.ts';
import type { Observed } from './observed.ts';
import type { OpenHandsSettings } from './settings.ts';
import { type Seen, stuckRule } from './stuck.ts';
import { openhandsTools } from './tools.ts';

/** The loop of CodeActAgent. */
export const openHandsAgent: Agent<OpenHandsSettings> = { tools: openhandsTools, begin: (setup) => new OpenHandsRun(setup) };

class OpenHandsRun implements AgentRun {
  readonly opening: Message[];
  readonly #settings: OpenHandsSettings;
  readonly #say: Say;
  readonly #bash: BashTool;
  readonly #editor: EditorTool;
  /** Actions, observations and messages in order, without those of the user. */
  readonly #seen: Seen[] = [];
  /** Steps so far: each action of a reply is one, so is a reply without a usable call. */
  #steps = 0;
  /** The task is the first. */
  #userMessages = 1;

  constructor({ assignment, settings, say }: AgentSetup<OpenHandsSettings>) {
    this.#settings = settings;
    this.#say = say;
    this.#bash = new BashTool(settings, say);
    this.#editor = new EditorTool(say);
    const values = {
      ...assignment,
      working_dir: assignment.workdir,
      instance: assignment,
      workspace_dir_name: assignment.workdir.replace(/^\//, ''),
    };
    this.opening = [
      { role: 'system', content: say('system', values) },
      { role: 'user', content: say('instance', values) },
    ];
  }

  limitReached({ cost_usd }: Spent): Ending | null {
    return this.#stop() ?? budgetReached(this.#settings.max_cost_usd, cost_usd);
  }

  async answer(reply: Reply, hands: Hands): Promise<TurnOutcome> {
    if (reply.tool_calls.length === 0) return this.#nudge(reply);
    const calls: OpenHandsCall[] = [];
    for (const call of reply.tool_calls) {
      const parsed = parseCall(call);
      if (parsed instanceof RefusedCall) return this.#refuse(parsed);
      calls.push(parsed);
    }
    const messages: Message[] = [assistantMessage(reply)];
    const errors: string[] = [];
    for (const [index, call] of calls.entries()) {
      // Between the actions of one reply the loop looks at its limits as it does before a request.
      const stop = index === 0 ? null : this.#stop();
      if (stop !== null) return { kind: 'end', messages, errors, ending: stop };
      this.#steps += 1;
      this.#seen.push({ kind: 'action', identity: JSON.stringify([call.tool, call.arguments, index === 0 ? reply.content : '']) });
      if (call.tool === 'finish')
        return { kind: 'end', messages, errors, ending: { kind: 'finished', status: 'finished', detail: call.message } };
      const observed = await this.#carryOut(call, hands);
      this.#seen.push({ kind: 'observation', identity: observed.identity, error: observed.error !== null });
      if (observed.error !== null) errors.push(observed.error);
      messages.push({ role: 'tool', tool_call_id: call.id, content: shorten(observed.content) });
    }
    return { kind: 'next', messages, errors };
  }

  modelEnded({ kind, detail }: ModelEnded): Ending {
    switch (kind) {
      case 'context_full':
        return { kind: 'context_full', status: 'error: LLMContextWindowExceedError', detail };
      case 'model_refused':
        return { kind: 'model_refused', status: 'error: STATUS$ERROR_LLM_CONTENT_POLICY_VIOLATION', detail };
    }
  }

  close(ending: Ending, patch: string): { ending: Ending; model_patch: string } {
    return { ending, model_patch: patch };
  }

  /** The stuck check comes first, then the iterations. */
  #stop(): Ending | null {
    const rule = stuckRule(this.#seen);
    if (rule !== null) return { kind: 'stuck', status: 'error: AgentStuckInLoopError', detail: rule };
    const { max_turns } = this.#settings;
    if (this.#steps < max_turns) return null;
    return { kind: 'turn_limit', status: 'error: RuntimeError', detail: `maximum iteration reached: ${this.#steps} of ${max_turns}` };
  }

  async #carryOut(call: Exclude<OpenHandsCall, { tool: 'finish' }>, hands: Hands): Promise<Observed> {
    switch (call.tool) {
      case 'execute_bash':
        return this.#bash.execute(call, hands);
      case 'str_replace_editor':
        return this.#editor.execute(call.arguments, hands);
      case 'think':
        return { content: this.#say('think_result', {}), identity: 'think', error: null };
    }
  }

  /** A reply that cannot be executed is not in the history; a user message says why. */
  #refuse(refused: RefusedCall): TurnOutcome {
    this.#steps += 1;
    const content = shorten(this.#say('call_error', { code: refused.code, tool: refused.tool, reason: refused.reason }));
    this.#seen.push({ kind: 'observation', identity: content, error: true });
    return { kind: 'next', messages: [{ role: 'user', content }], errors: [refused.code] };
  }

  /** A reply without a call waits for a user; the fake user asks it to go on alone. */
  #nudge(reply: Reply): TurnOutcome {
    this.#steps += 1;
    this.#seen.push({ kind: 'message', identity: reply.content });
    const content = this.#say('nudge', { may_give_up: this.#userMessages >= 2 });
    this.#userMessages += 1;
    return { kind: 'next', messages: [assistantMessage(reply), { role: 'user', content }], errors: ['missing'] };
  }
}

/** Characters of one observation that the model gets. */
const messageLimit = 30_000;

/** Half of the limit from the beginning, half from the end. */
function shorten(text: string): string {
  if (text.length <= messageLimit) return text;
  const half = messageLimit / 2;
  const note = `\n[... ${text.length - messageLimit} characters left out ...]\n`;
  return `${text.slice(0, half).toWellFormed()}${note}${text.slice(-half).toWellFormed()}`;
}

function budgetReached(limit: number, spent: number): Ending | null {
  if (limit === 0 || spent < limit) return null;
  return { kind: 'cost_limit', status: 'error: RuntimeError', detail: `maximum budget reached: ${spent} of ${limit} USD` };
}
