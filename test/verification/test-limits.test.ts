import { expect, it } from 'vitest';
import { testLimits } from '../../activities/verification/test-limits.ts';
import { SandboxLimits } from '../../schemas/campaign.ts';

it('gives tests the memory of a sandbox where that is more than a job has', () => {
  expect(testLimits(SandboxLimits.parse({}))).toEqual({ memory_mb: 4096 });
  expect(testLimits({ memory_mb: 16_384 })).toEqual({ memory_mb: 16_384 });
  expect(testLimits({ memory_mb: 512 })).toEqual({ memory_mb: 4096 });
});
