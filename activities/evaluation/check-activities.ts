import { Context } from '@temporalio/activity';
import { Problem } from '../../schemas/problem.ts';
import type { ScheduleActivities } from '../../workflows/contract/schedule-activities.ts';
import { postAlarm } from './alarm/webhook.ts';
import { checkEvaluation } from './check.ts';
import type { EvaluationStores } from './records.ts';

/** `variable`: the value of a variable of the worker's environment. */
export function createCheckActivities({
  ledger,
  store,
  variable,
}: EvaluationStores & { variable: (name: string) => string | undefined }): ScheduleActivities {
  return {
    async checkScheduled({ evaluation, series, check }) {
      try {
        return await checkEvaluation({ name: evaluation, baseline: check.baseline, series }, { ledger, store });
      } catch (error) {
        // The first night of a series has nothing to be compared with.
        if (error instanceof Problem && error.code === 'unknown_baseline') return null;
        throw error;
      }
    },

    async postAlarm({ alarm, webhook_env }) {
      const url = variable(webhook_env);
      if (url === undefined || url === '') {
        throw new Problem(
          'webhook_not_configured',
          `the alarm of ${alarm.evaluation} reached nobody: ${webhook_env} is not set for the worker`,
          {
            hint: `set ${webhook_env} in the environment of every worker, and start the worker again`,
          },
        );
      }
      await postAlarm(url, alarm, { signal: Context.current().cancellationSignal });
    },
  };
}
