import {
  type CalendarSpec,
  type Client,
  type DayOfWeek,
  ScheduleAlreadyRunning,
  type ScheduleHandle,
  ScheduleNotFoundError,
  type ScheduleOptions,
  type ScheduleOverlapPolicy,
  type ScheduleSpec,
  type ScheduleSummary,
} from '@temporalio/client';
import { Problem } from '../schemas/problem.ts';
import { type Overlap, type ScheduleCalendar, type ScheduleFile, ScheduleMemo, type ScheduledStart } from '../schemas/schedule.ts';
import { sharedQueue } from '../workflows/contract/ids.ts';

/** A schedule as people see it. Times are in ISO 8601. */
export interface ScheduleView {
  name: string;
  kind: string;
  /** The file that it starts, when it was made. */
  path: string;
  paused: boolean;
  note: string;
  next: string[];
  /** The last runs, the newest last: the time that each was for, and its workflow. */
  recent: { time: string; workflow_id: string }[];
}

export interface ScheduleDetail extends ScheduleView {
  file: ScheduleFile;
  running: string[];
  started: number;
  skipped_by_overlap: number;
  missed: number;
}

/**
 * Makes a schedule on the server, or replaces one. Throws `Problem` bad_schedule when there is one of this name and it is not
 * to be replaced, and for a cron expression that the server refuses.
 */
export async function createSchedule(
  client: Client,
  storeId: string,
  { file, path, start, replace }: { file: ScheduleFile; path: string; start: ScheduledStart; replace: boolean },
): Promise<'created' | 'replaced'> {
  const memo: ScheduleMemo = { kind: start.kind, path, file };
  const options: ScheduleOptions = {
    scheduleId: scheduleId(storeId, file.name),
    spec: specOf(file),
    action: {
      type: 'startWorkflow',
      workflowType: 'scheduledRun',
      workflowId: `scheduled/${file.name}`,
      taskQueue: sharedQueue(storeId),
      args: [start],
    },
    policies: { overlap: policyOf(file.overlap), catchupWindow: file.catch_up_minutes * 60_000, pauseOnFailure: false },
    state: { paused: file.paused },
    memo: { schedule: memo },
  };
  try {
    await client.schedule.create(options);
    return 'created';
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw refused(file.name, error);
  }
  if (!replace) {
    throw new Problem('bad_schedule', `there is a schedule ${file.name} already`, { hint: 'replace it by this one: --replace' });
  }
  // An update would keep the old memo, and `show` would tell of the old file.
  await client.schedule.getHandle(options.scheduleId).delete();
  await client.schedule.create(options);
  return 'replaced';
}

/** Schedules of this store, by name. */
export async function listSchedules(client: Client, storeId: string): Promise<ScheduleView[]> {
  const views: ScheduleView[] = [];
  for await (const { scheduleId: id, memo, state, info } of client.schedule.list()) {
    if (!id.startsWith(scheduleId(storeId, ''))) continue;
    views.push(viewOf(memoOf(memo), { state, info }));
  }
  return views.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Throws `Problem` unknown_schedule, as all below do. */
export async function scheduleDetail(client: Client, storeId: string, name: string): Promise<ScheduleDetail> {
  return await withSchedule(client, storeId, name, async (handle) => {
    const { memo, state, info } = await handle.describe();
    return {
      ...viewOf(memoOf(memo), { state, info }),
      file: memoOf(memo).file,
      running: info.runningActions.map(({ workflow }) => workflow.workflowId),
      started: info.numActionsTaken,
      skipped_by_overlap: info.numActionsSkippedOverlap,
      missed: info.numActionsMissedCatchupWindow,
    };
  });
}

export async function pauseSchedule(client: Client, storeId: string, name: string, note: string | undefined): Promise<void> {
  await withSchedule(client, storeId, name, (handle) => handle.pause(note));
}

export async function resumeSchedule(client: Client, storeId: string, name: string): Promise<void> {
  await withSchedule(client, storeId, name, (handle) => handle.unpause());
}

/** Starts a run now, also while the schedule is paused. */
export async function triggerSchedule(client: Client, storeId: string, name: string, overlap?: Overlap): Promise<void> {
  await withSchedule(client, storeId, name, (handle) => handle.trigger(overlap === undefined ? undefined : policyOf(overlap)));
}

/** Starts the runs of a time that has passed, one after another unless told otherwise. */
export async function backfillSchedule(
  client: Client,
  storeId: string,
  name: string,
  { from, to, overlap = 'buffer_all' }: { from: Date; to: Date; overlap?: Overlap | undefined },
): Promise<void> {
  // The server leaves out a time that is exactly the start.
  const start = new Date(from.getTime() - 1);
  await withSchedule(client, storeId, name, (handle) => handle.backfill({ start, end: to, overlap: policyOf(overlap) }));
}

/** What it started goes on. */
export async function deleteSchedule(client: Client, storeId: string, name: string): Promise<void> {
  await withSchedule(client, storeId, name, (handle) => handle.delete());
}

async function withSchedule<T>(client: Client, storeId: string, name: string, use: (handle: ScheduleHandle) => Promise<T>): Promise<T> {
  try {
    return await use(client.schedule.getHandle(scheduleId(storeId, name)));
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    throw new Problem('unknown_schedule', `there is no schedule ${name}`, { hint: 'see: tracemill schedule list', cause: error });
  }
}

/** Two homes on one server never touch each other's schedules. */
function scheduleId(storeId: string, name: string): string {
  return `schedule/${storeId}/${name}`;
}

function viewOf(
  { kind, path, file }: ScheduleMemo,
  { state, info }: { state: ScheduleSummary['state']; info: ScheduleSummary['info'] },
): ScheduleView {
  return {
    name: file.name,
    kind,
    path,
    paused: state.paused,
    note: state.note ?? '',
    next: info.nextActionTimes.map((time) => time.toISOString()),
    recent: info.recentActions.map(({ scheduledAt, action }) => ({
      time: scheduledAt.toISOString(),
      workflow_id: action.workflow.workflowId,
    })),
  };
}

function memoOf(memo: Record<string, unknown> | undefined): ScheduleMemo {
  return ScheduleMemo.parse(memo?.['schedule']);
}

function specOf({ cron, every_minutes, calendar, time_zone, jitter_minutes }: ScheduleFile): ScheduleSpec {
  return {
    timezone: time_zone,
    jitter: Math.round(jitter_minutes * 60_000),
    ...(cron !== undefined && { cronExpressions: [cron].flat() }),
    ...(every_minutes !== undefined && { intervals: [{ every: Math.round(every_minutes * 60_000) }] }),
    ...(calendar !== undefined && { calendars: calendarsOf(calendar) }),
  };
}

function calendarsOf({ times, days }: ScheduleCalendar): CalendarSpec[] {
  const dayOfWeek = days?.map((day) => dayNames[day]) ?? '*';
  return times.map((time) => ({ hour: Number(time.slice(0, 2)), minute: Number(time.slice(3)), dayOfWeek }));
}

const dayNames: Record<NonNullable<ScheduleCalendar['days']>[number], DayOfWeek> = {
  monday: 'MONDAY',
  tuesday: 'TUESDAY',
  wednesday: 'WEDNESDAY',
  thursday: 'THURSDAY',
  friday: 'FRIDAY',
  saturday: 'SATURDAY',
  sunday: 'SUNDAY',
};

const policies: Record<Overlap, ScheduleOverlapPolicy> = {
  skip: 'SKIP',
  buffer_one: 'BUFFER_ONE',
  buffer_all: 'BUFFER_ALL',
  cancel_other: 'CANCEL_OTHER',
  terminate_other: 'TERMINATE_OTHER',
  allow_all: 'ALLOW_ALL',
};

function policyOf(overlap: Overlap): ScheduleOverlapPolicy {
  return policies[overlap];
}

/** What the server says of a specification that it does not take is meant for the one who wrote it. The client makes a TypeError of it. */
function refused(name: string, error: unknown): unknown {
  if (!(error instanceof TypeError)) return error;
  return new Problem('bad_schedule', `the server does not take the schedule ${name}: ${error.message}`, {
    hint: 'correct cron, calendar or every_minutes in the file',
    cause: error,
  });
}
