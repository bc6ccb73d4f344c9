import {
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowCancellationType,
  ChildWorkflowFailure,
  type ChildWorkflowHandle,
  isCancellation,
  ParentClosePolicy,
  startChild,
  type Workflow,
  workflowInfo,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { defineSearchAttributeKey, SearchAttributeType, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { Alarm } from '../schemas/alarm.ts';
import type { ReportedProblem } from '../schemas/reported-problem.ts';
import type { ScheduledCheck, ScheduledResult, ScheduledStart } from '../schemas/schedule.ts';
import { datedNames } from './contract/dated-name.ts';
import { scheduledChildren } from './contract/scheduled-targets.ts';
import { reportedProblem, sentenceOf } from './reported-problem.ts';
import { checkActivities, webhookActivities } from './schedule-proxies.ts';

/** Set by the server on each run of a schedule: the time that the run is for, however late it begins. */
const nominalTime = defineSearchAttributeKey('TemporalScheduledStartTime', SearchAttributeType.DATETIME);

/**
 * One run of a schedule: starts what the schedule names under a dated name, waits for its end, and checks an evaluation
 * against the accepted one. It ends as failed when what it started does.
 */
export async function scheduledRun(start: ScheduledStart): Promise<ScheduledResult> {
  const { schedule, check } = start;
  const { name, children } = await startTarget(start);
  const problem = await problemOf(children);
  if (problem !== undefined) {
    if (check !== null) await post(check, failedNight(name, check, problem));
    throw ApplicationFailure.nonRetryable(`${start.kind} ${name} failed: ${sentenceOf(problem)}`, 'scheduled_run_failed', problem.hint);
  }
  if (check === null) return { name, alarm: null };
  const alarm = await checkActivities.checkScheduled({ evaluation: name, series: schedule, check });
  if (alarm !== null && alarm.verdict !== 'fine') await post(check, alarm);
  return { name, alarm };
}

/** A second run of one day, or one whose day was run by hand, gets a name with the time as well. */
async function startTarget(start: ScheduledStart): Promise<{ name: string; children: ChildWorkflowHandle<Workflow>[] }> {
  const time = workflowInfo().typedSearchAttributes.get(nominalTime) ?? workflowInfo().startTime;
  const [dated, timed] = datedNames(start.schedule, time, start.time_zone);
  try {
    return { name: dated, children: await startAll(start, dated) };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return { name: timed, children: await startAll(start, timed) };
  }
}

async function startAll({ kind, file }: ScheduledStart, name: string): Promise<ChildWorkflowHandle<Workflow>[]> {
  const children: ChildWorkflowHandle<Workflow>[] = [];
  for (const child of scheduledChildren(kind, name, file)) {
    const options = {
      ...child,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      // What was started by a schedule ends with it when the schedule's overlap policy says so.
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    };
    children.push(await startChild<Workflow>(kind, options));
  }
  return children;
}

/** The first failure of what was started, once all of it has ended. Throws when the run is cancelled. */
async function problemOf(children: readonly ChildWorkflowHandle<Workflow>[]): Promise<ReportedProblem | undefined> {
  const ended = await Promise.allSettled(children.map((child) => child.result()));
  const failures = ended.flatMap((result) => (result.status === 'rejected' ? [toError(result.reason)] : []));
  const [first] = failures;
  if (first === undefined) return undefined;
  if (CancellationScope.current().consideredCancelled && isCancellation(first)) throw first;
  return reportedProblem(first instanceof ChildWorkflowFailure ? (first.cause ?? first) : first);
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

async function post({ webhook_env }: ScheduledCheck, alarm: Alarm): Promise<void> {
  if (webhook_env !== undefined) await webhookActivities.postAlarm({ alarm, webhook_env });
}

function failedNight(name: string, { baseline }: ScheduledCheck, problem: ReportedProblem): Alarm {
  return { evaluation: name, baseline, verdict: 'invalid', reasons: [`it failed: ${sentenceOf(problem)}`], tests: [] };
}
