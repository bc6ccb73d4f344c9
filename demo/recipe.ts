import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { Sha256 } from '../schemas/artifact-ref.ts';
import { InstanceId, Language } from '../schemas/names.ts';
import { Problem } from '../schemas/problem.ts';

const Release = z.strictObject({ version: z.string().min(1), sha256: Sha256 });

/** Two adjacent releases of a published package; the later one holds the fix and the tests that show it. */
const RegistrySource = z.strictObject({
  kind: z.literal('registry'),
  ecosystem: z.enum(['pypi', 'npm', 'go']),
  /** As the registry's own client spells it; for Go the module path. */
  name: z.string().min(1),
  before: Release,
  after: Release,
});

/** A repository of this project: `before/` whole, `after/` with only the files that the fix and its tests change. */
const FolderSource = z.strictObject({
  kind: z.literal('folder'),
  folder: z.string().regex(/^[a-z0-9-]+$/),
  before: z.strictObject({ version: z.string().min(1) }),
  after: z.strictObject({ version: z.string().min(1) }),
});

/** How one task of the demo campaign is made. Globs are git's (`:(glob)`), relative to the repository. */
export const Recipe = z.strictObject({
  instance_id: InstanceId,
  repo: z.string().regex(/^[^/\s]+\/[^/\s]+$/, 'owner/name'),
  language: Language,
  license: z.string().describe('SPDX identifier'),
  source: z.discriminatedUnion('kind', [RegistrySource, FolderSource]),
  /** npm packages that the tests import; they lie in `/node_modules`, outside the repository. */
  vendor: z.array(z.strictObject({ name: z.string(), version: z.string(), sha256: Sha256 })).default([]),
  /** Which paths are tests: what changes there is the test patch. */
  tests: z.array(z.string()).min(1),
  /** Written by the packaging tool, not by people: left out of the repository (shell globs). */
  keep_out: z.array(z.string()).default([]),
  /** Changed by the release but not by the fix (version numbers, change logs): left out of both patches. */
  not_in_patch: z.array(z.string()).default([]),
  /** Runs in the work tree while the image is built, without network. */
  install: z.array(z.string()).default([]),
  test_cmd: z.array(z.string()).min(1),
  log_parser: z.string().min(1),
  /** First line: the title. Written as a user of the package would write it. */
  problem_statement: z.string().min(40),
});
export type Recipe = z.infer<typeof Recipe>;
export type RegistrySource = z.infer<typeof RegistrySource>;

const folders = {
  recipes: join(import.meta.dirname, 'recipes'),
  repositories: join(import.meta.dirname, 'repositories'),
};

/** Reads every recipe, ordered by file name. A recipe that cannot be read throws `Problem` bad_recipe naming file and field. */
export function loadRecipes(folder = folders.recipes): Recipe[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => {
      const parsed = Recipe.safeParse(parse(readFileSync(join(folder, name), 'utf8')));
      if (parsed.success) return parsed.data;
      throw new Problem('bad_recipe', `${join(folder, name)}: ${z.prettifyError(parsed.error)}`, {
        hint: 'demo/recipe.ts describes the fields',
      });
    });
}

/** Files of an own repository's `before` or `after` folder: path below it → content. */
export function folderFiles(folder: string, side: 'before' | 'after'): Map<string, Buffer> {
  const root = join(folders.repositories, folder, side);
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => relative(root, join(entry.parentPath, entry.name))).sort();
  return new Map(paths.map((path) => [path, readFileSync(join(root, path))]));
}

/** Changes with anything that the finished task depends on: 64 hexadecimal digits. */
export function recipeDigest(recipe: Recipe, ...others: string[]): string {
  const hash = createHash('sha256').update(JSON.stringify([recipe, ...others]));
  if (recipe.source.kind === 'folder') {
    for (const side of ['before', 'after'] as const) {
      for (const [path, content] of folderFiles(recipe.source.folder, side)) {
        hash.update(`${side}/${path}\0${content.length}\0`).update(content);
      }
    }
  }
  return hash.digest('hex');
}

/** The demo's recipes, or those of these instance ids. Throws `Problem` demo_task_unknown. */
export function chosenRecipes(only?: readonly string[]): Recipe[] {
  const all = loadRecipes();
  if (only === undefined) return all;
  return only.map((id) => {
    const recipe = all.find(({ instance_id }) => instance_id === id);
    if (recipe !== undefined) return recipe;
    throw new Problem('demo_task_unknown', `the demo has no task ${id}`, {
      hint: `it has ${all.map(({ instance_id }) => instance_id).join(', ')}`,
    });
  });
}
