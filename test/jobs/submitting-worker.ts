import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { openJobBackend } from '../../activities/jobs/open-job-backend.ts';
import { JobBackendSettings, JobSpec } from '../../schemas/job.ts';

/** Run as a process of its own: submits a job and is killed before, while or after it does. Arguments: settings, specification, `again`. */
const [, , settings = '', spec = '', again = '0'] = process.argv;
const backend = openJobBackend(JobBackendSettings.parse(JSON.parse(settings)));
const job = JobSpec.parse(JSON.parse(spec));
process.stdout.write('begin\n');
const ref = await backend.submit(job, z.coerce.number().parse(again));
process.stdout.write(`${JSON.stringify(ref)}\n`);
await delay(600_000);
