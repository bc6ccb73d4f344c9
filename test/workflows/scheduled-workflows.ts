import { ApplicationFailure, proxyActivities, sleep } from '@temporalio/workflow';

/** Workflow code of the tests of schedules: the real run of a schedule, and an evaluation that takes as long as its file says. */
export { scheduledRun } from '../../workflows/scheduled-run.ts';

export interface ScheduledTestFile {
  name: string;
  takes: number;
  fails?: boolean;
  seed: number;
  regression?: number;
}

const { evaluated } = proxyActivities<{ evaluated(file: ScheduledTestFile): Promise<void> }>({ startToCloseTimeout: '1 minute' });

export async function evaluation({ file }: { file: ScheduledTestFile }): Promise<void> {
  await sleep(file.takes);
  if (file.fails === true) throw ApplicationFailure.nonRetryable('the server gave no token', 'server_not_ready', 'see its log');
  await evaluated(file);
}
