import type { WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { z } from 'zod';

type PendingActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** What the last heartbeat of an activity carried, as the server holds it; undefined where there is none of this shape. */
export function heartbeatOf<T>(activity: PendingActivity | undefined, shape: z.ZodType<T>): T | undefined {
  const payload = activity?.heartbeatDetails?.payloads?.[0];
  if (payload === undefined || payload === null) return undefined;
  return shape.safeParse(defaultPayloadConverter.fromPayload(payload)).data;
}
