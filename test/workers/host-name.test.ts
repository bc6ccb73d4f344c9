import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostName } from '../../workers/host-name.ts';

const before = process.env['TRACEMILL_HOME'];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-host-'));
});

afterEach(() => {
  if (before === undefined) delete process.env['TRACEMILL_HOME'];
  else process.env['TRACEMILL_HOME'] = before;
  rmSync(folder, { recursive: true, force: true });
});

function nameIn(home: string): string {
  process.env['TRACEMILL_HOME'] = join(folder, home);
  return hostName();
}

describe('the name of a host', () => {
  it('stays the same for a home and can be part of a queue’s name', () => {
    const name = nameIn('one');
    expect(name).toMatch(/^[a-z0-9-]+-[0-9a-f]{4}$/);
    expect(nameIn('one')).toBe(name);
  });

  it('differs between homes of one machine', () => {
    expect(new Set(['one', 'two', 'three', 'four'].map(nameIn)).size).toBeGreaterThan(1);
  });
});
