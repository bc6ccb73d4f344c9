import { appendFileSync, copyFileSync, cpSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { projectRoot } from '../../../platform/home.ts';
import { ensureWorkflowBundle } from '../../../platform/temporal/workflow-bundle.ts';
import { scratchFolder } from '../../scratch-folder.ts';

let root: string;

/** A checkout that a test may change, with a home of its own. */
beforeEach(() => {
  root = scratchFolder('checkout');
  for (const folder of ['workflows', 'schemas']) cpSync(join(projectRoot, folder), join(root, folder), { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(projectRoot, file), join(root, file));
  symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
  vi.stubEnv('TRACEMILL_HOME', join(root, 'home'));
  return () => vi.unstubAllEnvs();
});

const SourceMap = z.object({ sources: z.array(z.string()) });

function sourcesOf(code: string): string[] {
  const map = /sourceMappingURL=data:application\/json;charset=utf-8;base64,(.+)/.exec(code)?.[1] ?? '';
  return SourceMap.parse(JSON.parse(Buffer.from(map, 'base64').toString())).sources;
}

describe('the bundle of the workflows', () => {
  it('is made once, also for several that ask at the same time', async () => {
    const bundles = await Promise.all([ensureWorkflowBundle(root), ensureWorkflowBundle(root)]);
    expect(bundles.filter(({ built }) => built)).toHaveLength(1);
    expect(await ensureWorkflowBundle(root)).toEqual({ codePath: bundles[0].codePath, built: false });
  });

  it('is made from folders whose every file counts for its name', async () => {
    const { codePath } = await ensureWorkflowBundle(root);
    const own = sourcesOf(readFileSync(codePath, 'utf8')).filter((path) => path.startsWith(`${root}/`) && path.endsWith('.ts'));
    expect(own.length).toBeGreaterThan(5);
    expect(own.filter((path) => !path.startsWith(`${root}/workflows/`) && !path.startsWith(`${root}/schemas/`))).toEqual([]);
  });

  it('of sources that have changed is made again, never used', async () => {
    const before = await ensureWorkflowBundle(root);
    appendFileSync(
      join(root, 'workflows', 'index.ts'),
      '\nexport async function later(): Promise<string> {\n  return "changed since";\n}\n',
    );
    const after = await ensureWorkflowBundle(root);
    expect(after.built).toBe(true);
    expect(after.codePath).not.toBe(before.codePath);
    expect(readFileSync(after.codePath, 'utf8')).toContain('changed since');
    expect(readdirSync(dirname(after.codePath))).toHaveLength(1);
  });

  it('of sources that cannot be bundled is an error', async () => {
    appendFileSync(join(root, 'workflows', 'index.ts'), '\nexport { nothing } from "./nowhere.ts";\n');
    await expect(ensureWorkflowBundle(root)).rejects.toMatchObject({ code: 'workflow_bundle_failed' });
  });
});
