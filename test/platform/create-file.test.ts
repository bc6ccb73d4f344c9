import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFile } from '../../platform/create-file.ts';
import { scratchFolder } from '../scratch-folder.ts';

describe('a file that exactly one process creates', () => {
  it('keeps the text of the first, and leaves nothing else behind', () => {
    const folder = join(scratchFolder('create-file'), 'new');
    const path = join(folder, 'claim.json');
    expect(createFile(path, 'first', 0o600)).toBe(true);
    expect(createFile(path, 'second')).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('first');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['claim.json']);
  });

  it('is no reason to hide another error', () => {
    const folder = scratchFolder('create-file');
    mkdirSync(join(folder, 'claim.json'));
    expect(() => createFile(join(folder, 'claim.json', '\0'), 'text')).toThrow('null bytes');
  });
});
