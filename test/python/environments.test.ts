import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { environments, lockFileOf } from '../../activities/python/environments.ts';

describe('the lock file of a Python environment', () => {
  it.each(Object.keys(environments))('names each package of %s by one version with the hashes of its files', (name) => {
    const lines = readFileSync(lockFileOf(name), 'utf8').split('\n');
    const packages = lines.filter((line) => /^[A-Za-z0-9]/.test(line));
    expect(packages.length).toBeGreaterThan(50);
    for (const line of packages) expect(line).toMatch(/^[A-Za-z0-9._-]+==[^\s;]+( ; .+)? \\$/);
    const hashed = lines.filter((_, index) => /^ {4}--hash=sha256:[0-9a-f]{64}/.test(lines[index + 1] ?? ''));
    expect(packages.filter((line) => !hashed.includes(line))).toEqual([]);
  });

  it.each(Object.keys(environments))('has what %s asks for', (name) => {
    const locked = readFileSync(lockFileOf(name), 'utf8');
    const asked = readFileSync(lockFileOf(name).replace(/txt$/, 'in'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(asked.length).toBeGreaterThan(0);
    for (const requirement of asked) expect(locked).toContain(`\n${requirement} `);
  });

  it('brings one torch to all that have one, so that it is on disk once', () => {
    const versions = Object.keys(environments).flatMap((name) => /^torch==(\S+)/m.exec(readFileSync(lockFileOf(name), 'utf8'))?.[1] ?? []);
    expect(versions).toHaveLength(5);
    expect(new Set(versions)).toEqual(new Set(['2.13.0']));
  });
});
