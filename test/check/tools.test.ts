import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { projectRoot } from '../../platform/home.ts';

const { scripts } = z
  .object({ scripts: z.object({ check: z.string() }) })
  .parse(JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')));

const configurations = [
  'package.json',
  'tsconfig.json',
  'biome.json',
  '.oxlintrc.json',
  '.dependency-cruiser.mjs',
  'knip.json',
  'web/pages/tsconfig.json',
];

/** Every tool of `npm run check`, as the script calls it. */
const tools = (/sh -c '([^']+)'/.exec(scripts.check)?.[1] ?? '').split(' && ').map((command) => command.split(' '));

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-check-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Exit code and output of one tool over a small project with this one's configuration. */
function check(tool: string, files: Record<string, string>): { status: number | null; output: string } {
  const project = mkdtempSync(join(folder, 'project-'));
  mkdirSync(join(project, 'web/pages'), { recursive: true });
  for (const name of configurations) copyFileSync(join(projectRoot, name), join(project, name));
  symlinkSync(join(projectRoot, 'node_modules'), join(project, 'node_modules'));
  // The tools read .gitignore, and biome looks for the repository.
  spawnSync('git', ['init', '-q'], { cwd: project });
  for (const [path, text] of Object.entries({ 'cli/main.ts': entry, ...files })) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
  for (const room of ['schemas', 'platform', 'workflows', 'activities', 'workers', 'client', 'web', 'infra', 'demo', 'cli', 'test']) {
    mkdirSync(join(project, room), { recursive: true });
  }
  const command = tools.find((words) => words.join(' ').startsWith(tool)) ?? [];
  const [program = '', ...args] = command;
  const { status, stdout, stderr } = spawnSync(join(projectRoot, 'node_modules/.bin', program), args, { cwd: project, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

const entry = "import { x } from '../platform/x.ts';\n\nprocess.stdout.write(String(x));\n";
const good = { 'platform/x.ts': 'export const x = 1;\n' };

describe('npm run check', () => {
  it('runs types, lint, format, import rules and unused code', () => {
    expect(tools.map(([name]) => name)).toEqual(['tsc', 'tsc', 'oxlint', 'biome', 'depcruise', 'knip']);
  });

  it.each([
    ['tsc', 'a wrong type', { 'platform/x.ts': "export const x: number = 'one';\n" }, 'TS2322'],
    ['tsc --noEmit -p web/pages', 'a wrong type in a page', { 'web/pages/x.tsx': 'export const x: number = <p />;\n' }, 'TS2322'],
    ['oxlint', 'a cast to any', { 'platform/x.ts': 'export const x = 1 as any;\n' }, 'no-explicit-any'],
    [
      'oxlint',
      'a promise nobody waits for',
      { 'platform/x.ts': 'export const x = 1;\nPromise.reject(new Error());\n' },
      'no-floating-promises',
    ],
    ['biome', 'another format', { 'platform/x.ts': 'export const x   =  1\n' }, 'platform/x.ts'],
    [
      'depcruise',
      'an import against the way',
      { ...good, 'cli/y.ts': 'export const y = 1;\n', 'platform/z.ts': "export * from '../cli/y.ts';\n" },
      'rooms: platform',
    ],
    ['knip', 'a file that nothing imports', { ...good, 'platform/unused.ts': 'export const y = 1;\n' }, 'platform/unused.ts'],
    ['knip', 'an export that nothing imports', { 'platform/x.ts': 'export const x = 1;\nexport const y = 2;\n' }, 'y'],
  ])('%s refuses %s', (tool, _what, files, named) => {
    const { status, output } = check(tool, files);
    expect(output).toContain(named);
    expect(status).not.toBe(0);
  });

  it.each(['tsc', 'oxlint', 'biome', 'depcruise'])('%s accepts what keeps the rules', (tool) => {
    const { status, output } = check(tool, good);
    expect(output).not.toContain('platform/x.ts');
    expect(status).toBe(0);
  });
});
