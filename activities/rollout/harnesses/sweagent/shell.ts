import type { Hands } from '../../agent.ts';
import type { SweAgentSettings } from './settings.ts';
import { syntaxCheck } from './syntax-check.ts';

/** How a command of the agent ended. `note` says what else happened to it, if anything. */
export type CommandOutcome =
  | { kind: 'done'; output: string; note: 'shell_exited' | 'killed' | 'refused' | null }
  | { kind: 'timeout'; output: string };

/** The persistent shell with SWE-agent's accounting of time, which comes from the recorded durations. */
export class SweAgentShell {
  readonly #settings: SweAgentSettings;
  workingDir: string;
  consecutiveTimeouts = 0;
  totalSeconds = 0;

  constructor(settings: SweAgentSettings, workingDir: string) {
    this.#settings = settings;
    this.workingDir = workingDir;
  }

  /** What the shell says against a command's syntax, or null. Nothing of it runs. */
  async checkSyntax(command: string, hands: Hands): Promise<string | null> {
    if (command.includes('\0')) return 'a command cannot contain NUL bytes';
    const check = syntaxCheck(command);
    const { result } = await hands.shell({ kind: 'command', command: check.command, waiting: this.#waiting(), atTimeLimit: 'interrupt' });
    return result.status === 'exited' ? check.complaint(result.output) : null;
  }

  /** Runs a command; at the time limit it is interrupted. */
  async run(command: string, hands: Hands): Promise<CommandOutcome> {
    const { result } = await hands.shell({ kind: 'command', command, waiting: this.#waiting(), atTimeLimit: 'interrupt' });
    this.totalSeconds += result.duration_ms / 1000;
    this.workingDir = result.cwd ?? this.workingDir;
    if (result.limit === 'time' || result.status === 'running') {
      this.consecutiveTimeouts += 1;
      return { kind: 'timeout', output: result.output };
    }
    this.inTime();
    return { kind: 'done', output: result.output, note: result.status === 'exited' ? null : result.status };
  }

  /** Something ended in time, so timeouts count from 0 again. */
  inTime(): void {
    this.consecutiveTimeouts = 0;
  }

  #waiting(): { noChangeMs: null; timeMs: number } {
    return { noChangeMs: null, timeMs: this.#settings.execution_timeout_seconds * 1000 };
  }
}
