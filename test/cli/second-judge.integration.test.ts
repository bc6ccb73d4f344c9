import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { judgeBudget } from '../../cli/second-judge.ts';
import { projectRoot } from '../../platform/home.ts';
import { ScanReport } from '../../schemas/finding.ts';
import { Judging } from '../../schemas/judgement.ts';
import { TeacherScript } from '../../schemas/teacher-script.ts';
import { Rig } from '../model/rig.ts';

const verdict = (task: string, text: string) =>
  TeacherScript.parse({
    name: task,
    match: { task },
    turns: [{ text: JSON.stringify({ reason: 'so', verdict: text }), repeat: 'forever' }],
  });

let rig: Rig;
let rows: string;
beforeAll(async () => {
  rig = await Rig.start([{ text: 'x' }], {
    scripts: [verdict('merged as PR 77', 'violation'), verdict('I recall the upstream fix', 'clean'), verdict('loses a cent', 'unsure')],
    apiKey: 'secret-key',
  });
  rows = join(rig.home, 'rows.jsonl');
  const row = (id: string, content: string) => ({
    id,
    instance_id: `acme__cash-${id}`,
    messages: [
      { role: 'user', content: 'round() loses a cent.' },
      { role: 'assistant', content },
      { role: 'user', content: 'Go on.' },
      { role: 'assistant', content: 'Done.' },
    ],
    model_patch: 'diff --git a/cash.py b/cash.py\n--- a/cash.py\n+++ b/cash.py\n@@ -1 +1 @@\n-a\n+b\n',
  });
  const texts = ['The maintainers fixed this, merged as PR 77.', 'I recall the upstream fix for this issue, it was to round up.'];
  writeFileSync(rows, texts.map((text, number) => `${JSON.stringify(row(String(number), text))}\n`).join(''));
});
afterAll(() => rig.end());

function tracemill(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env['PATH'], TRACEMILL_HOME: rig.home, NO_COLOR: '1', REVIEWER_KEY: 'secret-key' };
  return new Promise((resolve) => {
    execFile(join(projectRoot, 'bin/tracemill'), args, { env, timeout: 110_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
  });
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe('--judge', () => {
  it('puts what scan marks to a model at an address, and says in each report and at the end how it was asked', async () => {
    const judge = ['--judge', `${rig.teacher.url}#scripted`, '--judge-key-env', 'REVIEWER_KEY'];
    const { code, stdout, stderr } = await tracemill('scan', rows, '--format', 'jsonl', '--fail-on', 'violation', ...judge);
    const reports = stdout
      .trimEnd()
      .split('\n')
      .map((line) => ScanReport.parse(JSON.parse(line)));
    expect(code).toBe(1);
    expect(reports.map(({ git_hack_attempted }) => git_hack_attempted)).toEqual([true, false]);
    expect(reports.flatMap(({ findings }) => findings.flatMap(({ judge: said }) => said?.verdict ?? []))).toEqual(
      expect.arrayContaining(['violation', 'clean']),
    );
    expect(stderr).toMatch(/second judge: scripted decided on [2-9] of [2-9] passages/);
    expect(stdout).not.toContain('"passages":[');
  });

  it('judges in tracemill judge by a teacher of a campaign file, from the cache where scan asked before', async () => {
    const file = join(rig.home, 'campaign.yaml');
    writeFileSync(
      file,
      `teachers:\n  reviewer: { model: scripted, base_url: "${rig.teacher.url}", api_key_env: REVIEWER_KEY, retries: { attempts: 2 } }\n`,
    );
    const args = ['judge', rows, '--campaign', 'theirs', '--judge', `${file}#reviewer`, '--json'];
    const Said = z.looseObject({ rows: z.int(), known: z.int(), kept: z.int(), judging: Judging, funnel: z.looseObject({}) });
    const first = Said.parse(JSON.parse((await tracemill(...args)).stdout));
    expect(first).toMatchObject({ rows: 2, funnel: { total: { dropped_by: { git_hack: 1 } } }, judging: { model: 'scripted', failed: 0 } });
    const asked = rig.asked;
    expect(Said.parse(JSON.parse((await tracemill(...args)).stdout))).toMatchObject({ known: 2, kept: first.kept });
    expect(rig.asked).toBe(asked);
    const { stdout } = await tracemill('why', 'theirs/acme__cash-0');
    expect(stdout).toContain('judged by scripted: violation: so');
    const kept = ['records', 'cache'].flatMap((name) => filesBelow(join(rig.home, name)));
    expect(kept.length).toBeGreaterThan(2);
    for (const path of kept) expect(readFileSync(path, 'utf8')).not.toContain('secret-key');
  });

  it('refuses a teacher, a key or a budget that is not there', async () => {
    const problems: [string[], string][] = [
      [['--judge', 'http://localhost:1/v1'], 'name the model behind the address'],
      [['--judge', 'missing.yaml'], 'missing.yaml cannot be read'],
      [['--judge', `${rig.teacher.url}#m`, '--judge-key-env', 'NO_SUCH_KEY'], 'NO_SUCH_KEY'],
      [['--judge', `${rig.teacher.url}#m`, '--judge-budget', 'much'], 'a number of tokens'],
    ];
    expect(await tracemill('scan', '--command', 'ls', '--judge', `${rig.teacher.url}#m`)).toMatchObject({ code: 2 });
    for (const [args, said] of problems) {
      expect(await tracemill('scan', rows, ...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(said) });
    }
  });

  it.each([
    ['50000', { tokens: 50_000, cost_usd: 0 }],
    ['50000 tokens', { tokens: 50_000, cost_usd: 0 }],
    ['$2.50', { tokens: 0, cost_usd: 2.5 }],
    ['2.5usd', { tokens: 0, cost_usd: 2.5 }],
  ])('reads the budget %s', (text, budget) => {
    expect(judgeBudget(text)).toEqual(budget);
  });
});
