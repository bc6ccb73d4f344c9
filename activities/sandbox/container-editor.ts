import { posix } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionResult } from '../../schemas/journal-entry.ts';
import { orAborted } from '../../platform/waiting.ts';
import { endedResult } from './action-result.ts';
import { type EditRequest, editorFileLimit, type FileState } from './contract.ts';
import { ControlLost } from './control-channel.ts';
import type { ControlLink } from './control-link.ts';
import { quote, quoteBytes } from '../../platform/quote.ts';

/** New content goes to the container in pieces of this many bytes, so that other requests are not held up. */
const pieceBytes = 128 * 1024;
const replyBytes = editorFileLimit + 4 * 1024 ** 2;
const noFork = Buffer.from('\0nofork\0');

/**
 * One edit: look at the path, let the pure editor decide, write. Asked again for an action that wrote already,
 * the editor gets to see what was there before, so that the outcome is the same. Rejects with {@link ControlLost}
 * when the container's state does not allow it.
 */
export async function editInContainer(link: ControlLink, action: number, request: EditRequest, signal: AbortSignal): Promise<ActionResult> {
  const started = performance.now();
  const done = (output: string, exit_code: number) => endedResult({ status: 'exited', exit_code, output }, started);
  if (request.path.includes('\0')) return done('The path holds a NUL byte, which no file name can.', 1);
  const parent = posix.dirname(request.path);
  const { kind, state } = await see(link, action, request, parent, signal);
  const snapshot = request.snapshotOf === null ? null : await snapshotOf(link, request.snapshotOf, signal);
  const decision = request.decide(state, snapshot);
  if (decision.write === null) {
    await expect(link, `r_seen ${action}`, 'seen', signal);
    return done(decision.output, decision.exit_code);
  }
  const failure = await write(link, `${action} ${quote(request.path)} ${quote(parent)} ${quote(kind)}`, decision.write, signal);
  return failure === undefined ? done(decision.output, decision.exit_code) : done(`${request.path} could not be written: ${failure}`, 1);
}

async function see(
  link: ControlLink,
  action: number,
  { path, listDepth }: EditRequest,
  parent: string,
  signal: AbortSignal,
): Promise<{ kind: string; state: FileState }> {
  const code = `r_see ${action} ${quote(path)} ${quote(parent)} ${listDepth} ${editorFileLimit}`;
  const reply = await askForBytes(link, code, signal);
  const nul = reply.indexOf(0);
  const kind = reply.toString('latin1', 0, Math.max(0, nul));
  const rest = reply.subarray(nul + 1);
  const [word, detail] = kind.split(' ');
  if (word === 'directory') return { kind, state: directoryState(rest, path) };
  if (word === 'other') return { kind, state: { kind: 'other' } };
  if (word === 'missing') return { kind, state: { kind: 'missing', parentIsDirectory: detail === '1' } };
  const size = Number(detail);
  if (word !== 'file' || !Number.isSafeInteger(size) || size < 0) throw new ControlLost(`the container gave no sensible view of ${path}`);
  const tooLarge = size > editorFileLimit || rest.length > editorFileLimit;
  return {
    kind,
    state: tooLarge
      ? { kind: 'file', size: Math.max(size, rest.length), content: null }
      : { kind: 'file', size: rest.length, content: rest },
  };
}

function directoryState(listing: Buffer, path: string): FileState {
  const items = listing.toString('utf8').split('\0').slice(0, -1);
  const truncated = items.at(-1) === 'truncated';
  const prefix = `${path.replace(/\/$/, '')}/`;
  const entries = (truncated ? items.slice(0, -1) : items).map((item) => {
    const full = item.slice(1);
    return { path: full.startsWith(prefix) ? full.slice(prefix.length) : full, directory: item.startsWith('d') };
  });
  return { kind: 'directory', entries, truncated };
}

async function snapshotOf(link: ControlLink, action: number, signal: AbortSignal): Promise<Buffer | null> {
  const reply = await askForBytes(link, `r_snapshot ${action}`, signal);
  return reply.subarray(0, 4).equals(Buffer.from('yes\0')) ? reply.subarray(4) : null;
}

/** Asks until the container has a free process to read the file. */
async function askForBytes(link: ControlLink, code: string, signal: AbortSignal): Promise<Buffer> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const reply = await orAborted(link.ask(code, { maxBytes: replyBytes }), signal);
    if (reply.equals(Buffer.from('lost'))) throw new ControlLost('the state in the container is lost');
    if (!reply.equals(Buffer.from('nofork')) && !reply.subarray(-noFork.length).equals(noFork)) return reply;
    await orAborted(sleep(100), signal);
  }
  throw new ControlLost('the container has no process to spare');
}

/** Sends the content, then puts it in place. Gives the container's reason when it could not. */
async function write(link: ControlLink, target: string, content: Buffer, signal: AbortSignal): Promise<string | undefined> {
  for (let attempt = 0; ; attempt++) {
    try {
      if (!(await stage(link, content, signal))) return 'no room is left for it';
      const reply = (await orAborted(link.askOnce(`r_write ${target}`), signal)).toString('utf8');
      if (reply === 'written') return undefined;
      if (reply === 'full') return 'no room is left to remember what was there before';
      if (reply === 'lost') throw new ControlLost('the state in the container is lost');
      return reasonOf(reply);
    } catch (error) {
      // Pieces may have arrived twice or not at all, so all of it is sent again.
      if (!(error instanceof ControlLost) || attempt === 1) throw error;
    }
  }
}

/** What the system said, without the names and lines of the program that tried. */
function reasonOf(reply: string): string {
  const last = reply.trim().split('\n').at(-1) ?? '';
  return /(?:^failed|: )([^:]*)$/.exec(last)?.[1]?.trim() || 'the container gave no reason';
}

async function stage(link: ControlLink, content: Buffer, signal: AbortSignal): Promise<boolean> {
  for (let at = 0; at === 0 || at < content.length; at += pieceBytes) {
    const code = Buffer.concat([Buffer.from(`r_stage ${at === 0 ? 1 : 0}`), quoteBytes(content.subarray(at, at + pieceBytes))]);
    const reply = (await orAborted(link.askOnce(code), signal)).toString('latin1');
    if (reply !== 'staged') return false;
  }
  return true;
}

async function expect(link: ControlLink, code: string, reply: string, signal: AbortSignal): Promise<void> {
  const given = (await orAborted(link.ask(code), signal)).toString('latin1');
  if (given !== reply) throw new ControlLost(`it answered ${JSON.stringify(given.slice(0, 100))}`);
}
