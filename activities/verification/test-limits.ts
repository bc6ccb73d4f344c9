import type { SandboxLimits } from '../../schemas/campaign.ts';
import { defaultLimits, type JobOptions } from '../sandbox/index.ts';

/**
 * Of the containers that run tests: a campaign that gives its sandboxes more memory gives it to them too, and one that
 * gives less does not reduce theirs.
 */
export function testLimits({ memory_mb }: Pick<SandboxLimits, 'memory_mb'>): NonNullable<JobOptions['limits']> {
  return { memory_mb: Math.max(defaultLimits.memory_mb, memory_mb) };
}
