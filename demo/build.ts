import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dockerEngine } from '../activities/engine/docker-engine.ts';
import type { Engine } from '../activities/engine/engine.ts';
import { engineOfHome, type HomeEngine } from '../activities/sandbox/index.ts';
import { parsePatch } from '../activities/patches/patch.ts';
import { patchSize } from '../activities/patches/patch-size.ts';
import { findExpectedTests } from '../activities/verification/index.ts';
import { messageOf, Problem } from '../schemas/problem.ts';
import { Task } from '../schemas/task.ts';
import { workdirOf } from '../schemas/workdir.ts';
import { home, paths } from '../platform/home.ts';
import { replaceFile } from '../platform/replace-file.ts';
import { Slots } from '../platform/slots.ts';
import { loadRecipes, type Recipe, recipeDigest } from './recipe.ts';
import { assembleRepository, repositoryScriptDigest } from './repository.ts';

/** Counts up when the way a task is made changes in a manner that the recipes and the script do not show. */
const BUILDER_VERSION = '2';

interface DemoProgress {
  instance_id: string;
  /** `cached` and `built` carry the time in milliseconds. */
  state: 'building' | 'built' | 'cached' | 'failed';
  duration_ms: number;
  detail: string;
}

export interface DemoBuild {
  tasks: Task[];
  failures: { instance_id: string; reason: string }[];
  /** JSONL with the tasks, for a campaign file's `tasks`. */
  tasksFile: string;
}

export interface BuildDemoOptions {
  /** By default Docker's, for the present home. */
  engine?: HomeEngine;
  /** An image with bash, git, python3 with pytest, Go, Node, a C and C++ compiler, make, cmake and tar. */
  toolchain?: string;
  recipes?: Recipe[];
  /** JSONL to write; by default that of the demo campaign. */
  tasksFile?: string;
  /** Recipes in work at the same time. */
  concurrency?: number;
  onProgress?: (progress: DemoProgress) => void;
  signal?: AbortSignal;
}

/**
 * Makes the tasks of the demo campaign: repositories from recipes, an image each, and the expected tests
 * found by running them. Finished tasks are cached by recipe and toolchain image as long as their image is
 * in the engine. A recipe that fails is reported among `failures`; only a missing toolchain image or an
 * engine that does not answer throws.
 */
export async function buildDemoTasks(options: BuildDemoOptions = {}): Promise<DemoBuild> {
  const { toolchain = 'tracemill/toolchain:bookworm-1', recipes = loadRecipes(), concurrency = 3, signal } = options;
  const engine = options.engine ?? engineOfHome(dockerEngine(), home());
  const report = options.onProgress ?? (() => undefined);
  const toolchainId = await imageId(engine, toolchain);
  const present = await imageNames(engine);
  const slots = new Slots(concurrency);
  const build = async (recipe: Recipe): Promise<Task | string> => {
    const started = performance.now();
    const tell = (state: DemoProgress['state'], detail = '') =>
      report({ instance_id: recipe.instance_id, state, duration_ms: Math.round(performance.now() - started), detail });
    const digest = recipeDigest(recipe, BUILDER_VERSION, repositoryScriptDigest, toolchainId);
    const image = `tracemill-demo/${recipe.instance_id}:${digest.slice(0, 12)}`;
    const cached = present.has(image) ? readCached(recipe, digest) : undefined;
    if (cached !== undefined) {
      tell('cached');
      return cached;
    }
    try {
      tell('building');
      const task = await buildTask(recipe, image, { engine, toolchain, signal, labels: { 'tracemill.demo': recipe.instance_id } });
      replaceFile(cacheFile(recipe, digest), JSON.stringify(task));
      tell('built', `${task.FAIL_TO_PASS.length} tests to fix, ${task.PASS_TO_PASS.length} to keep`);
      return task;
    } catch (error) {
      signal?.throwIfAborted();
      tell('failed', messageOf(error));
      return messageOf(error);
    }
  };
  const outcomes = await Promise.all(recipes.map((recipe) => slots.run(() => build(recipe))));
  const tasks = outcomes.filter((outcome): outcome is Task => typeof outcome !== 'string');
  const failures = recipes.flatMap((recipe, i) => {
    const outcome = outcomes[i];
    return typeof outcome === 'string' ? [{ instance_id: recipe.instance_id, reason: outcome }] : [];
  });
  const { tasksFile = join(paths.cache(), 'demo', 'tasks.jsonl') } = options;
  replaceFile(tasksFile, tasks.map((task) => `${JSON.stringify(task)}\n`).join(''));
  return { tasks, failures, tasksFile };
}

async function buildTask(recipe: Recipe, image: string, context: Parameters<typeof assembleRepository>[2]): Promise<Task> {
  const assembled = await assembleRepository(recipe, image, context);
  const task = Task.parse({
    instance_id: recipe.instance_id,
    repo: recipe.repo,
    language: recipe.language,
    license: recipe.license,
    base_commit: assembled.base_commit,
    patch: assembled.patch,
    test_patch: assembled.test_patch,
    problem_statement: recipe.problem_statement,
    // Not known yet; a task has one at least.
    FAIL_TO_PASS: ['?'],
    PASS_TO_PASS: [],
    image_name: image,
    workdir: workdirOf(recipe),
    install_config: { test_cmd: recipe.test_cmd, log_parser: recipe.log_parser },
    hf_dataset_name: 'tracemill/demo',
    meta: {
      ...patchSize(parsePatch(assembled.patch)),
      future_commits: assembled.future_commits,
      after_version: recipe.source.after.version,
    },
  });
  const { engine, labels, signal } = context;
  return { ...task, ...(await findExpectedTests({ engine, task, image, timeoutMs: 180_000, labels, signal })) };
}

async function imageId(engine: Engine, image: string): Promise<string> {
  const found = await engine.findImage(image).catch((error: unknown) => {
    throw noToolchain(image, error);
  });
  if (found === undefined) throw noToolchain(image);
  return found.id;
}

function noToolchain(image: string, cause?: unknown): Problem {
  const reason = cause === undefined ? 'is not there' : `cannot be looked up: ${messageOf(cause)}`;
  return new Problem('no_toolchain_image', `the image ${image} ${reason}`, {
    hint: 'start a container engine and run the bootstrap, which makes this image',
    cause,
  });
}

/** Of the images that were made for recipes. */
async function imageNames(engine: Engine): Promise<Set<string>> {
  return new Set((await engine.listImages(['tracemill.demo'])).flatMap(({ names }) => names));
}

function cacheFile(recipe: Recipe, digest: string): string {
  return join(paths.cache(), 'demo', 'tasks', `${recipe.instance_id}.${digest.slice(0, 12)}.json`);
}

function readCached(recipe: Recipe, digest: string): Task | undefined {
  const path = cacheFile(recipe, digest);
  if (!existsSync(path)) return undefined;
  const parsed = Task.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  return parsed.success ? parsed.data : undefined;
}
