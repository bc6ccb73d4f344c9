import { ActivityFailure, log, TimeoutFailure } from '@temporalio/workflow';
import { TimeoutType } from '@temporalio/common';
import type { PreparationInput } from '../schemas/activity-inputs.ts';
import type { PreparedImage } from '../schemas/prepared-image.ts';
import type { RunTimeouts } from '../schemas/run-timeouts.ts';
import { hostActivities, shortActivities } from './activity-proxies.ts';

/** Where a task is worked on: a host, and the task's clean image on it. */
export interface Place {
  host: string;
  image: PreparedImage;
}

/** No worker serves the host any more. What needs neither its containers nor its journals can be done elsewhere. */
export class HostLost extends Error {}

/**
 * Finds a host and makes the task's clean image there; on another host when the first is lost. `onHost` is called with
 * each host before the work there begins. Throws what preparing the image throws.
 */
export async function findPlace(input: PreparationInput, timeouts: RunTimeouts, onHost: (host: string) => void): Promise<Place> {
  for (;;) {
    const { host } = await shortActivities.acquireHost();
    onHost(host);
    try {
      return { host, image: await workOn(host, timeouts, ({ prepare }) => prepare(input)) };
    } catch (error) {
      if (!(error instanceof HostLost)) throw error;
      log.warn('no worker of the host took the work in time', { host });
    }
  }
}

/** Work on a host, however long it waits there for a free slot. Throws {@link HostLost} when no worker serves the host any more. */
export async function workOn<Result>(
  host: string,
  timeouts: RunTimeouts,
  work: (activities: ReturnType<typeof hostActivities>) => Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await work(hostActivities(host, timeouts));
    } catch (error) {
      if (!nobodyTook(error)) throw error;
      if (!(await shortActivities.isServed({ host }))) throw new HostLost(`no worker serves host ${host}`);
    }
  }
}

/** Nobody took the activity from the host's queue in time: it never began. */
function nobodyTook(error: unknown): boolean {
  return (
    error instanceof ActivityFailure && error.cause instanceof TimeoutFailure && error.cause.timeoutType === TimeoutType.SCHEDULE_TO_START
  );
}
