import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { demoCampaign } from '../../demo/demo-campaign.ts';
import { paths } from '../../platform/home.ts';
import type { Task } from '../../schemas/task.ts';
import { type DemoRun, prepareDemoRun } from '../e2e/demo-run.ts';
import { type CommandResult, TestHome } from '../e2e/test-home.ts';
import { parquetOf, realRow, rowLike } from '../source/corpus.ts';

const name = 'broken';
const [good, other] = ['tracemill-demo__timespan-2.3.1', 'tracemill-demo__fieldscan-1.1.1'];
const noise = (bytes: number) => `yes 'a line of noise that no test tool prints' | head -c ${bytes}`;
/** NUL bytes, bytes that no UTF-8 begins with, escapes, half of a character. */
const binaryNoise = String.raw`for i in $(seq 3000); do printf '\000\377\376\033[31mok\033[0m \303 %d\r\n' $i; done`;

const Report = z.object({
  campaign: z.string(),
  lines: z.array(z.object({ kind: z.string(), where: z.string(), code: z.string(), message: z.string(), hint: z.string() })),
});
type Line = z.infer<typeof Report>['lines'][number];

let home: TestHome;
let run: DemoRun;
let registry: Server;
let campaignFile: string;
let started: CommandResult;
let workerPeak: number;
let lines: Line[];

beforeAll(async () => {
  home = new TestHome('broken-input');
  run = await prepareDemoRun({ tasks: [good, other] });
  registry = await emptyRegistry();
  campaignFile = writeCampaign(name, writeInputs());
  await home.startWorker();
  started = await home.runWithin(600_000, 'campaign', 'start', campaignFile, '--wait', '--json');
  workerPeak = peakMemory((await home.living('worker')).pid);
  lines = Report.parse(await home.ask('campaign', 'report', name)).lines;
}, 900_000);

afterAll(async () => {
  await run?.teacher.close();
  registry?.close();
  await home.remove();
});

/** The most that a process has had in memory, in MiB. */
function peakMemory(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** A registry without a single image, on loopback. */
async function emptyRegistry(): Promise<Server> {
  const server = createServer((request, response) => {
    const known = request.url === '/v2/';
    response.writeHead(known ? 200 : 404, { 'Content-Type': 'application/json', 'Docker-Distribution-Api-Version': 'registry/2.0' });
    response.end(known ? '{}' : JSON.stringify({ errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }] }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Files with what can be wrong with them; gives their paths in the order of the campaign. */
function writeInputs(): string[] {
  const folder = join(home.folder, 'inputs');
  mkdirSync(join(folder, 'empty-folder'), { recursive: true });
  const file = (path: string, content: string | Uint8Array) => {
    writeFileSync(join(folder, path), content);
    return join(folder, path);
  };
  const whole = parquetOf([rowLike(1), rowLike(2)]);
  return [
    file('cut.parquet', whole.subarray(0, Math.floor(whole.length * 0.6))),
    file('types.parquet', numbersForTests()),
    file(
      'values.parquet',
      parquetOf([rowLike(11, { base_commit: 'main' }), rowLike(12, { repo: 'nameless' }), rowLike(13, { image_name: '' })]),
    ),
    file('rows.jsonl', [...brokenRows(), ...goodAndOddTasks().map((task) => JSON.stringify(task))].join('\n')),
    join(folder, 'nowhere.parquet'),
    join(folder, 'empty-folder'),
  ];
}

/** FAIL_TO_PASS is a column of numbers. */
function numbersForTests(): Uint8Array {
  const rows = [rowLike(21), rowLike(22)];
  const texts = ['instance_id', 'repo', 'base_commit', 'patch', 'test_patch', 'problem_statement', 'language', 'license', 'image_name'];
  const columnData = [
    ...texts.map((column) => ({ name: column, data: rows.map((row) => String(row[column])), type: 'STRING' as const })),
    { name: 'FAIL_TO_PASS', data: [3, 4], type: 'INT32' as const },
  ];
  return Buffer.from(parquetWriteBuffer({ columnData }));
}

function brokenRows(): string[] {
  return [
    JSON.stringify(realRow).slice(0, 200),
    JSON.stringify(rowLike(31, { patch: 7, FAIL_TO_PASS: [1] })),
    JSON.stringify(rowLike(32, { license: 'NOASSERTION' })),
  ];
}

function goodAndOddTasks(): Task[] {
  const [timespan] = run.tasks;
  if (timespan === undefined) throw new Error('the demo made no task');
  const like = (suffix: string, changes: Partial<Task>): Task => ({ ...timespan, instance_id: `${good}-${suffix}`, ...changes });
  const running = (...test_cmd: string[]) => ({ install_config: { ...timespan.install_config, test_cmd } });
  return [
    ...run.tasks,
    like('nowhere', { image_name: `127.0.0.1:${portOf(registry)}/nobody/nothing:1` }),
    like('bare', { image_name: 'tracemill/minimal:bookworm-1' }),
    like('loud', running(noise(2e9), 'node --test')),
    like('drowned', running(noise(60e6), 'node --test', noise(60e6))),
    like('binary', running(binaryNoise, 'node --test')),
  ];
}

function writeCampaign(campaign: string, tasks: string[]): string {
  const { harnesses, ...demo } = demoCampaign('', run.teacher.url);
  const path = join(paths.state(), `${campaign}.yaml`);
  const file = {
    ...demo,
    name: campaign,
    tasks,
    // The odd tasks differ from a good one in how they are tested only.
    source: { duplicates: false },
    harnesses: { openhands: harnesses['openhands'] },
    verification: { timeout_seconds: 300, gate_runs: 1 },
  };
  writeFileSync(path, stringify(file));
  return path;
}

/** The lines about a file, or a place in it, or about a task. */
function about(where: string): Pick<Line, 'kind' | 'code' | 'message'>[] {
  return lines.filter((line) => line.where.includes(where)).map(({ kind, code, message }) => ({ kind, code, message }));
}

const line = (kind: string, code: string, message: RegExp) => ({ kind, code, message: expect.stringMatching(message) });

describe('a campaign over broken input', () => {
  it('goes on to its end, and says by its exit code that tasks were lost', () => {
    expect(JSON.parse(started.stdout)).toMatchObject({
      campaign: name,
      workflow: 'failed',
      progress: { tasks: 7, skipped: 11, counts: { done: 4, gated_out: 1, failed: 2 }, release: { rows: 8 } },
    });
    expect(started.exitCode).toBe(1);
  });

  it('gives the good tasks their verdicts and rows', async () => {
    const rows = await Promise.all(
      [good, other].flatMap((task) => ['think', 'no_think'].map((mode) => home.ask('why', `${name}/${task}/openhands/${mode}/0`))),
    );
    expect(rows).toMatchObject([
      { entry: { kept: true, resolved: 1 } },
      { entry: { kept: true, resolved: 1 } },
      { entry: { kept: true, resolved: 1 } },
      { entry: { kept: true, resolved: 0, verdict: { reason: 'tests' } } },
    ]);
  });

  it('lists what it leaves out before it begins', async () => {
    const { exitCode, stderr } = await home.run('campaign', 'start', campaignFile, '--dry-run');
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/skipped .*rows\.jsonl line 1: not_json: .*\n/);
    expect(stderr).toContain(`and 1 more, see: tracemill campaign report ${name}`);
  });

  it('names a file that is cut, missing or empty', () => {
    expect(about('cut.parquet')).toEqual([line('input', 'source_unreadable', /Parquet/)]);
    expect(about('nowhere.parquet')).toEqual([line('input', 'source_not_found', /cannot be opened/)]);
    expect(about('empty-folder')).toEqual([line('input', 'source_empty', /no file/)]);
  });

  it('names row and field of wrong types and values', () => {
    expect(about('types.parquet row 1 (owner21__name-21)')).toEqual([line('input', 'bad_row', /FAIL_TO_PASS: neither a list of strings/)]);
    expect(about('types.parquet row 2 (owner22__name-22)')).toEqual([line('input', 'bad_row', /FAIL_TO_PASS: neither a list of strings/)]);
    expect(about('values.parquet row 1')).toEqual([line('input', 'bad_row', /^base_commit: /)]);
    expect(about('values.parquet row 2')).toEqual([line('input', 'bad_row', /^repo: owner\/name/)]);
    expect(about('values.parquet row 3')).toEqual([line('input', 'dropped_by_rule', /runnable: no image/)]);
    expect(about('rows.jsonl line 1')).toEqual([line('input', 'not_json', /JSON/)]);
    expect(about('rows.jsonl line 2')).toEqual([line('input', 'bad_row', /patch: .*; FAIL_TO_PASS\.0: /)]);
  });

  it('names a licence that allows nothing', () => {
    expect(about('rows.jsonl line 3')).toEqual([line('input', 'dropped_by_rule', /licence: no licence stated \(NOASSERTION\)/)]);
  });

  it('names tasks whose image is nowhere, or holds no repository', () => {
    expect(about(`${good}-nowhere`)).toEqual([line('task', 'image_missing', /nobody\/nothing:1/)]);
    expect(about(`${good}-bare`)).toEqual([line('task', 'repository_missing', /no git repository with files at/)]);
  });

  it('judges by a log of two gigabytes what its ends show, and says that it is cut', async () => {
    expect(about(`${good}-loud`)).toEqual([line('task', 'test_log_cut', /middle of the log was dropped/)]);
    const loud = await home.ask('why', `${name}/${good}-loud/openhands/think/0`);
    expect(loud).toMatchObject({
      entry: { resolved: 1, verdict: { detail: expect.stringContaining('the middle of the log was dropped') } },
    });
    expect(about(`${good}-drowned`)).toEqual([
      line('task', 'no_tests_parsed', /with the gold patch did not pass/),
      line('task', 'test_log_cut', /middle of the log was dropped/),
    ]);
  });

  it('never holds such a log, 2 GB long, as a whole', () => {
    expect(workerPeak).toBeLessThan(1536);
  });

  it('judges by a log that is not text, and says so', async () => {
    expect(about(`${good}-binary`)).toEqual([line('task', 'test_log_binary', /NUL bytes/)]);
    expect(await home.ask('why', `${name}/${good}-binary/openhands/think/0`)).toMatchObject({ entry: { resolved: 1 } });
  });

  it('says the same to people, each line with what to do', async () => {
    expect(lines.filter(({ hint }) => hint === '')).toEqual([]);
    const { exitCode, stdout } = await home.run('campaign', 'report', name);
    expect(exitCode).toBe(0);
    for (const { where, code, hint } of lines) {
      expect(stdout).toContain(`${where}: ${code}: `);
      expect(stdout).toContain(`\n  → ${hint}`);
    }
    expect((await home.run('campaign', 'status', name)).stdout).toContain(`tracemill campaign report ${name}`);
    expect(await home.run('campaign', 'report', 'nobody')).toMatchObject({ exitCode: 3 });
  });

  it('does not begin where nothing at all can be read', async () => {
    const file = writeCampaign('hopeless', [join(home.folder, 'inputs', 'cut.parquet'), join(home.folder, 'inputs', 'nowhere.parquet')]);
    const { exitCode, stderr } = await home.run('campaign', 'start', file, '--json');
    expect(exitCode).toBe(2);
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'bad_campaign', message: expect.stringMatching(/cut\.parquet: source_unreadable/) },
    });
  });

  it('leaves no container behind', async () => {
    expect(await home.containers()).toEqual([]);
  });
});
