import { hiddenMs } from './poller.ts';

interface Outside {
  work: () => Promise<void>;
  /** Whether nobody sees the page: the work is then done more seldom. */
  hidden: () => boolean;
  /** Calls back after so many milliseconds; gives what ends the wait. */
  wait: (milliseconds: number, then: () => void) => () => void;
}

/**
 * Does work again and again, `interval` milliseconds after its last end, and half a minute after it while nobody sees the page.
 * `now` does it out of turn. Work that fails is done again in its turn.
 */
export function repeat(interval: number, { work, hidden, wait }: Outside): { now: () => void; end: () => void } {
  let ended = false;
  let busy = false;
  let stopWaiting = () => {};
  const next = () => {
    if (!ended) stopWaiting = wait(hidden() ? hiddenMs : interval, now);
  };
  const now = () => {
    if (busy || ended) return;
    busy = true;
    stopWaiting();
    void work()
      .catch(() => undefined)
      .finally(() => {
        busy = false;
        next();
      });
  };
  next();
  return {
    now,
    end: () => {
      ended = true;
      stopWaiting();
    },
  };
}
