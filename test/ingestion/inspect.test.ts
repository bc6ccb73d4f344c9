import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadGrammars } from '../../activities/syntax/grammars.ts';
import { scanInProcess } from '../scanning/scan-in-process.ts';
import { type Packing, zipOf } from '../tables/zip-writer.ts';
import { calls, collect, only, outline, stream } from './collect.ts';

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-inspect-'));
  await loadGrammars();
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const header = { version: 2, status: 'success', eval: { task: 'mend', model: 'maker/model-1', solver: 'react' }, plan: {}, results: {} };

const call = (id: string, cmd: string) => ({ id, function: 'bash', arguments: { cmd }, type: 'function' });

function sample(id: string, more: Record<string, unknown> = {}) {
  return {
    id,
    epoch: 1,
    input: 'Mend it.',
    messages: [
      { id: 'm1', role: 'system', content: 'Be brief.' },
      { id: 'm2', role: 'user', content: 'Mend it.', source: 'input' },
      {
        id: 'm3',
        role: 'assistant',
        content: [
          { type: 'reasoning', reasoning: 'Look first.' },
          { type: 'text', text: 'I look.' },
        ],
        tool_calls: [call('c1', 'git log --all'), call('c2', 'sleep 999')],
        model: 'model-1',
      },
      { id: 'm4', role: 'tool', content: 'attachment://77', tool_call_id: 'c1', function: 'bash' },
      { id: 'm5', role: 'tool', content: '', tool_call_id: 'c2', function: 'bash', error: { type: 'timeout', message: 'Timed out.' } },
      { id: 'm6', role: 'assistant', content: 'Done.' },
    ],
    attachments: { 77: 'abc Mend\nabd Start' },
    output: { model: 'model-1', choices: [{ message: { role: 'assistant', content: 'Done.' }, stop_reason: 'stop' }] },
    scores: { verify: { value: 'C', answer: null } },
    metadata: { repo: 'acme/widgets', base_commit: 'abc1234', patch: '+x' },
    model_usage: { 'maker/model-1': { input_tokens: 10, input_tokens_cache_read: 5, output_tokens: 3, reasoning_tokens: 1 } },
    ...more,
  };
}

function archive(name: string, samples: ReturnType<typeof sample>[], packing: Packing = 'deflate', wide = false): string {
  const path = join(folder, name);
  const files = Object.fromEntries(samples.map((one) => [`samples/${one.id}_epoch_1.json`, JSON.stringify(one)]));
  writeFileSync(path, zipOf({ '_journal/start.json': '{}', ...files, 'header.json': JSON.stringify(header) }, packing, wide));
  return path;
}

const told = [
  'system: Be brief.',
  'user: Mend it.',
  'assistant: I look. (thought) → c1 bash → c2 bash',
  'tool c1: abc Mend⏎abd Start',
  'tool c2: Timed out.',
  'assistant: Done.',
];

describe('a log of Inspect', () => {
  it.each([
    ['stored', false],
    ['deflate', false],
    ['zstd', true],
  ] as const)('is read sample by sample from an archive (%s)', async (packing, wide) => {
    const path = archive(
      `${packing}.eval`,
      [sample('acme__widgets-2'), sample('acme__widgets-1', { scores: { verify: { value: 'I' } } })],
      packing,
      wide,
    );
    const { trajectories, bad } = await collect(path);
    expect(bad).toEqual([]);
    expect(trajectories.map(({ id, resolved }) => [id, resolved])).toEqual([
      ['acme__widgets-1', 0],
      ['acme__widgets-2', 1],
    ]);
    expect(outline(trajectories[0]?.messages ?? [])).toEqual(told);
    expect(calls(trajectories[0]?.messages ?? [])).toEqual(['{"cmd":"git log --all"}', '{"cmd":"sleep 999"}']);
    expect(trajectories[1]).toMatchObject({
      format: 'inspect',
      instance_id: 'acme__widgets-2',
      repo: 'acme/widgets',
      base_commit: 'abc1234',
      harness: 'react',
      model: 'maker/model-1',
      ending: { kind: 'finished', status: 'stop' },
      exit_status: 'stop',
      reference_patch: '+x',
      usage: { prompt_tokens: 15, completion_tokens: 3, cached_tokens: 5, reasoning_tokens: 1 },
      reported: [],
      lost: [],
    });
    const scanned = await scanInProcess(path);
    expect(scanned.reports.map(({ id, git_hack_attempted }) => [id, git_hack_attempted])).toEqual([
      ['acme__widgets-1', true],
      ['acme__widgets-2', true],
    ]);
  });

  it('is read from JSON; a sample without a reply leaves the others', async () => {
    const failed = { ...sample('b'), messages: [], error: { message: 'no space' } };
    const limited = sample('c', { limit: { type: 'message', limit: 4 }, scores: { grade: { value: 0.4 } } });
    const { trajectories, bad } = await collect(stream(JSON.stringify({ ...header, samples: [sample('a'), failed, limited] })));
    expect(trajectories.map(({ id, ending, resolved }) => [id, ending?.kind, resolved])).toEqual([
      ['a', 'finished', 1],
      ['c', 'turn_limit', null],
    ]);
    expect(trajectories[1]?.reported).toEqual(['score grade: 0.4']);
    expect(bad).toEqual([{ place: 'stdin:1', problem: 'inspect: there is no message in it' }]);
  });

  it('gives calls that stand in its events alone, which agents below the main one made', async () => {
    const reply = { role: 'assistant', content: 'Aside.', tool_calls: [call('x1', 'git reflog')] };
    const one = sample('a', {
      events: [
        { event: 'model', model: 'm', input: [], output: { choices: [{ message: reply }] } },
        { event: 'tool', id: 'x1', function: 'bash', arguments: { cmd: 'git reflog' }, result: 'abc HEAD@{0}' },
        { event: 'tool', id: 'c1', function: 'bash', arguments: { cmd: 'git log --all' }, result: 'abc Mend' },
        { event: 'tool', id: 'x2', function: 'python', arguments: { code: '1' }, result: '1' },
      ],
    });
    const [main, aside] = (await collect(archive('events.eval', [one]))).trajectories;
    expect(outline(main?.messages ?? [])).toEqual(told);
    expect([aside?.id, ...outline(aside?.messages ?? [])]).toEqual([
      'a#events',
      'assistant: Aside. → x1 bash',
      'tool x1: abc HEAD@{0}',
      'assistant:  → x2 python',
      'tool x2: 1',
    ]);
  });

  it('that is damaged or cut is said to be, by sample where that can be told', async () => {
    const path = archive('damaged.eval', [sample('a'), sample('b')], 'stored');
    const bytes = zipOf(
      {
        'header.json': JSON.stringify(header),
        'samples/a.json': JSON.stringify(sample('a')),
        'samples/b.json': JSON.stringify(sample('b')),
      },
      'stored',
    );
    bytes[bytes.lastIndexOf('Timed out.')] = 0x58;
    writeFileSync(path, bytes);
    const { trajectories, bad } = await collect(path);
    expect(trajectories.map(({ id }) => id)).toEqual(['a']);
    expect(bad).toEqual([{ place: path, problem: expect.stringContaining('samples/b.json is damaged') }]);
    writeFileSync(path, bytes.subarray(0, 400));
    expect((await collect(path)).bad).toEqual([{ place: path, problem: expect.stringContaining('no directory: it is cut') }]);
    const other = join(folder, 'other.zip');
    writeFileSync(other, zipOf({ 'rows.jsonl': '{}' }));
    expect((await collect(other)).bad).toEqual([
      { place: other, problem: 'a ZIP archive, which is not read: unpack it, or pack the file by gzip or zstd' },
    ]);
  });

  it('is read from a stream as well', async () => {
    const bytes = zipOf({ 'header.json': JSON.stringify(header), 'samples/a.json': JSON.stringify(sample('a')) });
    const chunks = async function* () {
      yield bytes;
    };
    expect((await only({ name: 'stdin', stream: chunks() })).id).toBe('a');
  });
});
