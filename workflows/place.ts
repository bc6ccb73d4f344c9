import { log } from '@temporalio/workflow';
import type { PreparationInput } from '../schemas/activity-inputs.ts';
import type { PreparedImage } from '../schemas/prepared-image.ts';
import type { RunTimeouts } from '../schemas/run-timeouts.ts';
import { HostLost, hostActivities, shortActivities } from './activity-proxies.ts';

/** Where a task is worked on: a host, and the task's clean image on it. */
export interface Place {
  host: string;
  image: PreparedImage;
}

/**
 * Finds a host and makes the task's clean image there; on another host when the first is lost. `onHost` is called with
 * each host before the work there begins. Throws what preparing the image throws.
 */
export async function findPlace(input: PreparationInput, timeouts: RunTimeouts, onHost: (host: string) => void): Promise<Place> {
  for (;;) {
    const { host } = await shortActivities.acquireHost();
    onHost(host);
    try {
      return { host, image: await hostActivities(host, timeouts).prepare(input) };
    } catch (error) {
      if (!(error instanceof HostLost)) throw error;
      log.warn('no worker of the host took the work in time', { host });
    }
  }
}
