import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Journal } from '../../activities/journal/journal.ts';
import { newJournalPath } from '../rollout/rollout.ts';

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

  it('gives exchanges and observations back as they were written, before and after a restart', async () => {
    const path = newJournalPath();
    const result = {
      status: 'exited' as const,
      exit_code: 0,
      output: 'naïve\n\ud83d 字\n',
      output_offset: 14,
      truncated: false,
      cwd: '/',
      duration_ms: 1.5,
      limit: null,
    };
    const observation = (action: number) => ({
      type: 'observation' as const,
      at: 1,
      action,
      turn: action,
      action_sha256: `${action}`,
      result: { ...result, output: result.output.repeat(action) },
    });
    const exchange = {
      type: 'exchange' as const,
      at: 2,
      exchange: 0,
      turn: 0,
      request_sha256: 'a',
      reply: { content: 'ü', tool_calls: [], finish_reason: 'stop' as const, model: 'm' },
      usage: { prompt_tokens: 1, completion_tokens: 1 },
      cost_usd: 0,
      latency_ms: 3,
    };
    const first = await Journal.open(path);
    await Promise.all([
      first.note('resumed', 'é'),
      first.append(exchange),
      ...[0, 1, 2].map((action) => first.append(observation(action))),
    ]);
    expect(first.observation(2)).toEqual(observation(2));
    await first.close();
    const second = await Journal.open(path);
    await second.append(observation(3));
    expect(second.progress).toEqual({ exchanges: 1, observations: 4 });
    expect(second.exchange(0)).toEqual(exchange);
    expect([0, 1, 2, 3, 4].map((action) => second.observation(action))).toEqual([...[0, 1, 2, 3].map(observation), undefined]);
    await second.close();
    expect(() => second.observation(0)).toThrow(expect.objectContaining({ code: 'journal_closed' }));
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
