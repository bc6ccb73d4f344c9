import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BenchmarkInstance } from '../../activities/evaluation/benchmarks/benchmark.ts';
import { readBenchmark } from '../../activities/evaluation/benchmarks/read-benchmark.ts';
import { benchmarkNamed } from '../../activities/evaluation/benchmarks/registry.ts';
import { compareVerdicts } from '../../activities/evaluation/comparison.ts';
import type { Grader, Grading } from '../../activities/evaluation/graders/grader.ts';
import { instanceCommands } from '../../activities/evaluation/graders/instance-commands.ts';
import { swebench4, swebench5 } from '../../activities/evaluation/graders/swebench.ts';
import { ensureEnvironment } from '../../activities/python/ensure-environment.ts';
import { openJobContainer } from '../../activities/sandbox/job-container.ts';
import { parsePatch, patchPaths } from '../../activities/patches/patch.ts';
import { verifyPatch } from '../../activities/verification/verify.ts';
import { buildDemoTasks } from '../../demo/build.ts';
import { loadRecipes } from '../../demo/recipe.ts';
import { classicRow, hasSweBenchForm, sweBenchRow } from '../../demo/swe-bench-form.ts';
import { Slots } from '../../platform/slots.ts';
import type { EvaluationVerdict } from '../../schemas/evaluation-record.ts';
import type { Task } from '../../schemas/task.ts';
import type { Verdict } from '../../schemas/verdict.ts';
import { testEngine } from '../engine/engines.ts';
import { type Edits, writePatch } from '../patches/write-patch.ts';

const engine = testEngine();
const labels = { 'tracemill.test': 'graders' };
const { signal } = new AbortController();
const options = { engine, signal, labels };
const namespace = 'tracemill-test';
const images: string[] = [];
/** Each takes the grader about 20 seconds, most of it to stop the container. */
const wanted = [
  'cpburnz__python-pathspec-0.12.1',
  'martinblech__xmltodict-0.14.2',
  'mattn__go-shellwords-1.0.12',
  'tracemill-demo__timespan-2.3.1',
  'tracemill-demo__armor32-0.4.1',
];
let folder: string;
let demo: Task[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-graders-'));
  const built = await buildDemoTasks({ recipes: loadRecipes().filter(({ instance_id }) => wanted.includes(instance_id)) });
  if (built.failures.length > 0) throw new Error(JSON.stringify(built.failures));
  demo = built.tasks.filter(hasSweBenchForm);
}, 600_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  for (const image of images) await engine.removeImage(image, { force: true }).catch(() => undefined);
});

const notThere = (path: string) =>
  `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1,3 +1,3 @@\n nowhere 1\n-nowhere 2\n+somewhere\n nowhere 3\n`;

/** Edits of each kind, made in the instance's own image; a patch of text where git would not write it. */
interface Kind {
  name: string;
  verdict: EvaluationVerdict;
  patch: (task: Task, write: (edits: Edits, onto?: string) => Promise<string>) => Promise<string>;
}

const sourceOf = (task: Task) => patchPaths(parsePatch(task.patch))[0] ?? '';
/** Every test file of the task becomes empty, or is there already with other content. */
const withoutTests = (task: Task): Edits => Object.fromEntries(patchPaths(parsePatch(task.test_patch)).map((path) => [path, '\n']));

const kinds: Kind[] = [
  { name: 'gold', verdict: 'resolved', patch: async (task) => task.patch },
  { name: 'empty', verdict: 'empty_patch', patch: async () => '' },
  { name: 'beside the point', verdict: 'unresolved', patch: (_, write) => write({ 'NOTES.txt': 'fixed, I think\n' }) },
  {
    name: 'broken',
    verdict: 'unresolved',
    patch: (task, write) => write({ [sourceOf(task)]: (text) => `${text}\n)]} this is no code ([{\n` }),
  },
  { name: 'unappliable', verdict: 'patch_apply_failed', patch: async (task) => notThere(sourceOf(task)) },
  { name: 'only the tests', verdict: 'unresolved', patch: (task, write) => write(withoutTests(task)) },
  { name: 'gold, with the tests emptied', verdict: 'resolved', patch: (task, write) => write(withoutTests(task), task.patch) },
];

const endless: Record<string, Edits> = {
  'cpburnz__python-pathspec-0.12.1': { 'pathspec/__init__.py': (text) => `while True:\n    pass\n${text}` },
  'mattn__go-shellwords-1.0.12': { 'endless.go': 'package shellwords\n\nfunc init() {\n\tfor {\n\t}\n}\n' },
  'tracemill-demo__timespan-2.3.1': { 'lib/units.js': (text) => `while (true) {}\n${text}` },
  'tracemill-demo__armor32-0.4.1': {
    'src/armor32.c': (text) => `${text}\n__attribute__((constructor)) static void endless(void) {\n  for (;;) {\n  }\n}\n`,
  },
};

async function patchOf(task: Task, make: Kind['patch']): Promise<string> {
  const job = await openJobContainer(engine, { image: task.image_name, network: 'none', labels, signal });
  try {
    return await make(task, async (edits, onto) => {
      if (onto !== undefined) {
        await job.putFiles([['/tmp/onto.patch', onto]]);
        await job.exec('cd /testbed && git apply /tmp/onto.patch', { timeoutMs: 30_000 });
      }
      return await writePatch(job, '/testbed', edits);
    });
  } finally {
    await job.remove();
  }
}

async function patchesOf(instances: BenchmarkInstance[], make: Kind['patch']): Promise<Map<string, string>> {
  const slots = new Slots(3);
  const pairs = instances.map(({ instance_id, task }) => slots.run(async () => [instance_id, await patchOf(task, make)] as const));
  return new Map(await Promise.all(pairs));
}

async function ours(instances: BenchmarkInstance[], patches: Map<string, string>, timeoutMs = 120_000): Promise<Map<string, Verdict>> {
  const slots = new Slots(3);
  const verified = instances.map(({ instance_id, task }) =>
    slots.run(async () => {
      const modelPatch = patches.get(instance_id) ?? '';
      const { verdict } = await verifyPatch({ engine, task, image: task.image_name, modelPatch, timeoutMs, labels, signal });
      return [instance_id, verdict] as const;
    }),
  );
  return new Map(await Promise.all(verified));
}

function grade(
  grader: Grader,
  instances: BenchmarkInstance[],
  patches: Map<string, string> | 'gold',
  timeoutSeconds = 120,
): Promise<Grading> {
  return grader.grade({ instances, patches, model: 'student.openhands.think.r0', folder, workers: 8, timeoutSeconds, signal });
}

/** Both verdicts on each instance, and what the comparison makes of them. */
async function judge(grader: Grader, instances: BenchmarkInstance[], patches: Map<string, string>, timeoutSeconds = 120) {
  const [grading, own] = await Promise.all([
    grade(grader, instances, patches, timeoutSeconds),
    ours(instances, patches, timeoutSeconds * 1000),
  ]);
  const verdicts = instances.map(({ instance_id }) => [instance_id, grading.instances.get(instance_id)?.verdict]);
  return { verdicts, comparison: compareVerdicts(grading.instances, own) };
}

async function setOf(name: string, rows: Record<string, unknown>[], more: Partial<Parameters<typeof readBenchmark>[0]> = {}) {
  const path = join(folder, `${name}.jsonl`);
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return await readBenchmark({ benchmark: benchmarkNamed('swe-bench'), data: [path], ...more });
}

describe('version 5 of the grader, on tasks of any name', () => {
  let instances: BenchmarkInstance[];
  let form: string;
  const grader = swebench5({ engine, python: (abort) => ensureEnvironment('swebench5', { signal: abort }) });

  beforeAll(async () => {
    const slots = new Slots(3);
    const rows = await Promise.all(
      demo.map((task) => {
        const image = `${namespace}/graders-${task.instance_id}:${process.pid}`;
        images.push(image);
        return slots.run(() => sweBenchRow(task, image, options));
      }),
    );
    ({ instances, form } = await setOf('five', rows));
  }, 600_000);

  it('has five tasks of four languages, all of which we can judge too', async () => {
    expect(form).toBe('swebench5');
    expect([instances.length, new Set(instances.map(({ language }) => language)).size]).toEqual([5, 4]);
    expect(instances.filter(({ no_cross_check }) => no_cross_check !== null)).toEqual([]);
    expect(await grader.check(instances, signal)).toBe('5.0.2');
  });

  it.each(kinds)('agrees with us on patches that are: $name', async ({ patch, verdict }) => {
    const { verdicts, comparison } = await judge(grader, instances, await patchesOf(instances, patch));
    expect(verdicts).toEqual(instances.map(({ instance_id }) => [instance_id, verdict]));
    expect(comparison).toMatchObject({ compared: instances.length, agreed: instances.length, disagreements: [], other_causes: [] });
  });

  it('agrees with us on patches after which the tests do not end', async () => {
    const chosen = instances.filter(({ instance_id }) => endless[instance_id] !== undefined);
    const patches = await patchesOf(chosen, (task, write) => write(endless[task.instance_id] ?? {}));
    const { verdicts, comparison } = await judge(grader, chosen, patches, 20);
    expect(verdicts).toEqual(chosen.map(({ instance_id }) => [instance_id, 'test_timeout']));
    expect(comparison).toMatchObject({ compared: 4, agreed: 4 });
  });

  it('passes the gold patches of the set by itself, and says what was not handed in', async () => {
    const gold = await grade(grader, instances, 'gold');
    expect([...gold.instances.values()].map(({ verdict }) => verdict)).toEqual(instances.map(() => 'resolved'));
    const [first] = instances;
    const partly = await grade(grader, instances, new Map([[first?.instance_id ?? '', '']]));
    expect([...partly.instances.values()].map(({ verdict }) => verdict)).toEqual(
      instances.map((_, at) => (at === 0 ? 'empty_patch' : 'not_run')),
    );
  });

  it('leaves no container and no process when it is ended, and goes on later without what is finished', async () => {
    const stop = new AbortController();
    const patches = new Map(instances.map(({ instance_id, task }) => [instance_id, `${task.patch}\n`]));
    const request = { instances, patches, model: 'ended', folder, workers: 8, timeoutSeconds: 120 };
    const seen: number[] = [];
    const first = grader.grade({
      ...request,
      signal: stop.signal,
      onProgress: (finished) => {
        seen.push(finished);
        if (finished >= 1) stop.abort(new Error('enough'));
      },
    });
    await expect(first).rejects.toThrow('enough');
    expect((await engine.listContainers()).filter(({ name }) => name.startsWith('sweb.eval.'))).toEqual([]);
    const again: number[] = [];
    const second = await grader.grade({ ...request, signal, onProgress: (finished) => again.push(finished) });
    expect(Math.min(...again)).toBeGreaterThanOrEqual(1);
    expect([...second.instances.values()].every(({ verdict }) => verdict === 'resolved')).toBe(true);
  });
});

describe('version 4 of the grader, on images named by its rule', () => {
  let instances: BenchmarkInstance[];
  let form: string;
  const python = (abort: AbortSignal) => ensureEnvironment('swebench4', { signal: abort });
  const grader = swebench4({ engine, python }, namespace);

  beforeAll(async () => {
    const known = { repo: 'psf/requests', version: '2.0', namespace };
    const chosen = demo.filter(({ language }) => language === 'python').slice(0, 1);
    const rows = await Promise.all(chosen.map((task, at) => classicRow(task, known, 9001 + at, options)));
    const { python: interpreter } = await python(signal);
    const set = await setOf('four', rows, { namespace, commandsOf: (asked) => instanceCommands(interpreter, asked, signal) });
    ({ instances, form } = set);
    images.push(...instances.map(({ task }) => task.image_name));
  }, 600_000);

  it('knows how its instances are tested', () => {
    expect([form, instances.map(({ no_cross_check }) => no_cross_check)]).toEqual(['swebench4', instances.map(() => null)]);
    expect(instances[0]?.task.image_name).toBe('tracemill-test/sweb.eval.x86_64.psf_1776_requests-9001:latest');
  });

  it.each(kinds)('agrees with us on patches that are: $name', async ({ patch, verdict }) => {
    const { verdicts, comparison } = await judge(grader, instances, await patchesOf(instances, patch));
    expect(verdicts).toEqual(instances.map(({ instance_id }) => [instance_id, verdict]));
    expect(comparison).toMatchObject({ compared: instances.length, agreed: instances.length, disagreements: [], other_causes: [] });
  });
});
