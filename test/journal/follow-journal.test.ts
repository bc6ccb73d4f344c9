import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeEntry } from '../../activities/journal/journal.ts';
import { followJournal } from '../../activities/journal/follow-journal.ts';
import type { JournalEntry } from '../../schemas/journal-entry.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-follow-'));
  path = join(folder, 'journal.jsonl');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const note = (detail: string): JournalEntry => ({ type: 'note', at: 1, event: 'container_created', detail });
async function all(entries: AsyncIterable<JournalEntry>): Promise<JournalEntry[]> {
  const found: JournalEntry[] = [];
  for await (const entry of entries) found.push(entry);
  return found;
}

const patch: JournalEntry = { type: 'patch', at: 2, model_patch: '' };

describe('following a journal', () => {
  it('gives what is there and ends', async () => {
    appendFileSync(path, encodeEntry(note('a')) + encodeEntry(note('b')));
    const entries = await all(followJournal(path, { follow: false, signal: new AbortController().signal }));
    expect(entries).toEqual([note('a'), note('b')]);
  });

  it('waits for a line being written, gives every entry once and ends with the patch', async () => {
    const line = encodeEntry(note('a'));
    appendFileSync(path, line.slice(0, 20));
    const following = followJournal(path, { follow: true, signal: new AbortController().signal });
    const first = following.next();
    appendFileSync(path, line.slice(20));
    expect(await first).toEqual({ done: false, value: note('a') });
    const second = following.next();
    appendFileSync(path, encodeEntry(note('b')) + encodeEntry(patch));
    expect(await second).toEqual({ done: false, value: note('b') });
    expect(await all(following)).toEqual([patch]);
  });

  it('waits for a rollout that has not begun, until it is asked to stop', async () => {
    const stop = new AbortController();
    const following = followJournal(path, { follow: true, signal: stop.signal });
    const first = following.next();
    appendFileSync(path, encodeEntry(note('a')));
    expect(await first).toEqual({ done: false, value: note('a') });
    const rest = following.next();
    stop.abort();
    expect(await rest).toEqual({ done: true, value: undefined });
  });

  it('does not read again what it has given', async () => {
    const first = encodeEntry(note('a'));
    appendFileSync(path, first);
    const following = followJournal(path, { follow: true, signal: new AbortController().signal });
    expect(await following.next()).toEqual({ done: false, value: note('a') });
    // A reader that starts over would fail at the checksum of this line.
    writeFileSync(path, `${'0'.repeat(first.length - 1)}\n${encodeEntry(note('b'))}${encodeEntry(patch)}`);
    expect(await all(following)).toEqual([note('b'), patch]);
  });

  it('gives a journal that was started again from its start', async () => {
    appendFileSync(path, encodeEntry(note('a long first note')));
    const following = followJournal(path, { follow: true, signal: new AbortController().signal });
    await following.next();
    writeFileSync(path, encodeEntry(note('b')));
    expect(await following.next()).toEqual({ done: false, value: note('b') });
  });

  it('says so when there is none', async () => {
    const following = followJournal(path, { follow: false, signal: new AbortController().signal });
    await expect(following.next()).rejects.toMatchObject({ code: 'journal_not_found' });
  });
});
