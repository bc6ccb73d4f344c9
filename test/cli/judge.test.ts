import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { projectRoot } from '../../platform/home.ts';
import { IngestedTrajectory } from '../../schemas/ingested.ts';
import type { LedgerEntry } from '../../schemas/ledger-entry.ts';
import { Funnel } from '../../schemas/ledger-record.ts';
import { openWorkplace, type Workplace } from '../dataset/campaign.ts';
import { task } from '../filtering/rows.ts';
import { fixture } from '../ingestion/collect.ts';

/** Each command is a process of its own, and half a minute long on a machine that is busy. */
const patience = { timeout: 180_000 };

let home: string;
let records: Pick<Workplace, 'ledger' | 'store'>;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'tracemill-judge-'));
  records = openWorkplace(home);
});

afterAll(async () => {
  await records.ledger.close();
  rmSync(home, { recursive: true, force: true });
});

interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

function tracemill(args: string[], input = '', onStart: (stop: () => void) => void = () => undefined): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(join(projectRoot, 'bin/tracemill'), args, {
      env: { PATH: process.env['PATH'] ?? '', TRACEMILL_HOME: home, NO_COLOR: '1' },
    });
    const ran = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => (ran.stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (ran.stderr += String(chunk)));
    onStart(() => child.kill('SIGINT'));
    child.on('close', (code) => resolve({ code, ...ran }));
    child.stdin.end(input);
  });
}

const Judged = z.looseObject({
  campaign: z.string(),
  rows: z.int(),
  known: z.int(),
  kept: z.int(),
  unparsed: z.int(),
  repeated: z.array(z.object({ place: z.string(), id: z.string() })),
  not_read: z.array(z.object({ place: z.string(), problem: z.string() })),
  funnel: Funnel,
});

async function judge(args: string[], input = ''): Promise<z.infer<typeof Judged>> {
  const { stdout, stderr } = await tracemill(['judge', ...args, '--json'], input);
  if (stdout === '') throw new Error(stderr);
  return Judged.parse(JSON.parse(stdout));
}

async function entries(campaign: string): Promise<LedgerEntry[]> {
  const all: LedgerEntry[] = [];
  for await (const entry of records.ledger.entries(campaign)) all.push(entry);
  return all;
}

/** Resolves when a campaign has its first row. */
async function whenSome(campaign: string): Promise<void> {
  while ((await entries(campaign)).length === 0) await sleep(20);
}

/** A run in plain messages that did everything right. */
function run(id: string, change: Record<string, unknown> = {}): string {
  const call = { id: 'c1', type: 'function', function: { name: 'bash', arguments: '{"command":"sed -i s/a/b/ lib/money.py"}' } };
  const row = {
    id,
    instance_id: 'acme__money-4',
    messages: [
      { role: 'user', content: `round() loses a cent. ${id}` },
      { role: 'assistant', content: `Editing for ${id}.`, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', content: 'done' },
      { role: 'assistant', content: 'Rounding is fixed.' },
    ],
    model_patch: 'diff --git a/lib/money.py b/lib/money.py\n--- a/lib/money.py\n+++ b/lib/money.py\n@@ -1 +1 @@\n-a\n+b\n',
    ...change,
  };
  return `${JSON.stringify(row)}\n`;
}

describe('tracemill judge', patience, () => {
  it('gives files of ten formats a ledger, an explanation for each row, a funnel and a release', async () => {
    const judged = await judge([fixture('.'), '--campaign', 'theirs', '--preset', 'evaluation', '--licence', 'MIT']);
    const { total } = judged.funnel;
    expect(judged.rows).toBe(total.planned);
    expect(total).toMatchObject({ open: 0, lost: 0, gated_out: 0, unparsed: 0, kept: judged.rows });
    expect(total.not_judged).toMatchObject({ truncated_reply: judged.rows, ambiguous_verdict: judged.rows });
    const formats = new Set<string>();
    for (const { id, origin } of await entries('theirs')) {
      formats.add(origin?.format ?? '');
      if (formats.size % 4 !== 1) continue;
      const { stdout } = await tracemill(['why', id.slice(0, 13)]);
      expect(stdout).toContain('Not judged');
      expect(stdout).toContain(`as ${origin?.format}`);
    }
    expect(formats.size).toBeGreaterThanOrEqual(10);

    const out = join(home, 'release');
    await buildRelease({ campaign: 'theirs', version: 'v1', out: localReleaseFolder(out), ...records });
    expect(readFileSync(join(out, 'README.md'), 'utf8')).toContain('| rule | version | keep | note | drop | not judged | parameters |');
    expect(readFileSync(join(out, 'ledger.jsonl'), 'utf8')).not.toContain(fixture('.'));
  });

  it('makes nothing twice: again, in another order, beside others, or with a row that stands in two files', async () => {
    const [one, two] = [join(home, 'one.jsonl'), join(home, 'two.jsonl')];
    writeFileSync(one, run('a') + run('b'));
    writeFileSync(two, run('b') + run('c'));
    const first = await judge([one, '--campaign', 'again']);
    expect(first).toMatchObject({ rows: 2, known: 0, kept: 2, repeated: [] });
    const ids = async () => (await entries('again')).map(({ id }) => id);
    const before = await ids();
    const revisions = () => Promise.all(before.map(async (id) => (await records.ledger.revisions(id)).length));
    const decided = await revisions();
    expect(await judge([one, '--campaign', 'again'])).toMatchObject({ rows: 2, known: 2 });
    const more = await judge([two, one, '--campaign', 'again']);
    expect(more).toMatchObject({ rows: 3, known: 2, funnel: { total: { planned: 3, kept: 3 } } });
    expect(more.repeated).toEqual([{ place: `${one}:2`, id: expect.any(String) }]);
    expect(await ids()).toEqual(expect.arrayContaining(before));
    expect(await revisions()).toEqual(decided);
  });

  it('decides again where preset or stated facts are others', async () => {
    const file = join(home, 'facts.jsonl');
    writeFileSync(file, run('d'));
    const args = [file, '--campaign', 'facts', '--preset', 'strict'];
    expect((await judge(args)).funnel.total.dropped_by).toEqual({ licence: 1 });
    const licences = join(home, 'licences.yaml');
    writeFileSync(licences, 'acme/money: Apache-2.0\n');
    expect((await judge([...args, '--licences', licences])).funnel.total.dropped_by).toEqual({ unverified: 1 });
    const recorded = await entries('facts');
    expect(recorded.map(({ license, repo, language }) => [license, repo, language])).toEqual([['Apache-2.0', 'acme/money', 'python']]);
  });

  it('lets no row without a licence into a release unseen: answer, card and exit code say it', async () => {
    const file = join(home, 'unlicensed.jsonl');
    writeFileSync(file, run(`u, by ${'jane.roe'}@posteo.de`) + run('v', { license: 'MIT' }) + run('w', { license: 'Our Own' }));
    const { stdout } = await tracemill(['judge', file, '--campaign', 'unlicensed']);
    expect(stdout).toContain('2 have no licence that SPDX has a name for');
    const build = (name: string, ...options: string[]) =>
      tracemill(['release', 'build', 'unlicensed', '--out', join(home, name), ...options]);
    const gated = await build('gated');
    expect([gated.code, gated.stdout]).toEqual([1, expect.stringContaining('2 rows left out for their licence (no licence stated 1, ')]);
    expect(readFileSync(join(home, 'gated', 'README.md'), 'utf8')).toContain('| no licence stated | 1 |');
    expect((await build('gated', '--licences', 'known')).code).toBe(0);
    const open = await build('open', '--licences', 'any');
    expect([open.code, open.stdout]).toEqual([
      0,
      expect.stringContaining('2 rows have no known licence and were let in by --licences any'),
    ]);
    expect(open.stdout).toContain('published as they are: personal_data in 1 row');
    const merged = await tracemill(['release', 'merge', join(home, 'gated'), join(home, 'open'), '--out', join(home, 'merged')]);
    expect([merged.code, merged.stdout]).toEqual([
      1,
      expect.stringContaining('2 rows that the releases have are left out for their licence'),
    ]);
    const pushed = await tracemill(['release', 'push', join(home, 'open'), join(home, 'pushed')]);
    expect(pushed.stdout).toContain('2 rows have no known licence');
  });

  it('takes licence, language and patches of a task that is given', async () => {
    const [file, tasks] = [join(home, 'with-task.jsonl'), join(home, 'tasks.jsonl')];
    writeFileSync(file, run('e', { instance_id: 'ACME__parser-7' }) + run('f'));
    writeFileSync(tasks, `${JSON.stringify(task({ language: 'go', license: 'BSD-3-Clause' }))}\n`);
    expect(await judge([file, '--campaign', 'tasks', '--tasks', tasks])).toMatchObject({ rows: 2, without_task: 1 });
    const [given] = await entries('tasks');
    expect([given?.language, given?.license, given?.origin?.lacks.includes('test_patch')]).toEqual(['go', 'BSD-3-Clause', false]);
  });

  it('writes the kept rows, counts what cannot be read, and says what the files say of tokens, cost and ending', async () => {
    const out = join(home, 'kept.jsonl');
    const empty = run('g', { model_patch: '', instance_id: 'acme__money-5' });
    const judged = await judge(['-', '--campaign', 'kept', '--out', out], `${run('h')}${empty}{"no": "trajectory"}\n`);
    expect(judged).toMatchObject({ rows: 2, kept: 1, out, tokens: { rows: 0 }, cost: { rows: 0 } });
    expect(judged.not_read).toHaveLength(1);
    expect(judged.funnel.total.dropped_by).toEqual({ no_patch: 1 });
    const lines = readFileSync(out, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => IngestedTrajectory.parse(JSON.parse(line)).id)).toEqual(['h']);
    expect(readdirSync(home).filter((name) => name.includes('unfinished'))).toEqual([]);
    const { stdout } = await tracemill(['why', 'kept/acme__money-4']);
    expect(stdout).toContain('tokens unknown, cost unknown');
    expect(stdout).toContain('nobody says how it ended');
  });

  it('gives a row of which a call could not be read a fate of its own, and says so on standard error', async () => {
    const file = join(home, 'lost.jsonl');
    const messages = [
      { role: 'user', content: 'Fix it.' },
      { role: 'assistant', content: 'Now.', tool_calls: [{ strange: 1 }] },
      { role: 'assistant', content: 'Done.' },
    ];
    const cost = { usage: { prompt_tokens: 900, completion_tokens: 30 }, cost_usd: 0.42, exit_status: 'exit_cost' };
    writeFileSync(file, run('whole', { instance_id: 'acme__money-8' }) + run('part', { instance_id: 'acme__money-9', messages, ...cost }));
    const { stdout, stderr, code } = await tracemill(['judge', file, '--campaign', 'lost', '--json']);
    expect([code, stderr]).toEqual([0, expect.stringContaining(`read in part: ${file}:2 (part): `)]);
    const judged = Judged.parse(JSON.parse(stdout));
    expect(judged).toMatchObject({ rows: 2, kept: 1, unparsed: 1, funnel: { total: { planned: 2, unparsed: 1, dropped: 0, kept: 1 } } });
    expect(judged).toMatchObject({ tokens: { rows: 1, prompt: 900, completion: 30 }, cost: { rows: 1, usd: 0.42 } });
    const why = await tracemill(['why', 'lost/acme__money-9']);
    expect(why.stdout).toContain('900 prompt and 30 completion tokens, $0.42');
    expect(why.stdout).toContain('exit_cost');
  });

  it('stops at Ctrl-C, keeps what is on record, and goes on from there', async () => {
    const file = join(home, 'many.jsonl');
    writeFileSync(
      file,
      Array.from({ length: 300 }, (_, number) => run(`many-${number}`, { instance_id: `acme__money-${number}` })).join(''),
    );
    const ran = tracemill(['judge', file, '--campaign', 'stopped', '--json'], '', (stop) => void whenSome('stopped').then(stop));
    const { code, stdout } = await ran;
    const first = Judged.parse(JSON.parse(stdout));
    expect(code).toBe(130);
    expect(first).toMatchObject({ interrupted: true, funnel: { total: { open: 0, planned: first.rows } } });
    expect(first.rows).toBeGreaterThan(0);
    expect(first.rows).toBeLessThan(300);
    const then = await judge([file, '--campaign', 'stopped']);
    expect(then).toMatchObject({ rows: 300, known: first.rows, funnel: { total: { planned: 300, open: 0 } } });
  });

  it('refuses a name that rollouts of this home have, a broken file of licences, and a folder that is not there', async () => {
    const file = join(home, 'g.jsonl');
    writeFileSync(file, run('i'));
    await records.ledger.recordCampaign({
      campaign: 'ours',
      plan: { sha256: '0'.repeat(64), size_bytes: 1, content_type: 'application/json' },
    });
    const taken = await tracemill(['judge', file, '--campaign', 'ours']);
    expect(taken).toMatchObject({ code: 2, stderr: expect.stringContaining('ours is a campaign of rollouts of this home') });
    const licences = join(home, 'bad.yaml');
    writeFileSync(licences, 'acme: MIT\n');
    const bad = await tracemill(['judge', file, '--licences', licences]);
    expect(bad).toMatchObject({ code: 2, stderr: expect.stringContaining('bad.yaml:1:') });
    const nowhere = await tracemill(['judge', file, '--campaign', 'x', '--out', join(home, 'no/where.jsonl')]);
    expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining('--out') });
    expect((await tracemill(['judge', join(home, 'missing.jsonl')])).code).toBe(1);
  });
});
