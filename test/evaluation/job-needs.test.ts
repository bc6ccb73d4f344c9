import { expect, it } from 'vitest';
import { JobNeedsChange } from '../../schemas/job.ts';

it('what a file does not say of the needs of a job stays as the program has it', () => {
  expect(JobNeedsChange.parse({ gpus_per_node: 1 })).toEqual({ gpus_per_node: 1 });
  expect(JobNeedsChange.safeParse({ gpu: 1 }).error?.issues[0]?.message).toContain('gpu');
});
