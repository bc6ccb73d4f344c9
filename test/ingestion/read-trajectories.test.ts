import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeShard } from '../../activities/dataset/shards/parquet-shard.ts';
import { toRow } from '../../activities/dataset/shards/row.ts';
import { readRecord } from '../../activities/ingestion/read-trajectories.ts';
import { originOf } from '../../activities/ingestion/records.ts';
import { finish, run, scan, task, trajectory, verdict } from '../filtering/rows.ts';
import { collect, fixture, only, outline, stream } from './collect.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-ingestion-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const plain = (id: string) => ({
  id,
  messages: [
    { role: 'user', content: 'Mend it.' },
    { role: 'assistant', content: 'Done.' },
  ],
});

describe("Tracemill's own", () => {
  it('trajectories come back as they were', async () => {
    const own = trajectory([run('git status'), finish]);
    const read = await only(file('own.json', JSON.stringify(own)));
    expect(read).toMatchObject({
      format: 'tracemill',
      id: own.id,
      harness: own.key.harness,
      image_cleaned: own.image_cleaned,
      reported: [],
    });
    expect([read.messages, read.tools, read.ending, read.model_patch]).toEqual([own.messages, own.tools, own.ending, own.model_patch]);
  });

  it('release shards come back but for the call ids', async () => {
    const own = trajectory([run('git status'), finish]);
    const path = join(folder, 'data/openhands/teacher/local/train-00000-of-00001.parquet');
    const rows = async function* () {
      yield toRow(own, task(), verdict(), scan());
    };
    mkdirSync(dirname(path), { recursive: true });
    await writeShard(async (bytes) => appendFileSync(path, bytes), rows());
    const read = await only(path);
    const withoutIds = (value: unknown) => JSON.stringify(value).replaceAll(/"(id|tool_call_id)":"[^"]*"/g, '');
    expect(read).toMatchObject({ format: 'open-swe-traces', id: own.id, resolved: 1, harness: 'openhands', reference_patch: task().patch });
    expect(withoutIds(read.messages)).toBe(withoutIds(own.messages));
    expect(read.tools).toEqual(own.tools);
  });

  it('ingested lines are read again as they are, at the place where they stand now', async () => {
    const first = await only(fixture('sweagent-1/demo__calc-1'));
    const again = file('again.jsonl', JSON.stringify(first));
    expect(await only(again)).toEqual({ ...first, place: { file: again, unit: 'line', number: 1 } });
  });
});

describe('plain messages', () => {
  it.each([
    ['an object', JSON.stringify(plain('a'))],
    ['an object over several lines', JSON.stringify(plain('a'), null, 2)],
    ['messages as a JSON string', JSON.stringify({ id: 'a', messages: JSON.stringify(plain('a').messages) })],
    [
      'from and value',
      JSON.stringify({
        id: 'a',
        conversations: [
          { from: 'human', value: 'Mend it.' },
          { from: 'gpt', value: 'Done.' },
        ],
      }),
    ],
  ])('%s', async (_what, text) => {
    const read = await only(file('plain.json', text));
    expect([read.format, read.id, outline(read.messages)]).toEqual(['openai', 'a', ['user: Mend it.', 'assistant: Done.']]);
  });

  it('a bare list is one trajectory, a list of objects several', async () => {
    expect((await only(file('bare.json', JSON.stringify(plain('').messages)))).id).toBe('bare.json');
    const { trajectories } = await collect(file('several.json', JSON.stringify([plain('a'), plain('b')])));
    expect(trajectories.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('a list a line is a trajectory a line', async () => {
    const line = JSON.stringify(plain('').messages);
    const { trajectories } = await collect(file('lists.jsonl', `${line}\n${line}\n`));
    expect(trajectories.map(({ id }) => id)).toEqual(['lists.jsonl:1', 'lists.jsonl:2']);
  });
});

describe('what cannot be read', () => {
  it('is reported with its line, and the rest goes on', async () => {
    const lines = [
      JSON.stringify(plain('a')),
      '{"id": "b", "mess',
      '',
      JSON.stringify({ answer: 42 }),
      JSON.stringify({ messages: [{ role: 'user', content: 'x' }] }),
      JSON.stringify(plain('f')),
    ];
    const path = file('mixed.jsonl', lines.join('\n'));
    const { trajectories, bad } = await collect(path);
    expect(trajectories.map(({ id }) => id)).toEqual(['a', 'f']);
    expect(bad).toEqual([
      { place: `${path}:2`, problem: expect.stringMatching(/^not JSON/) },
      { place: `${path}:4`, problem: expect.stringMatching(/^of no known format \(keys: answer\)/) },
      { place: `${path}:5`, problem: expect.stringContaining('no message of an assistant') },
    ]);
  });

  it.each([
    ['a file that does not exist', 'missing.jsonl', undefined, /does not exist|cannot be opened/],
    ['an empty file', 'empty.json', '', /empty/],
    ['neither JSON nor Parquet', 'binary.json', '\u0001\u0002', /neither JSON nor Parquet/],
    ['a Parquet file that is none', 'fake.parquet', 'PAR1 and nothing more', /no Parquet file/],
    ['an empty list', 'list.json', '[]', /list is empty/],
  ])('%s', async (_what, name, content, problem) => {
    const path = content === undefined ? join(folder, name) : file(`bad/${name}`, content);
    expect(await collect(path)).toEqual({ trajectories: [], bad: [{ place: path, problem: expect.stringMatching(problem) }] });
  });

  it('a Parquet file that is cut is reported, and the other files are read', async () => {
    const both = join(folder, 'cut');
    cpSync(fixture('parquet/swe-zero.parquet'), join(both, 'a.parquet'));
    cpSync(fixture('parquet/swe-zero.parquet'), join(both, 'b.parquet'));
    truncateSync(join(both, 'a.parquet'), 2000);
    const { trajectories, bad } = await collect(both);
    expect(bad.map(({ place }) => place)).toEqual([join(both, 'a.parquet')]);
    expect(trajectories.map(({ id }) => id)).toEqual(['zero-1']);
  });

  it('a .traj that was cut while it was written gives what came before', async () => {
    const whole = readFileSync(fixture('sweagent-1/demo__calc-1/demo__calc-1.traj'), 'utf8');
    const cut = await only(file('demo__calc-1.traj', whole.slice(0, whole.indexOf('It is right.', whole.indexOf('"history"')))));
    expect(outline(cut.messages).at(-2)).toBe('assistant: Done. → call_3 submit');
    expect(cut).toMatchObject({
      ending: null,
      model_patch: null,
      reported: expect.arrayContaining(['the file is cut: read up to its last whole item']),
    });
    const steps = await only(file('demo__calc-3.traj', whole.slice(0, whole.indexOf('"history"') - 30)));
    expect(steps.reported).toEqual(expect.arrayContaining([expect.stringContaining('read from the steps')]));
    expect(outline(steps.messages)[0]).toBe('assistant: First a look at the file. → call_0_0 bash');
  });

  it('V1 events are read up to the first that is missing or cut', async () => {
    const copy = join(folder, 'v1');
    cpSync(fixture('openhands-v1'), copy, { recursive: true });
    const events = join(copy, 'e559cb9b1b6a40d0aacd5ad784c402b9/events');
    truncateSync(join(events, 'event-00010-c581de93-f74a-4952-a537-9a6895b92f47.json'), 40);
    const cut = await only(copy);
    expect(cut.lost).toEqual([{ what: 'message', reason: 'event 10 is cut: what follows is not read', message: null }]);
    expect(outline(cut.messages).at(-1)).toMatch(/^tool scripted_2_0/);
    rmSync(join(events, 'event-00004-0af48a92-c77d-4322-8426-937a36f3e690.json'));
    expect((await only(copy)).lost[0]?.reason).toBe('event 4 is missing: what follows is not read');
  });
});

describe('inputs', () => {
  it('folders are walked in the order of names, without companions and without following links', async () => {
    const runs = join(folder, 'runs');
    for (const name of ['b/x.jsonl', 'a/z.json', 'a/y.traj']) file(`runs/${name}`, JSON.stringify(plain(name)));
    file('runs/preds.json', '{}');
    file('runs/notes.txt', 'nothing');
    symlinkSync(runs, join(runs, 'loop'));
    const { trajectories, bad } = await collect(runs);
    expect(trajectories.map(({ id }) => id)).toEqual(['a/y.traj', 'a/z.json', 'b/x.jsonl']);
    expect(bad).toEqual([]);
  });

  it('a folder with nothing to read says so', async () => {
    const path = join(folder, 'runs-empty');
    mkdirSync(path);
    expect((await collect(path)).bad).toEqual([{ place: path, problem: expect.stringContaining('no file') }]);
  });

  it('lines of a stream arrive however they are cut', async () => {
    const text = `${JSON.stringify(plain('ä'))}\n${JSON.stringify(plain('b'))}\n`;
    const bytes = [...Buffer.from(text)].map((byte) => Uint8Array.of(byte));
    const pieces = (async function* () {
      yield* bytes;
    })();
    const { trajectories } = await collect({ name: 'stdin', stream: pieces });
    expect(trajectories.map(({ id }) => id)).toEqual(['ä', 'b']);
    expect((await collect(stream(JSON.stringify(plain('c'), null, 2)))).trajectories[0]?.id).toBe('c');
  });

  it('JSON lines under the name of a document are read as lines', async () => {
    const { trajectories } = await collect(file('lines.json', `${JSON.stringify(plain('a'))}\n${JSON.stringify(plain('b'))}\n`));
    expect(trajectories.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('`from` overrides what the content looks like', async () => {
    const row = { ...plain('a'), metadata: {}, instance_id: 'demo__calc-1' };
    const path = file('row.jsonl', JSON.stringify(row));
    expect((await only(path)).format).toBe('open-swe-traces');
    expect((await only(path, { from: 'openai' })).format).toBe('openai');
    expect((await collect(path, { from: 'atif' })).bad[0]?.problem).toMatch(/^atif: /);
  });

  it('one parsed record is read the same way', () => {
    const [reading] = readRecord(plain('a'), originOf('rows.jsonl', { unit: 'line', number: 7 }));
    expect(reading).toMatchObject({
      ok: true,
      place: { file: 'rows.jsonl', unit: 'line', number: 7 },
      trajectory: { id: 'a', format: 'openai' },
    });
  });

  it('attempts of a retrying SWE-agent are trajectories of their own', async () => {
    const run1 = JSON.parse(readFileSync(fixture('sweagent-1/demo__calc-1/demo__calc-1.traj'), 'utf8'));
    const { replay_config, environment, ...attempt } = run1;
    const path = file('retry.traj', JSON.stringify({ attempts: [attempt, attempt], info: attempt.info, replay_config, environment }));
    expect((await collect(path)).trajectories.map(({ id }) => id)).toEqual(['demo__calc-1#1', 'demo__calc-1#2']);
  });
});
