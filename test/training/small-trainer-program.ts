import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { writeModel } from './model-folder.ts';

/**
 * A program that behaves as a trainer, without a model: it goes on from its newest checkpoint, prints a loss a step, writes a
 * checkpoint every fifth step and on USR1, and at last a model. Argument: the run folder.
 */
const Settings = z.object({ steps: z.int(), step_ms: z.number(), template: z.string(), dies_at: z.int().nullable() });

const [, , folder = ''] = process.argv;
const settings = Settings.parse(JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8')));
const working = join(folder, 'working');
let asked = false;
process.on('SIGUSR1', () => {
  asked = true;
});

if (existsSync(working) && isAlive(Number(readFileSync(working, 'utf8')))) appendFileSync(join(folder, 'twice'), `${process.pid}\n`);
writeFileSync(working, `${process.pid}`);
let step = newestCheckpoint();
appendFileSync(join(folder, 'starts'), `${step}\n`);
while (step < settings.steps) {
  await sleep(settings.step_ms);
  step += 1;
  process.stdout.write(`${JSON.stringify({ step, total: settings.steps, loss: 8 / step })}\n`);
  if (step === settings.dies_at && !existsSync(join(folder, 'died'))) {
    writeFileSync(join(folder, 'died'), '');
    process.kill(process.pid, 'SIGKILL');
  }
  if (step % 5 === 0 || asked) writeCheckpoint();
  if (asked) end();
}
writeModel(join(folder, 'final'), readFileSync(settings.template, 'utf8'));
end();

function end(): never {
  rmSync(working);
  process.exit(0);
}

function newestCheckpoint(): number {
  const steps = readdirSync(folder).flatMap((name) => /^checkpoint-(\d+)$/.exec(name)?.slice(1).map(Number) ?? []);
  return Math.max(0, ...steps);
}

function writeCheckpoint(): void {
  const unfinished = join(folder, 'unfinished');
  mkdirSync(unfinished, { recursive: true });
  rmSync(join(folder, `checkpoint-${step}`), { recursive: true, force: true });
  renameSync(unfinished, join(folder, `checkpoint-${step}`));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
