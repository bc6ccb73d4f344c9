import { join } from 'node:path';
import { paths } from '../../platform/home.ts';
import { createLogger } from '../../platform/logger.ts';
import { ReleaseProcess } from '../../workers/release-process.ts';
import { ReleaseWorkerSettings } from '../../workers/release-worker-settings.ts';

/** Stands for a worker: starts the process that builds releases, prints its pid, and stays. */
const settings = ReleaseWorkerSettings.parse(JSON.parse(process.argv[2] ?? ''));
const releases = new ReleaseProcess({
  settings,
  environment: process.env,
  marker: join(paths.run(), 'releases.wanted'),
  logger: createLogger({ part: 'test' }),
});
await releases.start();
process.stdout.write(`${releases.pid}\n`);
