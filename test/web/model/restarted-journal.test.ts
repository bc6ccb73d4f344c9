import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeEntry } from '../../../activities/journal/journal.ts';
import type { JournalEntry } from '../../../schemas/journal-entry.ts';
import type { TurnView } from '../../../schemas/transcript.ts';
import { TranscriptBuilder } from '../../../web/model/transcript/builder.ts';
import { type RawTurn, textPart } from '../../../web/model/transcript/raw-turn.ts';
import { lastBeginning } from '../../../web/server/live/journal-tail.ts';
import { LiveTranscript, turnsOfJournal } from '../../../web/server/live/live-transcript.ts';
import { bareFacts } from './bare-facts.ts';

const folder = mkdtempSync(join(tmpdir(), 'restarted-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const asked: RawTurn = {
  kind: 'prompt',
  turn: null,
  at: null,
  prompt_tokens: null,
  completion_tokens: null,
  latency_ms: null,
  parts: [textPart('prompt', 'task', 'fix it')],
};

const begin = (at: number): JournalEntry => ({
  type: 'begin',
  at,
  key: { campaign: 'c', instance_id: 'i', harness: 'h', mode: 'think', sample: 0 },
  base_commit: 'a'.repeat(40),
  settings_sha256: '',
  tracemill: '0.1.0',
  harness_version: 1,
});

const exchange = (turn: number, content: string): JournalEntry => ({
  type: 'exchange',
  at: 1,
  exchange: turn,
  turn,
  request_sha256: '',
  reply: { content, tool_calls: [], finish_reason: 'stop', model: 'm' },
  usage: { prompt_tokens: 1, completion_tokens: 1 },
  cost_usd: 0,
  latency_ms: 1,
});

const note: JournalEntry = { type: 'note', at: 2, event: 'restarted', detail: 'settings changed' };
const run = (at: number, turns: number, word: string) => [
  begin(at),
  note,
  ...Array.from({ length: turns }, (_, turn) => exchange(turn, `${word} ${turn}`)),
];

const shown = (turns: readonly TurnView[]) =>
  turns.map(({ seq, parts: [part] }) => `${seq} ${part !== undefined && 'text' in part.body ? part.body.text : ''}`);

/** What stands at each number when the run is over. */
function decided(path: string): string[] {
  const builder = new TranscriptBuilder();
  return shown([asked, ...turnsOfJournal(path)].map((turn) => builder.add(turn).view));
}

async function live(transcript: LiveTranscript): Promise<string[]> {
  await transcript.refresh();
  return shown((await transcript.chunk(0))?.turns ?? []);
}

const lines = (entries: readonly JournalEntry[]) => entries.map(encodeEntry).join('');

describe('a rollout that was begun again', () => {
  const numbered = ['0 fix it', '1 settings changed', '2 second 0', '3 second 1', '4 second 2'];

  it.each([
    ['in the same journal', (path: string) => appendFileSync(path, lines(run(2, 3, 'second')))],
    ['in a journal in its place, which is longer', (path: string) => writeFileSync(path, lines(run(2, 3, 'second')))],
    ['in a journal in its place, then on', (path: string) => writeFileSync(path, lines(run(3, 1, 'second').slice(0, 2)))],
  ])('has the same turns at the same numbers while it runs and when it is decided: %s', async (what, again) => {
    const path = join(folder, `${what.length}.jsonl`);
    writeFileSync(path, lines(run(1, 2, 'first')));
    const transcript = new LiveTranscript(join(folder, `${what.length}`), path, asked);
    expect(await live(transcript)).toEqual(['0 fix it', '1 settings changed', '2 first 0', '3 first 1']);
    expect(await live(transcript)).toEqual(decided(path));
    again(path);
    expect(await live(transcript)).toEqual(decided(path));
    if (what.endsWith('then on')) appendFileSync(path, lines(run(3, 3, 'second').slice(2)));
    expect(await live(transcript)).toEqual(numbered);
    expect(decided(path)).toEqual(numbered);
    expect(transcript.head({ ...bareFacts, open: true })).toMatchObject({ again: 1 });
    await transcript.close();
  });

  it('is not begun again by what a command printed, nor by a line that lies over the end of a step', () => {
    const path = join(folder, 'printed.jsonl');
    const first = (length: number) => lines([...run(1, 0, ''), exchange(0, `x 00000000 {"type":"begin" ${'z'.repeat(length)}`)]);
    writeFileSync(path, first(0));
    expect(lastBeginning(path)).toBe(0);
    const step = 2 * 1024 * 1024;
    for (let before = 0; before <= 30; before += 3) {
      writeFileSync(path, first(step - first(0).length - before) + lines(run(2, 1, 'last')));
      expect(lastBeginning(path)).toBe(step - before);
    }
  });
});
