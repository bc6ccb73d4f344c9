import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { projectRoot } from '../../platform/home.ts';

const folder = mkdtempSync(join(tmpdir(), 'view-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('ends within a second of Ctrl-C, with an open connection, and leaves no temporary folder', async () => {
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  const path = join(folder, 'run.jsonl');
  writeFileSync(path, `${JSON.stringify({ id: 'one', instance_id: 'one', messages: [{ role: 'assistant', content: 'x' }] })}\n`);
  const child = spawn(join(projectRoot, 'bin/tracemill'), ['view', path, '--json'], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [printed] = await once(child.stdout, 'data');
  const { url } = z.object({ url: z.string() }).parse(JSON.parse(String(printed)));
  const site = await fetch(`${url}data/site.json`);
  expect(await site.json()).toMatchObject({ kind: 'files', takes_files: true });
  const ours = () => readdirSync(temporary).filter((name) => name.startsWith('tracemill-view-'));
  expect(ours()).toHaveLength(1);
  const started = performance.now();
  child.kill('SIGINT');
  await ended;
  // A second is promised; machines that run tests are busy.
  expect(performance.now() - started).toBeLessThan(3000);
  expect(ours()).toEqual([]);
}, 60_000);
