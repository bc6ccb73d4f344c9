import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Journal } from '../../activities/rollout/journal.ts';
import { newJournalPath } from './rollout.ts';

describe('a journal', () => {
  it('keeps its entries in order across openings', async () => {
    const path = newJournalPath();
    const first = await Journal.open(path);
    await Promise.all([first.note('resumed', 'a'), first.note('resumed', 'b'), first.append({ type: 'patch', at: 0, model_patch: 'é\n' })]);
    await first.close();
    const second = await Journal.open(path);
    expect(second.notes.map(({ detail }) => detail)).toEqual(['a', 'b']);
    expect(second.patch?.model_patch).toBe('é\n');
    await second.close();
  });

  it.each([1, 5, 20])('cuts a last line of which %i bytes were written', async (bytes) => {
    const path = newJournalPath();
    const first = await Journal.open(path);
    await first.note('resumed', 'whole');
    await first.close();
    const whole = readFileSync(path);
    appendFileSync(path, whole.subarray(0, bytes));
    const second = await Journal.open(path);
    expect(second.notes.map(({ event }) => event)).toEqual(['resumed', 'journal_cut']);
    await second.close();
    expect(readFileSync(path).subarray(0, whole.length)).toEqual(whole);
  });

  it('cuts a whole last line that fails its checksum, and refuses one before the end', async () => {
    const path = newJournalPath();
    const journal = await Journal.open(path);
    await journal.note('resumed', 'first');
    await journal.note('resumed', 'second');
    await journal.close();
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('second', 'sec0nd'));
    const cut = await Journal.open(path);
    expect(cut.notes.map(({ event }) => event)).toEqual(['resumed', 'journal_cut']);
    await cut.close();
    writeFileSync(path, text.replace('first', 'f1rst'));
    await expect(Journal.open(path)).rejects.toMatchObject({ code: 'journal_damaged' });
  });
});
