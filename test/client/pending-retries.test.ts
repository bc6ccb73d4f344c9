import { describe, expect, it } from 'vitest';
import { pendingRetries } from '../../client/pending-retries.ts';

const refused = { message: 'nothing answers', applicationFailureInfo: { type: 'engine_unreachable' } };

describe('what is tried again', () => {
  it.each([
    ['as it was thrown', refused, 'engine_unreachable', 'nothing answers'],
    [
      'too large for the server',
      { message: 'Failure exceeds size limit.', serverFailureInfo: {}, cause: refused },
      'engine_unreachable',
      'nothing answers',
    ],
    ['a time limit', { message: 'activity Heartbeat timeout', timeoutFailureInfo: {} }, 'activity_timeout', 'activity Heartbeat timeout'],
  ])('names the last failure: %s', (_, lastFailure, code, message) => {
    const activity = { activityType: { name: 'prepare' }, attempt: 3, state: 2, lastFailure };
    expect(pendingRetries({ raw: { pendingActivities: [activity] } })).toEqual([
      { activity: 'prepare', attempt: 3, next_try: null, code, message },
    ]);
  });
});
