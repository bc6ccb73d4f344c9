import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cruise, type ICruiseOptions, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { projectRoot } from '../../platform/home.ts';

const Configuration = z.object({
  rooms: z.record(z.string(), z.object({ is: z.string(), imports: z.array(z.string()) })),
  importsInWords: z.custom<(name: string) => string>(),
  default: z.object({ forbidden: z.array(z.custom<IForbiddenRuleType>()), options: z.custom<ICruiseOptions>() }),
});

const configuration = Configuration.parse(await import(pathToFileURL(join(projectRoot, '.dependency-cruiser.mjs')).href));
const { rooms } = configuration;
const names = Object.keys(rooms);

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-rooms-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Writes a tree of TypeScript files and gives the names of the rules that each file breaks. */
async function breaches(files: Record<string, string>): Promise<Map<string, string[]>> {
  const base = mkdtempSync(join(folder, 'tree-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), text);
  }
  const { forbidden, options } = configuration.default;
  const { output } = await cruise(['.'], { ...options, baseDir: base, validate: true, ruleSet: { forbidden } });
  const found = new Map<string, string[]>();
  for (const { from, rule } of resultOf(output).summary.violations) found.set(from, [...(found.get(from) ?? []), rule.name]);
  return found;
}

function resultOf(output: ICruiseResult | string): ICruiseResult {
  if (typeof output === 'string') throw new Error(output);
  return output;
}

function importing(from: string, to: string, what = 'type'): string {
  return `import ${what === 'type' ? 'type ' : ''}{ x } from '${relative(dirname(from), to)}';\nexport type Y = ${what === 'type' ? 'x' : 'typeof x'};\n`;
}

describe('the rooms', () => {
  it('name only rooms above them, so that no circle can arise', () => {
    for (const [at, name] of names.entries()) {
      const known = new Set([...names.slice(0, at), 'activities']);
      expect(rooms[name]?.imports.filter((imported) => !known.has(imported) && imported !== 'workflows')).toEqual([]);
    }
  });

  it('are those that docs/architecture.md shows, with what each is and what it may import', () => {
    const page = readFileSync(join(projectRoot, 'docs/architecture.md'), 'utf8');
    const lines = Object.entries(rooms).map(([name, { is }]) => `| \`${name}/\` | ${is} | ${configuration.importsInWords(name)} |`);
    expect(page.split('\n').filter((line) => lines.includes(line))).toEqual(lines);
  });
});

describe('an import against the table', () => {
  it('is refused for every pair of rooms, also when only a type is taken', async () => {
    const files: Record<string, string> = {};
    for (const name of names) files[`${name}/index.ts`] = 'export const x = 1;\nexport type x = number;\n';
    const pairs = names.flatMap((from) => names.filter((to) => to !== from).map((to) => ({ from, to })));
    const fileOf = ({ from, to }: { from: string; to: string }) => `${from}/takes-${to.replace('/', '-')}.ts`;
    for (const pair of pairs) files[fileOf(pair)] = importing(fileOf(pair), `${pair.to}/index.ts`);
    const found = await breaches(files);
    const refused = (pair: { from: string; to: string }) => found.get(fileOf(pair))?.includes(`rooms: ${pair.from}`) === true;
    expect(pairs.filter(refused).map(fileOf)).toEqual(pairs.filter((pair) => !allowed(pair)).map(fileOf));
  });

  function allowed({ from, to }: { from: string; to: string }): boolean {
    const imports = rooms[from]?.imports ?? [];
    if (!imports.includes('activities')) return imports.includes(to);
    const ground = ['schemas', 'platform', 'workflows', 'workflows/contract'];
    return imports.includes(to) || ground.includes(to) || to.startsWith('activities/');
  }
});

describe('further rules', () => {
  it.each([
    [
      'a circle of files',
      { 'platform/a.ts': "export * from './b.ts';", 'platform/b.ts': "export * from './a.ts';" },
      'platform/a.ts',
      'no circle',
    ],
    [
      'a file without a room',
      { 'activities/elsewhere/a.ts': 'export const x = 1;', 'cli/b.ts': "export * from '../activities/elsewhere/a.ts';" },
      'cli/b.ts',
      'every file has a room',
    ],
    [
      'an import past the face of a stage',
      { 'activities/source/a.ts': 'export const x = 1;', 'cli/b.ts': "export * from '../activities/source/a.ts';" },
      'cli/b.ts',
      'face: source',
    ],
    [
      'activities outside of workers/',
      { 'activities/source/activities.ts': 'export const x = 1;', 'cli/b.ts': "export * from '../activities/source/activities.ts';" },
      'cli/b.ts',
      'activities are put together in workers/',
    ],
    ['a module that is not there', { 'platform/a.ts': "export * from './nowhere.ts';" }, 'platform/a.ts', 'unresolvable'],
    [
      'Docker outside the engine',
      {
        'node_modules/dockerode/package.json': '{"name":"dockerode","main":"i.js"}',
        'node_modules/dockerode/i.js': '',
        'activities/sandbox/a.ts': "import type D from 'dockerode';\nexport type X = D;",
      },
      'activities/sandbox/a.ts',
      'docker ends at the engine',
    ],
    [
      'a library in workflow code',
      {
        'node_modules/zod/package.json': '{"name":"zod","main":"i.js"}',
        'node_modules/zod/i.js': '',
        'workflows/a.ts': "import { z } from 'zod';\nexport const x = z;",
      },
      'workflows/a.ts',
      'workflows are deterministic',
    ],
  ])('%s', async (_what, files, place, rule) => {
    expect((await breaches(files)).get(place)).toContain(rule);
  });
});
