import type { Alarm } from '../../schemas/alarm.ts';
import type { CheckScheduledInput, PostAlarmInput } from '../../schemas/schedule.ts';

/** What a scheduled evaluation is followed by. */
export interface ScheduleActivities {
  /** Checks an evaluation that has ended and puts the check on the ledger; null where none of its series was accepted yet. */
  checkScheduled(input: CheckScheduledInput): Promise<Alarm | null>;
  /** Fails as webhook_failed while the address does not take it, for good as webhook_not_configured. */
  postAlarm(input: PostAlarmInput): Promise<void>;
}
