import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { paths } from '../platform/home.ts';

/**
 * Names the host queue of this home: the machine's name and four random digits, made once. A restarted worker
 * must find its containers and journals, and two homes on one machine must not take each other's work.
 */
export function hostName(): string {
  const path = join(paths.state(), 'host');
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  const machine = hostname()
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-')
    .slice(0, 40);
  const name = `${machine}-${randomBytes(2).toString('hex')}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${name}\n`);
  return name;
}
