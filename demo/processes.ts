import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../schemas/problem.ts';
import { isAlive, logTail, readBackground, startBackground, stopBackground } from '../platform/background-process.ts';
import { freePort } from '../platform/free-port.ts';
import { paths, projectRoot } from '../platform/home.ts';
import { ensureTemporal } from '../infra/temporal.ts';
import { backgroundWorker, startWorker } from '../infra/worker-process.ts';

const main = join(projectRoot, 'cli', 'main.ts');

/** Starts worker and Temporal server again when one of them has died. */
export async function keepAlive(say: (line: string) => void): Promise<void> {
  const server = await ensureTemporal();
  if (server.started) say(`the Temporal server was gone and is started again at ${server.address}`);
  if (backgroundWorker() !== undefined) return;
  const before = readBackground('worker') !== undefined;
  const worker = await startWorker(16);
  say(`worker pid ${worker.pid}${before ? ', after the last one ended' : ''}`);
}

/** A teacher that serves the scripts, on the port of its last time: a campaign goes on only under the same settings. */
export async function startTeacher(scriptFile: string): Promise<{ url: string }> {
  const last = readBackground('teacher');
  if (last !== undefined && isAlive(last)) await stopBackground(last);
  const port = await freePort(Number(last?.details['port'] ?? 0));
  const url = `http://127.0.0.1:${port}/v1`;
  const log = join(paths.logs(), 'teacher-requests.jsonl');
  const teacher = await startBackground({
    name: 'teacher',
    command: [process.execPath, main, 'teacher', 'serve', '--script', scriptFile, '--port', String(port), '--log', log],
    details: { port, url },
  });
  for (let tries = 0; tries < 1200 && isAlive(teacher); tries++) {
    const up = await fetch(`${url}/models`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) return { url };
    await sleep(50);
  }
  throw new Problem('demo_teacher_not_started', `the scripted teacher does not come up:\n${logTail(teacher.log)}`, {
    hint: `see ${teacher.log}`,
  });
}
