import { describe, expect, it } from 'vitest';
import { hostQueue, hostWork, sharedQueue, storeOfQueue } from '../../../workflows/contract/ids.ts';
import type { Workflows } from '../../../workflows/contract/workflows.ts';
import * as workflows from '../../../workflows/index.ts';

describe('queues', () => {
  it('belong to a store', () => {
    expect(storeOfQueue(sharedQueue('0123456789ab'))).toBe('0123456789ab');
    expect(storeOfQueue('somebody-else')).toBeUndefined();
  });

  it('of hosts belong to the store of their shared queue, also where two homes gave a host the same name', () => {
    const queues = ['a', 'b'].flatMap((store) => hostWork.map((work) => hostQueue(sharedQueue(store), 'host', work)));
    expect(new Set(queues).size).toBe(2 * hostWork.length);
  });
});

describe('the workflows', () => {
  it('are those of the contract, with its arguments and results', () => {
    const known: Workflows = workflows;
    expect(Object.keys(known).sort()).toEqual(['campaign', 'evaluation', 'pipeline', 'pullRequest', 'release', 'scheduledRun', 'training']);
  });
});
