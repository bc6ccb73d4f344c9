import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionResult } from '../../schemas/journal-entry.ts';
import { orAborted } from './abort.ts';
import type { ShellAction, Waiting } from './contract.ts';
import type { ControlLink } from './control-link.ts';
import { quote } from './quote.ts';
import { blockBytes, type Look, parseLook, unfinishedCharacter } from './shell-look.ts';

type KnownLook = Extract<Look, { kind: 'known' }>;

/** How long an interrupted command may take to end before its processes are killed. */
const interruptGraceMs = 3000;
const killGraceMs = 2000;
/** A command asked for must begin within this time, or the shell counts as broken. */
const beginWithinMs = 15_000;

/** The container's shell as its host side sees it: one action at a time, each at most once. */
export class PersistentShell {
  readonly #link: ControlLink;
  readonly #outputBytes: number;

  constructor(link: ControlLink, outputBytes: number) {
    this.#link = link;
    this.#outputBytes = outputBytes;
  }

  async perform(action: number, request: ShellAction, signal: AbortSignal): Promise<ActionResult> {
    const started = performance.now();
    switch (request.kind) {
      case 'command':
        return this.#command(action, request, started, signal);
      case 'wait':
        await this.#ask(`r_seen ${action}`, signal);
        break;
      case 'input':
        await this.#type(action, request.running.action, `${request.text}\n`, signal);
        break;
      case 'key':
        await this.#press(action, request.running.action, request.key, signal);
        break;
    }
    const { running, waiting } = request;
    return this.#outcome(running.action, { offset: running.output_offset, waiting, interrupt: false, started, recoverAs: action }, signal);
  }

  /** Ends whatever command runs, by SIGINT, then SIGKILL. */
  async interruptRunning(signal: AbortSignal): Promise<void> {
    const [, running = ''] = (await this.#ask('r_begun', signal)).split(' ');
    if (/^\d+$/.test(running)) await this.#interrupt(Number(running), 'interrupted', signal);
  }

  async #command(action: number, request: Extract<ShellAction, { kind: 'command' }>, started: number, signal: AbortSignal): Promise<ActionResult> {
    if (request.command.includes('\0')) return refused('a command cannot contain NUL bytes', started);
    const marker = randomBytes(16).toString('hex');
    const reply = await this.#ask(`r_run ${action} ${marker} ${quote(request.command)}`, signal);
    if (reply === 'busy') return refused('another command is still running', started);
    if (reply === 'unknown') return refused('the shell knows a later action but not this one: its state was tampered with', started);
    if (reply === 'full') return refused('no room is left for the shell to take a command', started);
    if (reply === 'lost') return this.#recovered(action, started, signal);
    const { waiting, atTimeLimit } = request;
    return this.#outcome(action, { offset: 0, waiting, interrupt: atTimeLimit === 'interrupt', started, recoverAs: action }, signal);
  }

  async #type(action: number, command: number, text: string, signal: AbortSignal): Promise<void> {
    const reply = await this.#ask(`r_input ${action} ${command} ${quote(text.replaceAll('\0', ''))}`, signal);
    if (reply === 'ended') await this.#ask(`r_seen ${action}`, signal);
  }

  async #press(action: number, command: number, key: string, signal: AbortSignal): Promise<void> {
    const letter = /^C-([a-z\\[\]^_@])$/i.exec(key)?.[1]?.toLowerCase();
    const names: Record<string, string> = { c: 'INT', z: 'TSTP', d: 'EOF' };
    const name = letter === undefined ? undefined : names[letter];
    if (name === undefined) {
      const text = letter === undefined ? key : String.fromCharCode(letter.charCodeAt(0) & 0x1f);
      return this.#type(action, command, text, signal);
    }
    const reply = await this.#ask(`r_key ${action} ${command} ${name}`, signal);
    if (reply === 'ended') await this.#ask(`r_seen ${action}`, signal);
  }

  /** Waits until the command ends or a limit is reached, and reads its output from `offset` on. */
  async #outcome(
    command: number,
    options: { offset: number; waiting: Waiting; interrupt: boolean; started: number; recoverAs: number },
    signal: AbortSignal,
  ): Promise<ActionResult> {
    const { offset, waiting, interrupt, started, recoverAs } = options;
    const waited = await this.#wait(command, waiting, started, signal);
    if (waited === 'lost') return this.#recovered(recoverAs, started, signal);
    if (waited === 'time' && interrupt) await this.#interrupt(command, 'time', signal);
    const look = await this.#look(command, offset, signal);
    if (look === 'unusable') return this.#recovered(recoverAs, started, signal);
    if (look === 'unknown') return refused('no such command is known to the shell', started);
    if (look.status !== 'running') void this.#link.ask('r_prepare').catch(() => undefined);
    return this.#result(look, offset, waited === 'ended' ? null : waited, started);
  }

  async #wait(command: number, waiting: Waiting, started: number, signal: AbortSignal): Promise<'ended' | 'lost' | 'time' | 'no_change'> {
    const interval = waiting.noChangeMs === null ? 1000 : Math.min(500, Math.max(50, waiting.noChangeMs / 10));
    let quietSince = started;
    let begun = false;
    for (;;) {
      const channel = await orAborted(this.#link.channel(), signal);
      const now = performance.now();
      const timeLeft = waiting.timeMs === null ? interval : started + waiting.timeMs - now;
      const ended = channel.ended(command);
      const timer = new AbortController();
      try {
        // A command that ended before anyone listened is not announced again, hence a look before the first pause.
        if (begun) {
          await orAborted(Promise.race([ended.promise, sleep(Math.max(1, Math.min(interval, timeLeft)), undefined, { signal: timer.signal })]), signal);
        } else {
          await orAborted(Promise.race([ended.promise, sleep(Math.max(1, Math.min(5, timeLeft)), undefined, { signal: timer.signal })]), signal);
        }
      } finally {
        ended.cancel();
        timer.abort();
      }
      const state = await this.#ask(`r_poll ${command}`, signal);
      if (state === 'ended') return 'ended';
      if (state === 'lost') return 'lost';
      const after = performance.now();
      if (state === 'waiting') {
        const look = await this.#ask(`r_look ${command} 0 0`, signal);
        if (look === 'unknown') return 'ended';
        if (look === 'asked' && after - started > beginWithinMs) return 'lost';
      } else begun = true;
      if (state === 'changed' || (state === 'capped' && waiting.timeMs !== null)) quietSince = after;
      if (waiting.timeMs !== null && after - started >= waiting.timeMs) return 'time';
      if (waiting.noChangeMs !== null && after - quietSince >= waiting.noChangeMs) return 'no_change';
    }
  }

  async #interrupt(command: number, reason: string, signal: AbortSignal): Promise<void> {
    const steps = [
      { name: 'INT', graceMs: interruptGraceMs },
      { name: 'KILL', graceMs: killGraceMs },
      { name: 'SHELL', graceMs: killGraceMs },
    ];
    for (const { name, graceMs } of steps) {
      const reply = await this.#ask(`r_signal ${name} ${command} ${reason}`, signal);
      if (reply === 'ended' || reply === 'lost') return;
      const waited = await this.#wait(command, { timeMs: graceMs, noChangeMs: null }, performance.now(), signal);
      if (waited !== 'time') return;
    }
    await orAborted(this.#link.sweep(), signal);
    await this.#wait(command, { timeMs: killGraceMs, noChangeMs: null }, performance.now(), signal);
  }

  /** The command's state with its whole output from the block of `offset` on. */
  async #look(command: number, offset: number, signal: AbortSignal): Promise<KnownLook | 'unknown' | 'unusable'> {
    const skip = Math.floor(offset / blockBytes);
    const most = Math.ceil((this.#outputBytes + 2 * blockBytes) / blockBytes);
    const count = Math.max(0, most - skip);
    const maxBytes = (count + 4) * blockBytes;
    for (let attempt = 0; ; attempt++) {
      const reply = await orAborted(this.#link.ask(`r_look ${command} ${skip} ${count}`, { maxBytes }), signal);
      const look = parseLook(reply);
      if (look.kind === 'unknown' || look.kind === 'asked') return 'unknown';
      if (look.kind === 'lost' || (look.kind === 'no_fork' && attempt >= 20)) return 'unusable';
      const whole = look.kind === 'known' && (look.status === 'running' || look.outputEnd !== null || skip * blockBytes + look.output.length > this.#outputBytes);
      if (look.kind === 'known' && (whole || attempt >= (look.status === 'exited' ? 40 : 12))) return look;
      await orAborted(sleep(Math.min(50, 2 ** attempt)), signal);
    }
  }

  #result(look: KnownLook, offset: number, waited: 'time' | 'no_change' | null, started: number): ActionResult {
    const base = Math.floor(offset / blockBytes) * blockBytes;
    const available = base + (look.outputEnd ?? look.output.length);
    const truncated = available > this.#outputBytes;
    let end = Math.max(offset, Math.min(available, this.#outputBytes));
    const bytes = look.output.subarray(offset - base, end - base);
    const held = look.status === 'running' && !truncated ? unfinishedCharacter(bytes) : 0;
    end -= held;
    const cut = look.status !== 'running' && look.cut !== '';
    const status = cut ? 'killed' : look.status;
    return {
      status,
      exit_code: look.exitCode,
      output: bytes.toString('utf8', 0, bytes.length - held),
      output_offset: end,
      truncated,
      cwd: look.status === 'running' || look.cwd === '' ? null : look.cwd,
      duration_ms: performance.now() - started,
      limit: look.status === 'running' ? waited : look.cut === 'time' ? 'time' : null,
    };
  }

  /** The shell is beyond use: everything in the container is killed and a new shell opened. */
  async #recovered(action: number, started: number, signal: AbortSignal): Promise<ActionResult> {
    await orAborted(this.#link.sweep(), signal);
    await this.#ask(`r_recovered ${action}`, signal);
    return {
      status: 'killed',
      exit_code: 137,
      output: '',
      output_offset: 0,
      truncated: false,
      cwd: null,
      duration_ms: performance.now() - started,
      limit: null,
    };
  }

  async #ask(code: string, signal: AbortSignal): Promise<string> {
    return (await orAborted(this.#link.ask(code), signal)).toString('latin1');
  }
}

function refused(output: string, started: number): ActionResult {
  return { status: 'refused', exit_code: null, output, output_offset: 0, truncated: false, cwd: null, duration_ms: performance.now() - started, limit: null };
}
