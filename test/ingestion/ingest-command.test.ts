import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../platform/home.ts';
import { IngestedTrajectory } from '../../schemas/ingested.ts';
import { fixture } from './collect.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-ingest-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function ingest(args: string[], input = '') {
  return spawnSync(join(projectRoot, 'bin/tracemill'), ['ingest', ...args], {
    encoding: 'utf8',
    input,
    env: { PATH: process.env['PATH'] ?? '', TRACEMILL_HOME: folder, NO_COLOR: '1' },
  });
}

describe('tracemill ingest', () => {
  it('writes one line a trajectory, counts them by format and names what was bad', () => {
    const out = join(folder, 'all.jsonl');
    const { status, stdout } = ingest(
      [fixture('sweagent-1'), fixture('parquet/swe-zero.parquet'), '-', '--out', out, '--json'],
      '{"no": "trajectory"}\n',
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      out,
      trajectories: 3,
      formats: { sweagent: 2, 'swe-zero': 1 },
      odd: 2,
      in_part: [],
      bad: [{ place: 'standard input:1', problem: expect.stringContaining('of no known format') }],
    });
    const lines = readFileSync(out, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => IngestedTrajectory.parse(JSON.parse(line)).id)).toEqual(['demo__calc-1', 'demo__calc-2', 'zero-1']);
  });

  it('fails when nothing could be read, and leaves no half file', () => {
    const out = join(folder, 'none.jsonl');
    const { status, stdout } = ingest([join(folder, 'missing.jsonl'), '--out', out]);
    expect(status).toBe(1);
    expect(stdout).toContain('1 could not be read');
    expect(readdirSync(folder).filter((name) => name.includes('unfinished'))).toEqual([]);
  });

  it('refuses a format that it does not know', () => {
    const { status, stderr } = ingest([fixture('atif'), '--out', join(folder, 'x.jsonl'), '--from', 'shell-history']);
    expect(status).toBe(2);
    expect(stderr).toContain('open-swe-traces');
  });
});
