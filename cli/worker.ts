import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import type { Logger } from '../platform/logger.ts';
import { port } from './port.ts';

/** `tracemill worker`: does this machine's share of every campaign, until it is stopped. */
export function workerCommand() {
  return new Command('worker')
    .description(
      'Runs the worker of this home in the foreground. Ctrl-C stops it and leaves everything as it is; the next worker goes on from there.',
    )
    .option('--slots <number>', 'rollouts at the same time', slots, 64)
    .option('--test-slots <number>', 'gates and verifications at the same time (default: one a core, two at least)', slots)
    .option(
      '--image-disk-low <GB>',
      'free space below which images of ended tasks are removed; 0 never (default: a tenth of the disk, at most 20)',
      size,
    )
    .option('--metrics-port <port>', 'serve metrics for Prometheus on this port of the loopback interface, at /metrics', port)
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill worker\n  $ tracemill worker --metrics-port 9464\n  $ TEACHER_KEY=… tracemill worker --slots 200\n\nKeys of teachers come from its environment, under the names that campaign files give. Images that the engine\nlacks are pulled with the credentials of the Docker client (DOCKER_CONFIG, else ~/.docker).',
    )
    .action(async ({ slots: most, testSlots = Math.max(2, availableParallelism()), imageDiskLow, metricsPort }) => {
      const [{ runWorker }, { createLogger }, { ensureTemporal }] = await Promise.all([
        import('../workers/run-worker.ts'),
        import('../platform/logger.ts'),
        import('../infra/temporal.ts'),
      ]);
      const logger = createLogger({ part: 'worker', secrets: secretsIn(process.env) });
      const [server] = await Promise.all([ensureTemporal(), bringEngine(logger)]);
      const imageDiskLowBytes = imageDiskLow === undefined ? undefined : imageDiskLow * 1e9;
      await runWorker({ server, slots: most, testSlots, imageDiskLowBytes, metricsPort, logger });
    });
}

/** Installs and starts a container engine where none answers. Where that fails the worker waits for one. */
async function bringEngine(logger: Logger): Promise<void> {
  const [{ ensureEngine }, { messageOf }] = await Promise.all([import('../infra/bootstrap/engine.ts'), import('../schemas/problem.ts')]);
  try {
    await ensureEngine();
  } catch (error) {
    logger.warn({ error: messageOf(error) }, 'there is no container engine yet; tasks wait until one answers');
  }
}

/** Values that look like secrets by the name of their variable: they never reach a log. */
function secretsIn(environment: NodeJS.ProcessEnv): string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && value.length >= 8 && /KEY|TOKEN|SECRET|PASSWORD/.test(name) ? [value] : [],
  );
}

function slots(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1000) throw new InvalidArgumentError('a whole number from 1 to 1000');
  return value;
}

function size(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) throw new InvalidArgumentError('a number of gigabytes');
  return value;
}
