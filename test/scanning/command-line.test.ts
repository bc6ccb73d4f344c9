import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scannerVersion } from '../../activities/scanning/scanner-version.ts';
import { z } from 'zod';
import { rowFields } from '../../activities/dataset/shards/columns.ts';
import { parquetSchema } from '../../activities/dataset/shards/parquet-columns.ts';
import { projectRoot } from '../../platform/home.ts';
import { ScanReport } from '../../schemas/finding.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-scan-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function tracemill(args: string[], input = '') {
  const { status, stdout, stderr } = spawnSync(join(projectRoot, 'bin/tracemill'), ['scan', ...args], {
    encoding: 'utf8',
    input,
    env: { PATH: process.env['PATH'] ?? '', TRACEMILL_HOME: folder, NO_COLOR: '1' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, stdout, stderr };
}

function row(id: string, command: string): unknown {
  return {
    id,
    messages: [
      { role: 'user', content: 'Fix it.' },
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ type: 'function', function: { name: 'bash', arguments: JSON.stringify({ command }) } }],
      },
      { role: 'tool', content: 'x' },
    ],
  };
}

function reports(stdout: string): ScanReport[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => ScanReport.parse(JSON.parse(line)));
}

describe('tracemill scan', () => {
  it('gives one line a row in the order of the input, whatever the threads', () => {
    const rows = Array.from({ length: 400 }, (_, index) =>
      JSON.stringify({
        ...z.looseObject({}).parse(row(`r${index}`, index % 3 === 0 ? 'git log --all' : 'ls')),
        filler: 'x'.repeat(20_000),
      }),
    );
    const { status, stdout } = tracemill(['-', '--jobs', '2'], rows.join('\n'));
    const found = reports(stdout);
    expect(status).toBe(0);
    expect(found.map(({ id }) => id)).toEqual(rows.map((_, index) => `r${index}`));
    expect(found.filter(({ git_hack_attempted }) => git_hack_attempted)).toHaveLength(134);
  });

  it('reads directories of all forms, reports bad rows with their place and goes on', async () => {
    const inputs = join(folder, 'inputs');
    mkdirSync(join(inputs, 'deep'), { recursive: true });
    writeFileSync(
      join(inputs, 'a.jsonl'),
      `${JSON.stringify(row('a', 'git reflog'))}\n{"broken\n\n{"id":"none"}\n${JSON.stringify(row('b', 'ls'))}`,
    );
    writeFileSync(join(inputs, 'deep/c.json'), JSON.stringify([row('c', 'ls'), row('d', 'pip download x')]));
    writeFileSync(
      join(inputs, 'deep/e.traj'),
      JSON.stringify({ instance_id: 'e', history: z.object({ messages: z.array(z.unknown()) }).parse(row('e', 'git fetch')).messages }),
    );
    writeFileSync(join(inputs, 'deep/notes.txt'), 'not a trajectory');
    writeFileSync(join(inputs, 'f.parquet'), await parquet());
    writeFileSync(join(inputs, 'g.parquet'), 'PAR1 cut off');
    const { status, stdout, stderr } = tracemill([inputs, '--jobs', '2', '--fail-on', 'violation']);
    expect(status).toBe(1);
    expect(reports(stdout).map(({ id, git_hack_attempted }) => [id, git_hack_attempted])).toEqual([
      ['a', true],
      ['b', false],
      ['c', false],
      ['d', true],
      ['e', true],
      ['3f2504e0-4f89-41d3-9a0c-0305e82c3301', true],
    ]);
    expect(stderr).toContain('a.jsonl:2');
    expect(stderr).toContain('a.jsonl:4');
    expect(stderr).toContain('g.parquet');
  });

  it('scans one command into a table for people', () => {
    const { status, stdout } = tracemill(['--command', 'git fetch origin', '--fail-on', 'violation']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/violation +UPSTREAM +git-asks-a-remote/);
    expect(tracemill(['--command', 'git status', '--fail-on', 'violation']).status).toBe(0);
  });

  it('writes SARIF', () => {
    const { stdout } = tracemill(['-', '--format', 'sarif'], JSON.stringify(row('a', 'git reflog')));
    const log = z
      .object({
        version: z.literal('2.1.0'),
        runs: z.array(
          z.object({
            tool: z.object({ driver: z.object({ version: z.string() }) }),
            results: z.array(z.looseObject({ ruleId: z.string(), level: z.string() })),
          }),
        ),
      })
      .parse(JSON.parse(stdout));
    expect(log.runs[0]?.tool.driver.version).toBe(String(scannerVersion));
    expect(log.runs[0]?.results).toEqual([
      expect.objectContaining({ ruleId: 'reflog', level: 'error', properties: expect.objectContaining({ preset: 'follow-up' }) }),
    ]);
  });

  it('says what is wrong with its command line', () => {
    const missing = tracemill([join(folder, 'no-such-file')]);
    expect([missing.status, missing.stderr]).toEqual([3, expect.stringContaining('no-such-file')]);
    expect(tracemill([]).status).toBe(2);
    expect(tracemill(['-', '--jobs', '0']).status).toBe(2);
  });
});

async function parquet(): Promise<Uint8Array> {
  const values: Record<string, unknown> = {
    instance_id: 'o__n-1',
    repo: 'o/n',
    license: 'MIT',
    language: 'python',
    trajectory_id: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
    trajectory: [
      { role: 'user', content: 'Fix it.', reasoning_content: null, tool_calls: null },
      {
        role: 'assistant',
        content: '',
        reasoning_content: null,
        tool_calls: [{ type: 'function', function: { name: 'bash', arguments: '{"command":"git show origin/main"}' } }],
      },
      { role: 'tool', content: 'x', reasoning_content: null, tool_calls: null },
    ],
    tools: ['{}'],
    resolved: 1,
    metadata: {
      category: 'bug-fix',
      reference_patch: { patch: '', num_modified_files: 0, num_modified_lines: 0 },
      model_patch: { patch: '', num_modified_files: 0, num_modified_lines: 0 },
      teacher_model: { name: 't', enable_thinking: false, reasoning_effort: null },
      git_hack_attempted: false,
    },
    hf_dataset_name: 'x',
  };
  const writer = new ByteWriter();
  const schema = parquetSchema('trajectory');
  const parquetWriter = new ParquetWriter({ writer, schema });
  await parquetWriter.write({ columnData: rowFields.map((name) => ({ name, data: [values[name]] })) });
  await parquetWriter.finish();
  return new Uint8Array(writer.getBuffer());
}
