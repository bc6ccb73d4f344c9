import type { Teacher } from '../../schemas/campaign.ts';

/** A server that asks for more is not believed. */
export const longestRetryAfterMs = 3_600_000;

/**
 * How long to wait before the next request after so many failures, in milliseconds: full jitter over an exponential ceiling, and never
 * less than the server asked for. `chance` is a number in [0, 1).
 */
export function retryDelayMs(failures: number, retryAfterMs: number | undefined, retries: Teacher['retries'], chance: number): number {
  const ceiling = Math.min(retries.maximum_seconds, retries.initial_seconds * 2 ** (failures - 1)) * 1000;
  const jitter = ceiling * chance;
  return retryAfterMs === undefined ? jitter : Math.min(retryAfterMs, longestRetryAfterMs) + Math.min(jitter, 1000);
}

/** Reads a Retry-After header, seconds or HTTP date, as milliseconds from `now`; undefined when it is neither. */
export function retryAfterMs(header: string | null | undefined, now: number): number | undefined {
  if (header === null || header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return seconds < 0 ? undefined : seconds * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
