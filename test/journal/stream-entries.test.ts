import { appendFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodeEntry } from '../../activities/journal/journal.ts';
import { streamEntries } from '../../activities/journal/stream-entries.ts';
import type { JournalEntryOf } from '../../schemas/journal-entry.ts';
import { newJournalPath } from '../rollout/rollout.ts';

const note = (detail: string): JournalEntryOf<'note'> => ({ type: 'note', at: 0, event: 'resumed', detail });

async function notesOf(path: string): Promise<string[]> {
  const details: string[] = [];
  for await (const { detail } of streamEntries(path, 'note')) details.push(detail);
  return details;
}

describe('the stream of a journal', () => {
  it('gives the entries of one type, however long the lines are', async () => {
    const path = newJournalPath();
    const long = 'é'.repeat(100_000);
    appendFileSync(path, encodeEntry(note('a')));
    appendFileSync(path, encodeEntry({ type: 'patch', at: 0, model_patch: '"type":"note"' }));
    appendFileSync(path, encodeEntry(note(long)) + encodeEntry(note('b')));
    expect(await notesOf(path)).toEqual(['a', long, 'b']);
  });

  it('leaves out a line that is being written and one that fails its checksum', async () => {
    const path = newJournalPath();
    const damaged = encodeEntry(note('a')).replace('"a"', '"b"');
    appendFileSync(path, damaged + encodeEntry(note('c')) + encodeEntry(note('d')).slice(0, -5));
    expect(await notesOf(path)).toEqual(['c']);
  });

  it('rejects where there is no file', async () => {
    await expect(notesOf(`${newJournalPath()}.none`)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
