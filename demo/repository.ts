import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CommitHash } from '../schemas/names.ts';
import { Problem } from '../schemas/problem.ts';
import { fetchArchives, type FetchContext } from './archives.ts';
import { openJobContainer } from '../activities/sandbox/index.ts';
import { workdirOf } from '../schemas/workdir.ts';
import { folderFiles, type Recipe } from './recipe.ts';

const script = readFileSync(join(import.meta.dirname, 'repository.sh'), 'utf8');

/** Part of what a finished task depends on. */
export const repositoryScriptDigest = createHash('sha256').update(script).digest('hex');

/** What the image's repository consists of. */
export interface Assembled {
  image: string;
  base_commit: string;
  /** Commits after the base, oldest first: the fix, the later release. */
  future_commits: string[];
  patch: string;
  test_patch: string;
}

/** Makes the repository in a container without network and commits the container as `image`. */
export async function assembleRepository(recipe: Recipe, image: string, context: FetchContext): Promise<Assembled> {
  const files = await buildFiles(recipe, context);
  const job = await openJobContainer(context.engine, {
    image: context.toolchain,
    network: 'none',
    labels: context.labels,
    signal: context.signal,
  });
  try {
    await job.putFiles(files);
    const built = await job.exec(`${exports(recipe)}\nexec bash /build/repository.sh`, { timeoutMs: 180_000 });
    if (built.exitCode !== 0) throw failed(recipe, 'the repository could not be made', built.stderr || built.stdout);
    const read = async (name: string) => {
      const { exitCode, stdout, stderr } = await job.exec(`cat /build/out/${name}`, { timeoutMs: 20_000 });
      if (exitCode !== 0) throw failed(recipe, `${name} could not be read`, stderr);
      return stdout;
    };
    const [commits, patch, testPatch] = [await read('commits'), await read('patch'), await read('test_patch')];
    if (patch === '') throw failed(recipe, 'the releases do not differ outside the tests', 'empty patch');
    if (testPatch === '') throw failed(recipe, 'the releases do not differ in the tests', 'empty test patch');
    const [base, ...future] = z.tuple([CommitHash], CommitHash).parse(commits.trim().split('\n'));
    const cleared = await job.exec('rm -rf /build', { timeoutMs: 20_000 });
    if (cleared.exitCode !== 0) throw failed(recipe, 'the build folder could not be removed', cleared.stderr);
    await job.commit({
      name: image,
      labels: context.labels,
      changes: [`WORKDIR ${workdirOf(recipe)}`, 'ENV PYTHONDONTWRITEBYTECODE=1', 'CMD ["bash"]'],
    });
    return { image, base_commit: base, future_commits: future, patch, test_patch: testPatch };
  } finally {
    await job.remove();
  }
}

async function buildFiles(recipe: Recipe, context: FetchContext): Promise<Map<string, Buffer | string>> {
  const lines = (list: string[]) => list.map((line) => `${line}\n`).join('');
  const vendored = recipe.vendor.map((_, i) => `tar -xzf /build/vendor-${i}.tgz --strip-components=1 --no-same-owner -C /node_modules/`);
  const unpackVendored = recipe.vendor.map(({ name }, i) => `mkdir -p /node_modules/${name} && ${vendored[i]}${name}`);
  const files = new Map<string, Buffer | string>([
    ['/build/repository.sh', script],
    ['/build/tests', lines(recipe.tests)],
    ['/build/keep-out', lines(recipe.keep_out)],
    ['/build/not-in-patch', lines(recipe.not_in_patch)],
    ['/build/install', lines([...unpackVendored, ...recipe.install])],
  ]);
  const { source } = recipe;
  if (source.kind === 'folder') {
    const before = folderFiles(source.folder, 'before');
    for (const [path, content] of before) files.set(`/build/before/${path}`, content);
    for (const [path, content] of [...before, ...folderFiles(source.folder, 'after')]) files.set(`/build/after/${path}`, content);
    return files;
  }
  const { ecosystem, name } = source;
  const pins = [source.before, source.after].map((release) => ({ ecosystem, name, ...release }));
  const vendorPins = recipe.vendor.map((vendor) => ({ ecosystem: 'npm' as const, ...vendor }));
  const [before, after, ...vendor] = await fetchArchives([...pins, ...vendorPins], context);
  const extension = ecosystem === 'go' ? 'zip' : 'tar.gz';
  files.set(`/build/before.${extension}`, before ?? Buffer.alloc(0));
  files.set(`/build/after.${extension}`, after ?? Buffer.alloc(0));
  for (const [i, bytes] of vendor.entries()) files.set(`/build/vendor-${i}.tgz`, bytes);
  return files;
}

function exports(recipe: Recipe): string {
  const { source } = recipe;
  const values = {
    WORKDIR: workdirOf(recipe),
    TITLE: `Fix: ${titleOf(recipe)}`,
    BEFORE: source.before.version,
    AFTER: source.after.version,
    PREFIX: source.kind === 'registry' ? `${source.name}@` : '',
    ORIGIN: `https://git.example.invalid/${recipe.repo}.git`,
  };
  return Object.entries(values)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`)
    .join('\n');
}

/** The first line of the problem statement. */
export function titleOf({ problem_statement }: Pick<Recipe, 'problem_statement'>): string {
  return problem_statement.split('\n', 1)[0]?.trim() ?? '';
}

function failed(recipe: Recipe, what: string, detail: string): Problem {
  return new Problem('demo_build_failed', `${recipe.instance_id}: ${what}: ${detail.trim().slice(-600)}`, {
    hint: `look at demo/recipes/${recipe.instance_id}.yaml`,
  });
}
