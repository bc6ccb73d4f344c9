import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ensureWorkflowBundle } from '../../platform/temporal/workflow-bundle.ts';

/** As `record-histories.ts` writes them. */
const Recorded = z.object({ workflowId: z.string(), history: z.unknown() });

const folder = join(import.meta.dirname, 'histories');
const names = readdirSync(folder).map((file) => basename(file, '.json'));

const textOf = (name: string) => readFileSync(join(folder, `${name}.json`), 'utf8');

beforeAll(() => {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { forward: {}, filter: { core: 'ERROR', other: 'ERROR' } } },
  });
});

/** What the present workflow code reports for each history: null where it does the same again. */
async function replay(texts: string[]): Promise<(string | null)[]> {
  const verdicts: (string | null)[] = [];
  const workflowBundle = await ensureWorkflowBundle();
  const histories = texts.map((text) => Recorded.parse(JSON.parse(text)));
  for await (const { error } of Worker.runReplayHistories({ workflowBundle }, histories)) verdicts.push(error?.message ?? null);
  return verdicts;
}

describe('recorded histories', () => {
  it('cover every kind of lifecycle', () => {
    const events: [string, string][] = [
      ['campaign-happy', 'WORKFLOW_EXECUTION_COMPLETED'],
      ['campaign-continued-as-new', 'WORKFLOW_EXECUTION_CONTINUED_AS_NEW'],
      ['campaign-paused-and-resumed', 'WORKFLOW_EXECUTION_UPDATE_COMPLETED'],
      ['campaign-aborted', 'EXTERNAL_WORKFLOW_EXECUTION_CANCEL_REQUESTED'],
      ['pull-request-cancelled', 'WORKFLOW_EXECUTION_CANCELED'],
      ['pull-request-rollout-lost', 'WORKFLOW_EXECUTION_FAILED'],
      ['pull-request-paused', 'WORKFLOW_EXECUTION_SIGNALED'],
      ['pull-request-host-not-there', 'ACTIVITY_TASK_TIMED_OUT'],
      ['pull-request-host-lost', 'ACTIVITY_TASK_TIMED_OUT'],
      ['pull-request-verified-elsewhere', 'ACTIVITY_TASK_TIMED_OUT'],
      ['pull-request-campaign-gone', 'TIMER_FIRED'],
      ['pull-request-prefetched', 'WORKFLOW_EXECUTION_SIGNALED'],
      ['campaign-happy', 'CHILD_WORKFLOW_EXECUTION_COMPLETED'],
      ['campaign-release-awaited', 'START_CHILD_WORKFLOW_EXECUTION_FAILED'],
      ['training-happy', 'WORKFLOW_EXECUTION_COMPLETED'],
      ['training-finished-before', 'WORKFLOW_EXECUTION_COMPLETED'],
      ['training-preempted-and-failed', 'WORKFLOW_EXECUTION_FAILED'],
      ['training-preempted-and-failed', 'TIMER_FIRED'],
      ['training-cancelled', 'ACTIVITY_TASK_CANCELED'],
      ['training-cancelled', 'WORKFLOW_EXECUTION_CANCELED'],
      ['training-refused', 'WORKFLOW_EXECUTION_FAILED'],
      ['release-happy', 'WORKFLOW_EXECUTION_COMPLETED'],
      ['release-nobody-there', 'ACTIVITY_TASK_TIMED_OUT'],
      ['release-nobody-there', 'WORKFLOW_EXECUTION_COMPLETED'],
      ['evaluation-endpoint-and-rerun', 'CHILD_WORKFLOW_EXECUTION_FAILED'],
      ['evaluation-server-moved', 'CHILD_WORKFLOW_EXECUTION_CANCELED'],
      ['evaluation-cancelled', 'WORKFLOW_EXECUTION_CANCELED'],
      ['scheduled-alarm', 'CHILD_WORKFLOW_EXECUTION_COMPLETED'],
      ['scheduled-second-of-a-day', 'START_CHILD_WORKFLOW_EXECUTION_FAILED'],
    ];
    expect(events.filter(([name, event]) => !textOf(name).includes(`"EVENT_TYPE_${event}"`))).toEqual([]);
    expect(textOf('pull-request-host-lost')).toContain('"isServed"');
    expect(textOf('release-nobody-there').match(/"activityType":\{"name":"startReleaseWorker"\}/g)).toHaveLength(2);
    expect(textOf('pull-request-retried-and-unverified')).toMatch(/"attempt":2/);
    expect(textOf('pull-request-gated-out')).toContain('"recordGatedOut"');
  });

  it('are repeated by the workflows step by step', async () => {
    const verdicts = await replay(names.map(textOf));
    expect(Object.fromEntries(names.map((name, i) => [name, verdicts[i]]))).toEqual(Object.fromEntries(names.map((name) => [name, null])));
  });

  it('are refused when the workflows would do something else', async () => {
    const happy = textOf('pull-request-happy');
    const [renamed, elsewhere] = await replay([
      happy.replace('"name":"gate"', '"name":"inspect"'),
      textOf('campaign-happy').replaceAll('"workflowType":{"name":"pullRequest"}', '"workflowType":{"name":"issue"}'),
    ]);
    expect(renamed).toContain('TMPRL1100');
    expect(elsewhere).toContain('TMPRL1100');
  });
});
