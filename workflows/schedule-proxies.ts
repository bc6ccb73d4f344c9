import { proxyActivities } from '@temporalio/workflow';
import { clocks, scheduledAgain } from './activity-proxies.ts';
import type { ScheduleActivities } from './contract/schedule-activities.ts';

const hour = 3600;

/** Checking an evaluation: seconds, on a record that any worker of the store reads. */
export const checkActivities = scheduledAgain(
  proxyActivities<Pick<ScheduleActivities, 'checkScheduled'>>({
    ...clocks({ waiting: hour, working: 4 * hour }),
    startToCloseTimeout: '10 minutes',
    retry: { nonRetryableErrorTypes: ['evaluation_not_found', 'bad_evaluation_record'] },
  }),
);

/** An address that takes no alarm for some hours takes none: the run then ends as failed, which is seen, too. */
export const webhookActivities = scheduledAgain(
  proxyActivities<Pick<ScheduleActivities, 'postAlarm'>>({
    ...clocks({ waiting: hour, working: 4 * hour }),
    startToCloseTimeout: '5 minutes',
    retry: { maximumInterval: '5 minutes', nonRetryableErrorTypes: ['webhook_not_configured'] },
  }),
);
