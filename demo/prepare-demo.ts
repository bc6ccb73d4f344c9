import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { dockerEngine } from '../activities/engine/docker-engine.ts';
import { engineOfHome } from '../activities/sandbox/index.ts';
import { ensureEngine } from '../infra/bootstrap/engine.ts';
import { ensureImages, imageState } from '../infra/bootstrap/images.ts';
import { step } from '../infra/bootstrap/progress.ts';
import { ensureTemporal } from '../infra/temporal.ts';
import { home } from '../platform/home.ts';
import { Problem } from '../schemas/problem.ts';
import type { Task } from '../schemas/task.ts';
import { buildDemoTasks } from './build.ts';
import { demoCampaign } from './demo-campaign.ts';
import { startTeacher } from './processes.ts';
import { chosenRecipes } from './recipe.ts';
import { demoScripts } from './teacher-scripts.ts';

/** What a demo runs on. */
export interface PreparedDemo {
  tasks: Task[];
  /** JSONL with the tasks. */
  tasksFile: string;
  /** Of the scripted teacher, ends in /v1. */
  teacherUrl: string;
  campaignFile: string;
}

export interface Preparation {
  /** Instance ids of the tasks to make; all when left out. */
  only?: string[];
  latencyMs: number;
  say: (line: string) => void;
  signal: AbortSignal;
}

/** Brings server, engine and images, makes the tasks, starts the scripted teacher, and writes the campaign file. */
export async function prepareDemo({ only, latencyMs, say, signal }: Preparation): Promise<PreparedDemo> {
  const [server] = await Promise.all([ensureTemporal(), bringEngineAndImages()]);
  say(`Temporal at ${server.address}`);
  const { tasks, tasksFile } = await makeTasks(only, say, signal);
  const teacher = await startTeacher(writeDemoFile('teacher.json', JSON.stringify({ scripts: demoScripts(tasks, latencyMs) })));
  say(`scripted teacher at ${teacher.url}`);
  return {
    tasks,
    tasksFile,
    teacherUrl: teacher.url,
    campaignFile: writeDemoFile('campaign.yaml', stringify(demoCampaign(tasksFile, teacher.url))),
  };
}

/** Writes a file into the demo's folder of the home; gives its path. */
export function writeDemoFile(name: string, text: string): string {
  const folder = join(home(), 'demo');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** There already after `npm run demo`; not in a home that was never bootstrapped. */
async function bringEngineAndImages(): Promise<void> {
  await ensureEngine();
  const { toolchain, minimal } = await imageState(dockerEngine());
  if (!toolchain || !minimal) await step('images', ensureImages);
}

async function makeTasks(
  only: string[] | undefined,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<{ tasks: Task[]; tasksFile: string }> {
  const built = await buildDemoTasks({
    recipes: chosenRecipes(only),
    engine: engineOfHome(dockerEngine(), home()),
    signal,
    onProgress: ({ instance_id, state, duration_ms, detail }) => {
      if (state === 'built') say(`task ${instance_id}: ${detail} (${(duration_ms / 1000).toFixed(1)} s)`);
      if (state === 'failed') say(`task ${instance_id} cannot be made and is left out: ${detail}`);
    },
  });
  if (built.tasks.length === 0)
    throw new Problem('demo_without_tasks', 'none of the demo tasks could be made', {
      hint: 'see the lines above; tracemill doctor shows what is missing',
    });
  say(`${built.tasks.length} tasks in ${new Set(built.tasks.map(({ language }) => language)).size} languages`);
  return built;
}
