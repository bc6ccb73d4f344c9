import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { demoEvaluation } from '../../demo/demo-evaluation.ts';
import { checkScript } from '../../demo/scripted-teacher/check-script.ts';
import { askedTwice } from '../../demo/scripted-teacher/request-log.ts';
import { paths } from '../../platform/home.ts';
import { replaceFile } from '../../platform/replace-file.ts';
import { EvaluationRecord } from '../../schemas/evaluation-record.ts';
import type { EvaluationStatus } from '../../schemas/evaluation-status.ts';
import { until } from '../workflows/world.ts';
import { evaluationWorkflowId } from '../../workflows/contract/ids.ts';
import { type DemoRun, endOf, prepareDemoRun, smallTasks } from './demo-run.ts';
import { readJournals, repeatedWork } from './journals.ts';
import { TestHome } from './test-home.ts';

const name = 'scripted';

let home: TestHome;
let run: DemoRun;
let file: string;
let status: EvaluationStatus;
let record: EvaluationRecord;

const statusOf = async (): Promise<EvaluationStatus> => JSON.parse((await home.run('evaluation', 'status', name, '--json')).stdout);

beforeAll(async () => {
  home = new TestHome('evaluation');
  run = await prepareDemoRun({ tasks: smallTasks, latencyMs: 150 });
  const { tasks } = z.object({ tasks: z.array(z.string()) }).parse(parse(readFileSync(run.campaignFile, 'utf8')));
  file = join(home.folder, 'evaluation.yaml');
  replaceFile(file, stringify(demoEvaluation(name, tasks[0] ?? '', run.teacher.url)));
  await home.startWorker();
  await home.ask('evaluation', 'start', file);
  await until(async () => run.teacher.log().filter(({ event }) => event === 'answered').length > 20);
  await home.crash('worker');
  await home.startWorker();
  await endOf(evaluationWorkflowId(name));
  status = await statusOf();
  record = EvaluationRecord.parse(await home.ask('evaluation', 'show', name));
}, 900_000);

afterAll(async () => {
  await run?.teacher.close();
  await home.remove();
});

describe('an evaluation of the scripted teacher, whose worker died in the middle', () => {
  it('ends with every rollout of both harnesses and modes counted', () => {
    expect(status).toMatchObject({
      workflow: 'completed',
      progress: { stage: 'done', rollouts: 12, reruns: 0, result: { counts: { outcomes: 12, resolved: 10, infra_errors: 0, not_run: 0 } } },
      rollouts: { funnel: { total: { planned: 12, kept: 12, dropped: 0, lost: 0 } } },
      problem: null,
    });
    expect(status.progress?.canary.map(({ mode, passed }) => [mode, passed])).toEqual([
      ['think', ['served name', 'tool call', 'reasoning', 'replayed reasoning']],
      ['no_think', ['served name', 'tool call', 'no reasoning']],
    ]);
  });

  it('keeps of every rollout what the report needs', () => {
    const [timespan, fieldscan, armor] = smallTasks;
    const unresolved = record.outcomes.filter(({ verdict }) => verdict !== 'resolved');
    expect(unresolved.map(({ instance_id, harness, mode, verdict, ending }) => [instance_id, harness, mode, verdict, ending])).toEqual(
      expect.arrayContaining([
        [fieldscan, 'openhands', 'no_think', 'unresolved', 'finished'],
        [armor, 'sweagent', 'think', expect.any(String), expect.any(String)],
      ]),
    );
    expect(unresolved).toHaveLength(2);
    const hack = record.outcomes.find(
      ({ instance_id, harness, mode }) => instance_id === timespan && harness === 'sweagent' && mode === 'no_think',
    );
    expect(hack).toMatchObject({ verdict: 'resolved', ours: 1, graded_by: 'tracemill', git_hack_attempted: true });
    expect(hack?.findings).not.toEqual([]);
    const malformed = record.outcomes.find(
      ({ instance_id, harness, mode }) => instance_id === armor && harness === 'openhands' && mode === 'think',
    );
    expect(malformed?.unparsed_calls).toBeGreaterThan(0);
    for (const { longest_context, prompt_tokens, calls, trajectory_id } of record.outcomes) {
      expect(longest_context).toBeGreaterThan(0);
      expect(longest_context).toBeLessThanOrEqual(prompt_tokens);
      expect(calls).toBeGreaterThan(0);
      expect(trajectory_id).not.toBeNull();
    }
    expect(record).toMatchObject({ benchmark: { gold_failures: [] }, grader: null, protocol: { runs: 1, max_turns: 24 } });
    expect(record.model.facts['think: canary']).toMatch(/^strict; passed: /);
  });

  it('asks no turn twice and carries out every command once', () => {
    const ofRollouts = run.teacher.log().filter(({ script }) => script !== checkScript.name);
    expect(askedTwice(ofRollouts)).toEqual([]);
    expect(repeatedWork(readJournals())).toEqual([]);
  });

  it('writes a report that is computed again to the same figures', async () => {
    for (const path of ['report.html', 'report.md', 'figures.json']) expect(existsSync(join(paths.evaluations(), name, path))).toBe(true);
    expect((await home.run('evaluation', 'recompute', name)).exitCode).toBe(0);
  });

  it('is told apart among campaigns, and its rollouts are explained like all others', async () => {
    const campaigns = z
      .array(z.object({ campaign: z.string(), evaluation: z.string().nullable() }))
      .parse(await home.ask('campaign', 'list'));
    expect(campaigns).toMatchObject([{ campaign: `evaluation.${name}`, evaluation: name }]);
    const [outcome] = record.outcomes;
    const why = await home.run('why', outcome?.trajectory_id ?? '');
    expect(why.stdout).toContain(`evaluation.${name}`);
    expect(await home.ask('evaluation', 'list')).toMatchObject([{ evaluation: name, workflow: 'completed' }]);
  });

  it('has nothing left to do when it is started again, and asks the model nothing', async () => {
    const before = run.teacher.log().length;
    const again = await home.run('evaluation', 'start', file, '--wait', '--json');
    expect(again.exitCode).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ workflow: 'completed', progress: { result: { unchanged: true } } });
    expect(run.teacher.log()).toHaveLength(before);
  });

  it('refuses to mix another model into its score', async () => {
    const other = join(home.folder, 'other.yaml');
    replaceFile(other, readFileSync(file, 'utf8').replace('model: scripted', 'model: other'));
    const { exitCode, stdout } = await home.run('evaluation', 'start', other, '--wait', '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ workflow: 'failed', problem: { code: 'evaluation_changed' } });
  });

  it('says before anything is spent that an endpoint does not serve the model', async () => {
    const wrong = join(home.folder, 'wrong.yaml');
    replaceFile(wrong, readFileSync(file, 'utf8').replace('model: scripted', 'model: nobody').replace(`name: ${name}`, 'name: wrong'));
    const { stdout } = await home.run('evaluation', 'start', wrong, '--wait', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ problem: { code: 'endpoint_model_missing' }, rollouts: null });
  });
});
