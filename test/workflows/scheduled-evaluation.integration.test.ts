import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ScheduledStart } from '../../schemas/schedule.ts';
import { evaluationWorkflowId, sharedQueue } from '../../workflows/contract/ids.ts';
import type { Workflows } from '../../workflows/contract/workflows.ts';
import { exampleEvaluation } from './evaluation-world.ts';
import { until, WorkflowRig } from './world.ts';

let rig: WorkflowRig;

beforeAll(async () => {
  rig = await WorkflowRig.open();
});

afterAll(() => rig.close());

const startRun = async (schedule: string) => {
  const start: ScheduledStart = {
    schedule,
    time_zone: 'UTC',
    kind: 'evaluation',
    file: JSON.parse(JSON.stringify(exampleEvaluation('of-the-file'))),
    check: null,
  };
  return await rig.environment.client.workflow.start<Workflows['scheduledRun']>('scheduledRun', {
    workflowId: `scheduled/${schedule}`,
    taskQueue: sharedQueue('test'),
    args: [start],
  });
};

it('runs the evaluation itself, as a child under its dated name', async () => {
  const world = rig.evaluation('nightly', 2);
  const { name, alarm } = await (await startRun('nightly')).result();
  expect(name).toMatch(/^nightly-\d{8}$/);
  expect(alarm).toBeNull();
  expect(world.asked).toContain('grade');
  const evaluation = await rig.environment.client.workflow.getHandle(evaluationWorkflowId(name)).describe();
  expect(evaluation.status.name).toBe('COMPLETED');
  expect(evaluation.parentExecution?.workflowId).toBe('scheduled/nightly');
});

it('cancels what it started when it is cancelled', async () => {
  rig.evaluation('stopped', 2);
  rig.world.waiting = true;
  const run = await startRun('stopped');
  await until(() => rig.world.atOnce > 0);
  await run.cancel();
  await expect(run.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  const running = `WorkflowType = 'evaluation' AND ExecutionStatus = 'Running'`;
  await until(async () => (await rig.environment.client.workflow.count(running)).count === 0);
});
