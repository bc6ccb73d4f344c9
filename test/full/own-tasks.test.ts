import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Task } from '../../schemas/task.ts';
import { TestHome } from '../e2e/test-home.ts';

const run = promisify(execFile);

/** Releases of public packages, as their registries have them; each command is the one that a user would write. */
interface Package {
  language: string;
  /** Brings both archives into a folder by the registry's own client; gives them, the earlier release first. */
  fetch: (folder: string) => Promise<[string[], string[]]>;
  options: string[];
  repo: string;
  license: string;
  parser: string;
}

const unicodeStatement = `Emoji that ask for their coloured form have the wrong width

A heart with a variation selector that asks for the emoji form counts as one column; terminals show it two columns wide.
`;

const packages: Record<string, Package> = {
  'cachetools 5.2.1 → 5.3.0': {
    language: 'python',
    fetch: (folder) => pipSdists(folder, 'cachetools', ['5.2.1', '5.3.0']),
    options: [],
    repo: 'tkem/cachetools',
    license: 'MIT',
    parser: 'parse_log_pytest',
  },
  'minimist 1.2.7 → 1.2.8': {
    language: 'js',
    fetch: (folder) => npmPacks(folder, 'minimist', ['1.2.7', '1.2.8']),
    options: [],
    repo: 'minimistjs/minimist',
    license: 'MIT',
    parser: 'parse_log_tap',
  },
  'google/uuid 1.3.1 → 1.4.0': {
    language: 'go',
    fetch: (folder) => goModules(folder, 'github.com/google/uuid', ['v1.3.1', 'v1.4.0']),
    options: [],
    repo: 'google/uuid',
    license: 'BSD-3-Clause',
    parser: 'parse_log_gotest',
  },
  'unicode-width 0.1.12 → 0.1.13': {
    language: 'rust',
    fetch: (folder) => crates(folder, 'unicode-width', ['0.1.12', '0.1.13']),
    options: ['--statement', 'unicode.md'],
    repo: 'unicode-rs/unicode-width',
    license: 'MIT OR Apache-2.0',
    parser: 'parse_log_cargo',
  },
};

let home: TestHome;

beforeAll(() => {
  home = new TestHome('own-tasks');
  writeFileSync(join(home.folder, 'unicode.md'), unicodeStatement);
