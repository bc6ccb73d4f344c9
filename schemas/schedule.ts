import { z } from 'zod';
import { Alarm } from './alarm.ts';
import { RunName } from './student.ts';

/** What a schedule starts, by the name of its workflow. */
export const ScheduledKind = z.enum(['campaign', 'training', 'evaluation', 'pipeline']);
export type ScheduledKind = z.infer<typeof ScheduledKind>;

/** What happens when the next time comes while the last run still works. */
export const Overlap = z.enum(['skip', 'buffer_one', 'buffer_all', 'cancel_other', 'terminate_other', 'allow_all']);
export type Overlap = z.infer<typeof Overlap>;

const Day = z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']);

const ScheduleCalendar = z.strictObject({
  times: z.array(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 02:30')).min(1),
  /** By default every day. */
  days: z.array(Day).min(1).optional(),
});
export type ScheduleCalendar = z.infer<typeof ScheduleCalendar>;

/** Checking each evaluation against the accepted one. */
const ScheduledCheck = z.strictObject({
  /** `accepted`, or the name of an evaluation. */
  baseline: z.string().min(1).default('accepted'),
  /** The variable of the worker's environment that holds the address for alarms: such addresses are secrets. */
  webhook_env: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable')
    .optional(),
});
export type ScheduledCheck = z.infer<typeof ScheduledCheck>;

/** A schedule file (YAML). Relative paths are taken from the file's folder. */
export const ScheduleFile = z
  .strictObject({
    /** Runs are named by it and their date, in at most 40 characters. */
    name: RunName.max(24, 'at most 24 characters: dates are added to it'),
    start: z.string().min(1).describe('the campaign, training, evaluation or pipeline file'),
    cron: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
    every_minutes: z.number().positive().optional(),
    calendar: ScheduleCalendar.optional(),
    time_zone: z.string().refine(isTimeZone, 'no time zone, such as Europe/Berlin').default('UTC'),
    /** Each start is put off by a random time up to this. */
    jitter_minutes: z.number().min(0).default(0),
    /** Times that were missed, since no server ran, are made up for if they are no longer ago than this. */
    catch_up_minutes: z.number().min(0.2, 'at least 0.2: servers take no less than ten seconds').default(720),
    overlap: Overlap.default('skip'),
    paused: z.boolean().default(false),
    check: ScheduledCheck.optional(),
  })
  .refine(({ cron, every_minutes, calendar }) => [cron, every_minutes, calendar].filter((when) => when !== undefined).length === 1, {
    message: 'give one of cron, every_minutes and calendar',
    path: [],
  });
export type ScheduleFile = z.infer<typeof ScheduleFile>;

/** What a schedule hands to each of its runs. */
export const ScheduledStart = z.object({
  schedule: RunName,
  time_zone: z.string(),
  kind: ScheduledKind,
  /** The file to start, as it was read when the schedule was made; its name is replaced by that of the run. */
  file: z.record(z.string(), z.unknown()),
  check: ScheduledCheck.nullable(),
});
export type ScheduledStart = z.infer<typeof ScheduledStart>;

/** How a scheduled run ended. */
export const ScheduledResult = z.object({
  /** Of what was started. */
  name: z.string(),
  /** Null without a check, and where no evaluation was accepted yet. */
  alarm: Alarm.nullable(),
});
export type ScheduledResult = z.infer<typeof ScheduledResult>;

/** What the server keeps beside a schedule, for `list` and `show`. */
export const ScheduleMemo = z.object({ kind: ScheduledKind, path: z.string(), file: ScheduleFile });
export type ScheduleMemo = z.infer<typeof ScheduleMemo>;

export const CheckScheduledInput = z.object({ evaluation: RunName, series: RunName, check: ScheduledCheck });
export type CheckScheduledInput = z.infer<typeof CheckScheduledInput>;

export const PostAlarmInput = z.object({ alarm: Alarm, webhook_env: z.string() });
export type PostAlarmInput = z.infer<typeof PostAlarmInput>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
