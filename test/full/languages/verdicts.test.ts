import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HomeEngine } from '../../../activities/sandbox/home-engine.ts';
import { prepareImage } from '../../../activities/sandbox/prepare-image.ts';
import { gateCacheIn } from '../../../activities/verification/gate-cache.ts';
import { runGate } from '../../../activities/verification/gate.ts';
import { isTestPath } from '../../../activities/patches/test-paths.ts';
import { parsePatch, patchPaths } from '../../../activities/patches/patch.ts';
import { passedInAny } from '../../../activities/verification/expected-tests.ts';
import { parseLog } from '../../../activities/verification/parse-log.ts';
import { normaliseStatuses } from '../../../activities/verification/parsers/test-name.ts';
import { verifyPatch } from '../../../activities/verification/verify.ts';
import { testEngine } from '../../engine/engines.ts';
import { buildLanguageTasks, languageRecipes } from '../../../demo/language-tasks.ts';
import type { GateRecord } from '../../../schemas/gate.ts';
import type { Task } from '../../../schemas/task.ts';
import { TestHome } from '../../e2e/test-home.ts';
import { flakyFixes } from './flaky-fixes.ts';
import { openPatchWriter, type PatchWriter } from './patch-writer.ts';
import { tamperings } from './tampering.ts';

const engine = testEngine();
/** Every request for a container fails. */
const noEngine = testEngine({ socketPath: '/nowhere' });
const labels = { 'tracemill.test': 'languages' };
const timeoutMs = 300_000;

let home: TestHome;
let tasks: Map<string, Task>;

beforeAll(async () => {
  home = new TestHome('languages');
  const built = await buildLanguageTasks();
  if (built.failures.length > 0) throw new Error(`not all tasks could be made: ${JSON.stringify(built.failures)}`);
  tasks = new Map(built.tasks.map((task) => [task.instance_id, task]));
}, 1_800_000);
afterAll(() => home.remove());

describe('the tasks', () => {
  it('are two at least in each of the nine languages', () => {
    const counts = Map.groupBy(languageRecipes(), ({ language }) => language);
    expect([...counts.keys()].sort()).toEqual(['c', 'cpp', 'go', 'java', 'js', 'php', 'python', 'rust', 'ts']);
    expect([...counts.values()].filter((recipes) => recipes.length < 2)).toEqual([]);
  });

  it('are all tampered with, and each language has a flaky fix', () => {
    const known = new Map(languageRecipes().map(({ instance_id, language }) => [instance_id, language]));
    expect(Object.keys(tamperings).filter((id) => !known.has(id))).toEqual([]);
    for (const cases of [tamperings, flakyFixes]) {
      expect(new Set(Object.keys(cases).map((id) => known.get(id))).size).toBe(9);
    }
  });
});

describe.each(languageRecipes().map(({ instance_id, language }) => [language, instance_id] as const))('%s: %s', (_, id) => {
  let task: Task;
  let image: string;
  let gate: GateRecord;
  let writer: PatchWriter;
  let goldPaths: string[];
  let testPaths: string[];

  const verify = (modelPatch: string) => verifyPatch({ engine, task, image, modelPatch, timeoutMs, gate, labels });
  const gateBy = (by: HomeEngine) =>
    runGate({ engine: by, task, image, imageDigest: image, timeoutMs, cache: gateCacheIn(`${home.folder}/gate`), labels });

  beforeAll(async () => {
    const found = tasks.get(id);
    if (found === undefined) throw new Error(`${id} was not made`);
    task = found;
    image = (await prepareImage({ engine, task, signal: new AbortController().signal })).image_id;
    writer = await openPatchWriter(engine, task);
    goldPaths = patchPaths(parsePatch(task.patch));
    const edited = parsePatch(task.test_patch).flatMap(({ kind, oldPath }) => (kind === 'modified' && oldPath !== null ? [oldPath] : []));
    const others = (await writer.files()).filter((path) => isTestPath(task.language, path));
    testPaths = edited.length > 0 ? edited : others.slice(0, 3);
    gate = await gateBy(engine);
  });
  afterAll(() => writer?.remove());

  it('passes the gate, the second time without a container', async () => {
    expect(gate).toMatchObject({ passed: true, excluded: [], ambiguous: [], gold_unread: { failures: [], failed: 0, passed: 0 } });
    expect(gate.runs.map(({ kind }) => kind)).toEqual(['gold', 'gold', 'gold', 'noop']);
    expect(await gateBy(noEngine)).toEqual(gate);
  });

  it('is resolved by the gold patch alone', async () => {
    const gold = await verify(task.patch);
    expect(gold.verdict).toMatchObject({ resolved: 1, reason: 'tests', runs: 1, restored: [], suspicious: false, ambiguous: [] });
    const empty = await verify('');
    expect(empty.verdict).toMatchObject({ resolved: 0, reason: 'empty_patch', runs: 0 });
    const wrong = await verify(await writer.write({ [goldPaths[0] ?? '']: (content) => `${content}\n` }));
    expect(wrong.verdict).toMatchObject({
      resolved: 0,
      reason: 'tests',
      fail_to_pass: { passed: [] },
      pass_to_pass: { failed: [] },
      ambiguous: [],
    });
  });

  it('judges a patch by its own tests, however the patch edits them', async () => {
    const emptied = Object.fromEntries(testPaths.map((path) => [path, '']));
    const edited = await verify(await writer.write(emptied));
    expect(edited.verdict).toMatchObject({ resolved: 0, fail_to_pass: { passed: [] }, pass_to_pass: { failed: [] } });
    expect(edited.verdict.facts).toMatchObject({ tests_only: true, edits_existing_tests: true });
    const withFix = await verify(await writer.write(emptied, true));
    expect(withFix.verdict).toMatchObject({ resolved: 1, restored: testPaths.toSorted() });
  });

  it('judges a patch by its own tests, though the patch deletes them', async () => {
    const deleted = Object.fromEntries(testPaths.map((path) => [path, null]));
    const { verdict } = await verify(await writer.write(deleted));
    expect(verdict).toMatchObject({ resolved: 0, fail_to_pass: { passed: [] }, pass_to_pass: { failed: [] } });
    expect(verdict.facts).toMatchObject({ tests_only: true, deletes_tests: true });
    const withFix = await verify(await writer.write(deleted, true));
    expect(withFix.verdict.resolved).toBe(1);
  });

  for (const { name, edits, rewrites = false } of tamperings[id] ?? []) {
    it(`is not resolved by ${name}, but ${rewrites ? 'never' : 'by the fix'} beside it`, async () => {
      const alone = await verify(await writer.write(edits));
      const withFix = await verify(await writer.write(edits, true));
      expect(alone.verdict).toMatchObject(rewrites ? { resolved: 0, reason: 'tests_altered' } : { resolved: 0 });
      expect(withFix.verdict).toMatchObject(rewrites ? { resolved: 0, reason: 'tests_altered' } : { resolved: 1 });
    });
  }

  const flaky = flakyFixes[id];
  if (flaky === undefined) return;
  it('counts a kept test as passed when one of three runs passes it', async () => {
    const { verdict, log } = await verify(await writer.write(flaky, true));
    const runs = log.split(/^--- tracemill: run \d of \d ---\n/m).filter((part) => part !== '');
    expect(runs).toHaveLength(verdict.runs ?? 0);
    const parsed = runs.map((run) => parseLog(task.install_config.log_parser, run));
    const statuses = parsed.map((result) => normaliseStatuses(result.ok ? result.statuses : new Map()));
    const passed = passedInAny(statuses);
    const failing = statuses.map((run) => task.PASS_TO_PASS.filter((test) => !passedInAny([run]).has(test)));
    // The result is random; only the logs show it.
    expect(verdict.resolved).toBe(task.PASS_TO_PASS.every((test) => passed.has(test)) ? 1 : 0);
    expect(failing.slice(0, -1).every((tests) => tests.length > 0)).toBe(true);
    expect(verdict.resolved === 1 || runs.length === 3).toBe(true);
  });
});

describe('the verifier', () => {
  it('has left no container behind', async () => {
    const own = ['tracemill.test=languages', 'tracemill.kind=verification'];
    expect(await engine.listContainers(own)).toEqual([]);
  });
});
