import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BenchmarkInstance } from '../../../activities/evaluation/benchmarks/benchmark.ts';
import { pro } from '../../../activities/evaluation/graders/pro.ts';
import { label } from '../../../activities/sandbox/index.ts';
import { testEngine } from '../../engine/engines.ts';
import { scratchFolder } from '../../scratch-folder.ts';
import { diffOf, instanceFrom } from '../benchmarks/rows.ts';

const engine = testEngine();
const { signal } = new AbortController();
const tag = `pro-${process.pid}`;
const image = `tracemill-test/sweap-images:${tag}`;

const instance = (name: string): BenchmarkInstance => {
  const made = instanceFrom('pro', {
    repo: 'owner/web',
    instance_id: `instance_owner__web-${name}`,
    base_commit: 'c'.repeat(40),
    patch: `${diffOf('src/a.ts', 'FIX')}`,
    test_patch: diffOf('test/a.test.ts', 'new'),
    problem_statement: 'It fails.',
    repo_language: 'js',
    fail_to_pass: "['t']",
    before_repo_set_cmd: 'true',
    selected_test_files_to_run: '[]',
    dockerhub_tag: tag,
  });
  return { ...made, task: { ...made.task, image_name: image } };
};

beforeAll(async () => {
  const found = await engine.findImage('tracemill/minimal:bookworm-1');
  await engine.tagImage(found?.id ?? '', image);
});
afterAll(() => engine.removeImage(image, { force: true }));

/** A checkout as the user would have one, with scripts for these instances. */
function checkout(instances: BenchmarkInstance[]): { folder: string; commit: string } {
  const folder = scratchFolder('checkout');
  cpSync(join(import.meta.dirname, 'pro-program.py'), join(folder, 'swe_bench_pro_eval.py'));
  for (const { instance_id } of instances) {
    mkdirSync(join(folder, 'run_scripts', instance_id), { recursive: true });
    writeFileSync(join(folder, 'run_scripts', instance_id, 'run_script.sh'), 'true\n');
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=A', '-c', 'user.email=a@example.invalid', ...args], { encoding: 'utf8' });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'first');
  return { folder, commit: git('rev-parse', 'HEAD').trim() };
}

function graderOf(instances: BenchmarkInstance[], more: { commit?: string; dataset_is_code?: boolean } = {}) {
  const { folder, commit } = checkout(instances);
  const python = async () => ({ python: 'python3', versions: {} });
  return {
    commit,
    grader: pro({ engine, python }, { checkout: folder, commit, dataset_is_code: true, namespace: 'tracemill-test', ...more }),
  };
}

describe('the grader of SWE-bench Pro', () => {
  it('tells what the program calls a failure apart, and reads the rest as it says it', async () => {
    const texts = { fix: 'FIX', wrong: 'x', refused: 'REFUSE', crashed: 'CRASH', empty: ' ', none: null };
    const instances = Object.keys(texts).map(instance);
    const patches = new Map(
      Object.entries(texts).flatMap(([name, text]) => (text === null ? [] : [[`instance_owner__web-${name}`, text] as const])),
    );
    const { grader, commit } = graderOf(instances);
    const request = { instances, patches, model: 'm', folder: scratchFolder('pro'), workers: 2, timeoutSeconds: 30, signal };
    const grading = await grader.grade(request);
    expect(grading.grader).toEqual({ name: 'pro', version: commit });
    expect([...grading.instances].map(([id, { verdict, detail }]) => [id.split('-').at(-1), verdict, detail])).toEqual([
      ['fix', 'resolved', ''],
      ['wrong', 'unresolved', ''],
      ['refused', 'patch_apply_failed', 'error: patch failed'],
      ['crashed', 'infra_error', 'the program left no result of its tests'],
      ['empty', 'empty_patch', expect.any(String)],
      ['none', 'not_run', expect.any(String)],
    ]);
    const gold = await grader.grade({ ...request, patches: 'gold' });
    expect(gold.run_id).not.toBe(grading.run_id);
    expect([...gold.instances.values()].every(({ verdict }) => verdict === 'resolved')).toBe(true);
  });

  it('names instances that the program lost', async () => {
    const instances = [instance('kept'), instance('lost')];
    const patches = new Map([
      ['instance_owner__web-kept', 'FIX'],
      ['instance_owner__web-lost', 'LOSE'],
    ]);
    const request = { instances, patches, model: 'm', folder: scratchFolder('pro'), workers: 2, timeoutSeconds: 30, signal };
    await expect(graderOf(instances).grader.grade(request)).rejects.toMatchObject({
      code: 'grader_incomplete',
      message: expect.stringContaining('1 of 2 instances: instance_owner__web-lost'),
    });
  });

  it('ends the program and its containers, and no others', async () => {
    const instances = [instance('hangs')];
    const stop = new AbortController();
    const make = (labels: Record<string, string>) =>
      engine.createContainer({ image, entrypoint: [], command: ['sleep', '600'], workdir: '/', labels, network: 'none', confinement });
    const confinement = {
      memoryBytes: 64 * 1024 ** 2,
      cpus: 1,
      pids: 20,
      capabilities: [],
      memoryFolder: { path: '/run/x', bytes: 4096, files: 10 },
    };
    const own = await make({ [label.kind]: 'job' });
    const request = {
      instances,
      patches: new Map([['instance_owner__web-hangs', 'HANG']]),
      model: 'm',
      folder: scratchFolder('pro'),
      workers: 1,
    };
    const grading = graderOf(instances).grader.grade({
      ...request,
      timeoutSeconds: 30,
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('enough')),
    });
    const theirs = await make({});
    await expect(grading).rejects.toThrow('enough');
    const left = (await engine.listContainers()).map(({ id }) => id);
    expect([left.includes(own.id), left.includes(theirs.id)]).toEqual([true, false]);
    await own.remove();
  });

  it('is refused before anything runs: an untrusted dataset, another commit, another version, images that are not there', async () => {
    const instances = [instance('one')];
    const check = async (grader: ReturnType<typeof pro>, of = instances) =>
      await grader.check(of, signal).catch((error: { code: string; message: string }) => `${error.code}: ${error.message}`);
    expect(await check(graderOf(instances, { dataset_is_code: false }).grader)).toMatch(
      /^grader_not_ready: .* as Python code on this machine$/,
    );
    expect(await check(graderOf(instances, { commit: 'd'.repeat(40) }).grader)).toMatch(
      /^grader_not_ready: .* is at commit [0-9a-f]{40}, not at d{40}$/,
    );
    expect(await check(graderOf([]).grader)).toMatch(/^grader_not_ready: .* has no run_scripts\/instance_owner__web-one/);
    const [one] = instances;
    const absent = one === undefined ? [] : [{ ...one, task: { ...one.task, image_name: 'tracemill-test/none:1' } }];
    expect(await check(graderOf(instances).grader, absent)).toMatch(
      /^benchmark_images_missing: 1 images are not there:\n.*tracemill-test\/none:1$/,
    );
    const nowhere = pro(
      { engine, python: async () => ({ python: 'python3', versions: {} }) },
      { checkout: scratchFolder('none'), commit: 'x', dataset_is_code: true },
    );
    expect(await check(nowhere)).toMatch(/^grader_not_ready: .* has no swe_bench_pro_eval.py$/);
  });
});
