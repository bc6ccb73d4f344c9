import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { harnesses } from '../../activities/rollout/harnesses/registry.ts';
import { HarnessName } from '../../schemas/names.ts';

const root = join(import.meta.dirname, '..', '..');
const rooms = ['activities', 'cli', 'client', 'infra', 'platform', 'schemas', 'workers', 'workflows'];

/**
 * Where harnesses may be named: their folders and registry, the file formats of other tools, which bear their names, what the scanner knows
 * of the files and processes of anybody's agents, accounts that belong to nobody in particular, what the paper reports, and examples of
 * commands with the one that `run` takes unless told.
 */
const allowed = [
  'activities/rollout/harnesses/',
  'activities/ingestion/',
  'activities/scanning/facts/traces.ts',
  'activities/scanning/scan-rules/hidden-information.ts',
  'activities/scanning/tampering/',
  'schemas/ingested.ts',
  'activities/evaluation/figures/paper.ts',
  'activities/secrets/emails.ts',
  'activities/secrets/home-folders.ts',
  'cli/campaign-init.ts',
  'cli/campaign-wish.ts',
  'cli/release.ts',
  'cli/run.ts',
];

describe('the harnesses', () => {
  it('have names that no two share and that paths and ids can hold', () => {
    const names = harnesses.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.map((name) => HarnessName.parse(name))).toEqual(names);
  });

  it('are named in no file but those of their own', () => {
    const files = rooms
      .flatMap((room) => readdirSync(join(root, room), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile() && /\.(ts|mjs|njk)$/.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .filter((file) => !allowed.some((place) => file.startsWith(place)));
    expect(files.length).toBeGreaterThan(300);
    const name = new RegExp(harnesses.map((harness) => harness.name).join('|'), 'i');
    expect(files.filter((file) => name.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });
});
