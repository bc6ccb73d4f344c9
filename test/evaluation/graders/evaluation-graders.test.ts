import { describe, expect, it } from 'vitest';
import type { Work } from '../../../activities/evaluation/evaluation-needs.ts';
import { evaluationGraders } from '../../../activities/evaluation/graders/evaluation-graders.ts';
import type { Grader, GradeRequest } from '../../../activities/evaluation/graders/grader.ts';
import { EvaluationFile } from '../../../schemas/evaluation.ts';
import { dockerEngine } from '../../../activities/engine/docker-engine.ts';
import { instanceFrom, version5Row } from '../benchmarks/rows.ts';

const instances = [1, 2].map((number) => instanceFrom('verified', version5Row(number)));
const work: Work = { signal: new AbortController().signal, tell: () => undefined };
/** Nothing answers there, and nothing is asked: every image is said to be there. */
const engine = {
  ...dockerEngine({ socketPath: '/nowhere' }),
  findImage: async () => ({ id: 'sha256:1', labels: {}, digests: [], user: '', env: [], volumes: [], layers: 1 }),
};

const file = (grader: unknown) =>
  EvaluationFile.parse({
    name: 'nightly',
    benchmark: { name: 'verified', data: ['rows.jsonl'] },
    model: { name: 'org/student', endpoint: { base_url: 'http://127.0.0.1:1/v1', model: 'm' } },
    harnesses: { openhands: {} },
    modes: { think: {} },
    grader,
  });

function graders(verdictOf: (request: GradeRequest, id: string) => 'resolved' | 'infra_error') {
  const asked: GradeRequest[] = [];
  const grader: Grader = {
    name: 'swebench5',
    check: async () => '5.0.2',
    async grade(request) {
      asked.push(request);
      const graded = request.instances.map(
        ({ instance_id }) => [instance_id, { verdict: verdictOf(request, instance_id), detail: '', tests: null, log: null }] as const,
      );
      return { grader: { name: 'swebench5', version: '5.0.2' }, run_id: 'r', instances: new Map(graded) };
    },
  };
  return { asked, graders: evaluationGraders(engine, () => grader) };
}

describe('evaluationGraders', () => {
  const patch = (number: number, run: number) => ({
    instance_id: `django__django-${number}`,
    harness: 'openhands',
    mode: 'think' as const,
    run,
    model_patch: `diff ${number} ${run}\n`,
  });
  const plan = { file: file({ workers: 7, timeout_seconds: 90 }), form: 'swebench5' as const };

  it('grades each run of harness and mode apart, and once more what the machine failed', async () => {
    const { asked, graders: used } = graders(({ folder }, id) =>
      id.endsWith('-2') && !folder.endsWith('again') ? 'infra_error' : 'resolved',
    );
    const grading = await used.grade(plan, instances, [patch(1, 0), patch(2, 0), patch(1, 1)], '/evaluations/nightly', work);
    expect(
      asked.map(({ model, folder, workers, timeoutSeconds, patches }) => [model, folder, workers, timeoutSeconds, [...patches]]),
    ).toEqual([
      [
        'org-student.openhands.think.r0',
        '/evaluations/nightly/grading/org-student.openhands.think.r0',
        7,
        90,
        [
          ['django__django-1', 'diff 1 0\n'],
          ['django__django-2', 'diff 2 0\n'],
        ],
      ],
      [
        'org-student.openhands.think.r0',
        '/evaluations/nightly/grading/org-student.openhands.think.r0/again',
        7,
        90,
        [['django__django-2', 'diff 2 0\n']],
      ],
      [
        'org-student.openhands.think.r1',
        '/evaluations/nightly/grading/org-student.openhands.think.r1',
        7,
        90,
        [['django__django-1', 'diff 1 1\n']],
      ],
    ]);
    expect([grading.name, grading.version]).toEqual(['swebench5', '5.0.2']);
    expect(grading.grades.map(({ instance_id, run, verdict }) => [instance_id, run, verdict])).toEqual([
      ['django__django-1', 0, 'resolved'],
      ['django__django-2', 0, 'resolved'],
      ['django__django-1', 1, 'resolved'],
    ]);
  });

  it('grades the gold patches first where the file asks for it', async () => {
    const { asked, graders: used } = graders((_, id) => (id.endsWith('-2') ? 'infra_error' : 'resolved'));
    const grading = await used.grade({ ...plan, file: file({ gold: true }) }, instances, [patch(1, 0)], '/evaluations/nightly', work);
    expect(asked.map(({ patches, folder }) => [patches === 'gold', folder.split('/').at(-1)])).toEqual([
      [true, 'gold'],
      [false, 'org-student.openhands.think.r0'],
    ]);
    expect(grading.gold_failures).toEqual(['django__django-2']);
  });

  it('says what a file lacks for SWE-bench Pro before anything is spent', async () => {
    const check = (grader: unknown) =>
      evaluationGraders(engine)
        .check(file(grader), 'pro', instances, work)
        .catch((error: { message: string }) => error.message);
    expect(await check({})).toBe('evaluation nightly: grader.checkout is missing');
    expect(await check({ checkout: '/nowhere' })).toBe('evaluation nightly: grader.commit is missing');
    expect(await check({ checkout: '/nowhere', commit: 'a'.repeat(40) })).toContain('as Python code');
    expect(await check({ checkout: '/nowhere', commit: 'a'.repeat(40), dataset_is_code: true })).toBe(
      '/nowhere has no swe_bench_pro_eval.py',
    );
  });
});
