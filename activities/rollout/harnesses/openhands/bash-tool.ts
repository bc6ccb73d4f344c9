import type { ActionResult } from '../../../../schemas/journal-entry.ts';
import type { RunningCommand, Waiting } from '../../../sandbox/index.ts';
import type { Hands } from '../../agent.ts';
import type { Say } from '../../templates/render.ts';
import type { OpenHandsCall } from './calls.ts';
import type { Observed } from './observed.ts';
import { separateCommands } from './separate-commands.ts';
import type { OpenHandsSettings } from './settings.ts';

type BashCall = Extract<OpenHandsCall, { tool: 'execute_bash' }>;

/** Lines that upstream's terminal remembers; what came before them is not shown. */
const scrollbackLines = 10_000;
/** A model's own timeout is cut to this many seconds, so that an absurd value stays a usable number. */
const longestTimeout = 86_400;

/** `execute_bash`: one persistent shell in which a command may still be running. */
export class BashTool {
  readonly #settings: OpenHandsSettings;
  readonly #say: Say;
  #running: RunningCommand | null = null;

  constructor(settings: OpenHandsSettings, say: Say) {
    this.#settings = settings;
    this.#say = say;
  }

  async execute(call: BashCall, hands: Hands): Promise<Observed> {
    const command = call.command.trim();
    const waiting = this.#waiting(call);
    if (this.#running === null) {
      if (command === '' || call.isInput) return this.#nothingRuns(call);
      return this.#start(call, waiting, hands);
    }
    if (command === '') return this.#more(call, await hands.shell({ kind: 'wait', running: this.#running, waiting }), 'waited');
    if (call.isInput) return this.#type(call, command, this.#running, waiting, hands);
    return this.#busy(call, this.#running, waiting, hands);
  }

  /** With a timeout of its own a command is waited for that long; otherwise silence ends the waiting too. */
  #waiting({ timeoutSeconds }: BashCall): Waiting {
    const { no_change_timeout_seconds, command_timeout_seconds } = this.#settings;
    if (timeoutSeconds === null) return { noChangeMs: no_change_timeout_seconds * 1000, timeMs: command_timeout_seconds * 1000 };
    return { noChangeMs: null, timeMs: Math.min(longestTimeout, Math.max(0, timeoutSeconds)) * 1000 };
  }

  async #start(call: BashCall, waiting: Waiting, hands: Hands, before = ''): Promise<Observed> {
    const commands = separateCommands(call.command);
    if (commands.length > 1) return this.#several(commands, before);
    const { action, result } = await hands.shell({ kind: 'command', command: call.command, waiting, atTimeLimit: 'leave' });
    this.#keep(action, result);
    return this.#observed(call, result, { how: 'started', before });
  }

  async #type(call: BashCall, text: string, running: RunningCommand, waiting: Waiting, hands: Hands): Promise<Observed> {
    if (/^C-[A-Za-z]$/.test(text)) return this.#more(call, await hands.shell({ kind: 'key', running, key: text, waiting }), 'key');
    return this.#more(call, await hands.shell({ kind: 'input', running, text: call.command, waiting }), 'input');
  }

  /** The shell is busy: the new command is carried out only if the earlier one has ended meanwhile. */
  async #busy(call: BashCall, running: RunningCommand, waiting: Waiting, hands: Hands): Promise<Observed> {
    const commands = separateCommands(call.command);
    if (commands.length > 1) return this.#several(commands, '');
    const fromStart = { ...running, output_offset: 0 };
    const { result } = await hands.shell({ kind: 'wait', running: fromStart, waiting: { noChangeMs: null, timeMs: 0 } });
    this.#keep(running.action, result);
    if (result.status === 'running') return this.#observed(call, result, { how: 'refused', before: '' });
    const before = this.#say('command_result', { ...this.#values(call, result), how: 'ended_before', before: '' });
    return this.#start(call, waiting, hands, before);
  }

  #more(call: BashCall, { result }: { result: ActionResult }, how: string): Observed {
    this.#keep(this.#running?.action ?? 0, result);
    return this.#observed(call, result, { how, before: '' });
  }

  #keep(action: number, result: ActionResult): void {
    this.#running = result.status === 'running' ? { action, output_offset: result.output_offset } : null;
  }

  #observed(call: BashCall, result: ActionResult, { how, before }: { how: string; before: string }): Observed {
    const content = this.#say('command_result', { ...this.#values(call, result), how, before });
    // As upstream compares them: command and exit code, whatever was printed.
    return { content, identity: JSON.stringify([call.command, result.exit_code ?? -1]), error: null };
  }

  #values(call: BashCall, result: ActionResult): Record<string, unknown> {
    const lines = result.output.split('\n');
    const shown = lines.length > scrollbackLines ? lines.slice(-scrollbackLines).join('\n') : result.output;
    return {
      command: call.command,
      status: result.status,
      output: shown.replace(/\s+$/, ''),
      exit_code: result.exit_code ?? -1,
      working_dir: result.cwd ?? '',
      limit: result.limit ?? '',
      timeout: call.timeoutSeconds ?? this.#settings.command_timeout_seconds,
      no_change_timeout: this.#settings.no_change_timeout_seconds,
      truncated: result.truncated,
      last_lines: lines.length > scrollbackLines ? scrollbackLines : 0,
    };
  }

  #nothingRuns(call: BashCall): Observed {
    return { content: this.#say('nothing_runs', { is_input: call.isInput }), identity: JSON.stringify([call.command, -1]), error: null };
  }

  #several(commands: string[], before: string): Observed {
    const content = this.#say('several_commands', { commands });
    return { content: before === '' ? content : `${before}\n${content}`, identity: content, error: 'several_commands' };
  }
}
