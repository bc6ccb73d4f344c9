import { campaignSettings } from '../activities/model/check/campaign-settings.ts';
import { checkTeachers, refuseFaulty, teachersOf } from '../activities/model/check/check-teachers.ts';
import type { GatewayClient } from '../activities/model/gateway/client.ts';
import type { PlanningParts } from '../activities/planning/activities.ts';

/** The check of teachers, with the keys of this worker. */
export function checkTeachersOf(gateway: Pick<GatewayClient, 'key'>): PlanningParts['checkTeachers'] {
  return async (campaign, wish, { signal, tell }) => {
    const checks = await checkTeachers(teachersOf(campaign), {
      key: (variable) => gateway.key(variable),
      names: (teacher) => campaignSettings(teacher, ' and start the worker again'),
      signal,
      tell,
    });
    refuseFaulty(checks, wish);
    return checks;
  };
}
