import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionResult } from '../../schemas/journal-entry.ts';
import { orAborted, resolvesWithin } from '../../platform/waiting.ts';
import { endedResult } from './action-result.ts';
import type { ShellAction, Waiting } from './contract.ts';
import { type Announcement, ControlLost } from './control-channel.ts';
import type { ControlLink } from './control-link.ts';
import { quote } from '../../platform/quote.ts';
import { SandboxGone } from './sandbox-gone.ts';
import { blockBytes, type Look, parseLook } from './shell-look.ts';
import { plainOutput, unfinishedOutput } from './shell-output.ts';

/** What ended the waiting: the command itself, the loss of the shell's state, or a limit. */
type Waited = 'ended' | 'lost' | 'time' | 'no_change';
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
    try {
      return await this.#perform(action, request, started, signal);
    } catch (error) {
      if (!(error instanceof ControlLost)) throw error;
      return this.recovered(action, started, signal);
    }
  }

  /** Ends whatever command runs, by SIGINT, then SIGKILL. */
  async interruptRunning(signal: AbortSignal): Promise<void> {
    const [, running = ''] = (await this.#ask('r_begun', signal)).split(' ');
    if (/^\d+$/.test(running)) await this.#interrupt(Number(running), 'interrupted', signal);
  }

  async #perform(action: number, request: ShellAction, started: number, signal: AbortSignal): Promise<ActionResult> {
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

  async #command(
    action: number,
    request: Extract<ShellAction, { kind: 'command' }>,
    started: number,
    signal: AbortSignal,
  ): Promise<ActionResult> {
    if (request.command.includes('\0')) return refused('a command cannot contain NUL bytes', started);
    // Listening begins before the command does, so that the end of a short one is not missed.
    const announced = (await orAborted(this.#link.channel(), signal)).ended(action);
    try {
      const reply = await this.#start(action, request.command, started, signal);
      if (reply === 'busy') return refused('another command is still running', started);
      if (reply === 'unknown') return refused('the shell knows a later action but not this one: its state was tampered with', started);
      if (reply === 'full') return refused('no room is left for the shell to take a command', started);
      if (reply === 'sent' || reply === 'old') {
        const { waiting, atTimeLimit } = request;
        const early = reply === 'sent' ? { early: announced } : {};
        return await this.#outcome(
          action,
          { offset: 0, waiting, interrupt: atTimeLimit === 'interrupt', started, recoverAs: action, ...early },
          signal,
        );
      }
      return await this.recovered(action, started, signal);
    } finally {
      announced.cancel();
    }
  }

  async #start(action: number, command: string, started: number, signal: AbortSignal): Promise<string> {
    const marker = randomBytes(16).toString('hex');
    const code = `r_run ${action} ${marker} ${quote(command)}`;
    for (let pause = 10; ; pause = Math.min(1000, pause * 2)) {
      const reply = await this.#ask(code, signal);
      if (reply !== 'no_keeper' || performance.now() - started > beginWithinMs) return reply;
      await orAborted(sleep(pause), signal);
    }
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
    options: { offset: number; waiting: Waiting; interrupt: boolean; started: number; recoverAs: number; early?: Announcement },
    signal: AbortSignal,
  ): Promise<ActionResult> {
    const { offset, waiting, interrupt, started, recoverAs, early } = options;
    if (early !== undefined && (await this.#announced(early, waiting, started, signal))) {
      const look = await this.#look(command, offset, signal);
      // Anything in the container can announce an end; only this look shows whether there is one.
      if (typeof look === 'object' && look.status !== 'running') return this.#result(look, offset, null, started);
    }
    const waited = await this.#wait(command, waiting, started, signal);
    if (waited === 'lost') return this.recovered(recoverAs, started, signal);
    if (waited === 'time' && interrupt) await this.#interrupt(command, 'time', signal);
    const look = await this.#look(command, offset, signal);
    if (look === 'unusable') return this.recovered(recoverAs, started, signal);
    if (look === 'unknown') return refused('no such command is known to the shell', started);
    return this.#result(look, offset, waited === 'ended' ? null : waited, started);
  }

  /** Whether the end of a command that has just begun is announced before it is time to ask for its state. */
  async #announced(early: Announcement, waiting: Waiting, started: number, signal: AbortSignal): Promise<boolean> {
    return orAborted(resolvesWithin(early.promise, pauseMs(waiting, started)), signal);
  }

  async #wait(command: number, waiting: Waiting, started: number, signal: AbortSignal): Promise<Waited> {
    let announced: Announcement | undefined;
    let quietSince = started;
    try {
      for (let round = 0; ; round++) {
        if (announced !== undefined) {
          const woken = await orAborted(resolvesWithin(announced.promise, pauseMs(waiting, started)), signal);
          // Announcements of what did not end are forged; they must not keep this process busy.
          if (woken && round > 5) await orAborted(sleep(50), signal);
          announced.cancel();
        }
        announced = (await orAborted(this.#link.channel(), signal)).ended(command);
        const state = await this.#ask(`r_poll ${command}`, signal);
        if (state === 'ended' || state === 'lost') return state;
        const now = performance.now();
        if (state === 'waiting') {
          const look = await this.#ask(`r_look ${command} 0 0`, signal);
          if (look === 'unknown') return 'ended';
          if (look === 'asked' && now - started > beginWithinMs) return 'lost';
          continue;
        }
        if (state === 'changed' || (state === 'capped' && waiting.timeMs !== null)) quietSince = now;
        if (waiting.timeMs !== null && now - started >= waiting.timeMs) return 'time';
        if (waiting.noChangeMs !== null && now - quietSince >= waiting.noChangeMs) return 'no_change';
      }
    } finally {
      announced?.cancel();
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
    await orAborted(this.#link.sweep(false), signal);
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
      if (look.kind === 'lost' || (look.kind === 'no_fork' && attempt >= 40)) return 'unusable';
      if (look.kind === 'known') {
        const complete = look.outputEnd !== null || !look.reading || skip * blockBytes + look.output.length > this.#outputBytes;
        if (look.status === 'running' || complete || attempt >= 40) return look;
      }
      await orAborted(sleep(Math.min(50, 2 ** attempt)), signal);
    }
  }

  #result(look: KnownLook, offset: number, waited: 'time' | 'no_change' | null, started: number): ActionResult {
    if (look.status !== 'running') void this.#link.ask('r_prepare').catch(() => undefined);
    const base = Math.floor(offset / blockBytes) * blockBytes;
    const available = base + (look.outputEnd ?? look.output.length);
    const truncated = available > this.#outputBytes;
    let end = Math.max(offset, Math.min(available, this.#outputBytes));
    const bytes = look.output.subarray(offset - base, end - base);
    const held = look.status === 'running' && !truncated ? unfinishedOutput(bytes) : 0;
    end -= held;
    const cut = look.status !== 'running' && look.cut !== '';
    const status = cut ? 'killed' : look.status;
    return {
      status,
      exit_code: look.exitCode,
      output: plainOutput(bytes.toString('utf8', 0, bytes.length - held)),
      output_offset: end,
      truncated,
      cwd: look.status === 'running' || look.cwd === '' ? null : look.cwd,
      duration_ms: performance.now() - started,
      limit: look.status === 'running' ? waited : look.cut === 'time' ? 'time' : null,
    };
  }

  /** The shell is unusable: everything in the container is killed, its state forgotten and a new shell opened. */
  async recovered(action: number, started: number, signal: AbortSignal): Promise<ActionResult> {
    for (let attempt = 0; ; attempt++) {
      try {
        await orAborted(this.#link.sweep(true), signal);
        const reply = await this.#ask(`r_recovered ${action}`, signal);
        if (reply === 'ok') break;
      } catch (error) {
        if (!(error instanceof ControlLost)) throw error;
      }
      if (attempt === 2) throw new SandboxGone('the shell', new Error('it stays broken however often it is opened anew'));
    }
    return endedResult({ status: 'killed', exit_code: 137, output: '' }, started);
  }

  async #ask(code: string, signal: AbortSignal): Promise<string> {
    return (await orAborted(this.#link.ask(code), signal)).toString('latin1');
  }
}

/** How long to wait for an announcement before the state is asked for. */
function pauseMs({ noChangeMs, timeMs }: Waiting, started: number): number {
  const interval = noChangeMs === null ? 1000 : Math.min(500, Math.max(50, noChangeMs / 10));
  const left = timeMs === null ? interval : started + timeMs - performance.now();
  return Math.max(1, Math.min(interval, left));
}

function refused(output: string, started: number): ActionResult {
  return endedResult({ status: 'refused', exit_code: null, output }, started);
}
