import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectRoot } from '../../platform/home.ts';

const ownNode = `node_modules/node-${process.platform}-${process.arch}`;
const wanted = {
  '': { version: '1.0.0' },
  'node_modules/plain': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/for-windows': { version: '2.0.0', integrity: 'sha512-b', optional: true },
  [ownNode]: { version: '24.0.0', integrity: 'sha512-c', optional: true },
};

let checkout: string;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'tracemill-packages-'));
  mkdirSync(join(checkout, 'infra'));
  copyFileSync(join(projectRoot, 'infra/packages.mjs'), join(checkout, 'infra/packages.mjs'));
  writeFileSync(join(checkout, 'package-lock.json'), JSON.stringify({ packages: wanted }));
});

afterEach(() => {
  rmSync(checkout, { recursive: true, force: true });
});

/** What `--check` reports of a checkout whose npm recorded these packages as installed. */
function check(installed: Record<string, { version: string; integrity: string }> | undefined) {
  if (installed !== undefined) {
    mkdirSync(join(checkout, 'node_modules'));
    writeFileSync(join(checkout, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
  }
  const { status, stdout } = spawnSync(process.execPath, [join(checkout, 'infra/packages.mjs'), '--check'], { encoding: 'utf8' });
  return { status, missing: stdout.split('\n').filter((line) => line !== '') };
}

describe('the check of node_modules against the lockfile', () => {
  const plain = { version: '1.0.0', integrity: 'sha512-a' };
  const node = { version: '24.0.0', integrity: 'sha512-c' };

  it('is content without optional packages for other machines', () => {
    expect(check({ 'node_modules/plain': plain, [ownNode]: node })).toEqual({ status: 0, missing: [] });
  });

  it('misses everything in a fresh clone', () => {
    expect(check(undefined)).toMatchObject({ status: 1, missing: ['plain', ownNode.replace('node_modules/', '')] });
  });

  it('notices another version, other content and an absent Node', () => {
    expect(check({ 'node_modules/plain': { ...plain, version: '1.0.1' }, [ownNode]: node }).missing).toEqual(['plain']);
    rmSync(join(checkout, 'node_modules'), { recursive: true });
    expect(check({ 'node_modules/plain': { ...plain, integrity: 'sha512-x' } }).missing).toHaveLength(2);
  });
});
