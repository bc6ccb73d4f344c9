import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureLanguagesImage, languagesImage } from './languages-image.ts';
import { paths } from '../platform/home.ts';
import { type BuildDemoOptions, buildDemoTasks, type DemoBuild } from './build.ts';
import { loadRecipes, type Recipe } from './recipe.ts';

/** Recipes on the image with all languages; the demo, which must be quick on a bare machine, leaves them out. */
const furtherRecipes = join(import.meta.dirname, 'recipes-full');

/** How the tasks of {@link buildLanguageTasks} are made. */
export function languageRecipes(): Recipe[] {
  return [...loadRecipes(), ...loadRecipes(furtherRecipes)];
}

/**
 * The demo's tasks and further ones: two at least in each of the nine languages, in one tasks file. Makes the image that the
 * further ones need, which takes minutes the first time. Throws as `buildDemoTasks` and `ensureLanguagesImage` do.
 */
export async function buildLanguageTasks(options: Omit<BuildDemoOptions, 'toolchain' | 'recipes' | 'tasksFile'> = {}): Promise<DemoBuild> {
  await ensureLanguagesImage(options.engine);
  const folder = join(paths.cache(), 'demo');
  const builds = [
    await buildDemoTasks({ ...options, tasksFile: join(folder, 'demo-part.jsonl') }),
    await buildDemoTasks({
      ...options,
      toolchain: languagesImage,
      recipes: loadRecipes(furtherRecipes),
      tasksFile: join(folder, 'further-part.jsonl'),
    }),
  ];
  const tasks = builds.flatMap((build) => build.tasks);
  const tasksFile = join(folder, 'language-tasks.jsonl');
  writeFileSync(tasksFile, tasks.map((task) => `${JSON.stringify(task)}\n`).join(''));
  return { tasks, failures: builds.flatMap((build) => build.failures), tasksFile };
}
