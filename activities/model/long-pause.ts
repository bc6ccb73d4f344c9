import { Problem } from '../../schemas/problem.ts';
import type { GatewayPause } from '../../schemas/teacher-health.ts';

/** How often a pause is looked for, and how long one is waited for; milliseconds. */
export interface Patience {
  everyMs: number;
  longMs: number;
}

/** A quarter of the time that a rollout has, and a quarter of an hour at most: longer than most outages, and short beside hours. */
export function patienceWithin(limitMs: number): Patience {
  const longMs = Math.min(15 * 60_000, limitMs / 4);
  return { longMs, everyMs: Math.min(60_000, longMs / 4) };
}

/**
 * Waits for something that a pause may hold back. Throws `Problem` teacher_paused once the pause has lasted for long, since
 * the caller may have limited time. What was waited for goes on.
 */
export async function withPatience<T>(
  wait: (signal: AbortSignal) => Promise<T>,
  pauseNow: () => Promise<GatewayPause | undefined>,
  signal: AbortSignal,
  { everyMs, longMs }: Patience,
): Promise<T> {
  const over = new AbortController();
  const look = async () => {
    const pause = await pauseNow();
    if (pause === undefined || Date.now() - Date.parse(pause.since) < longMs) return;
    over.abort(new Problem('teacher_paused', `${pause.code} since ${pause.since}: ${pause.message}`, { hint: pause.hint }));
  };
  // A look that fails shows nothing; another one follows.
  const timer = setInterval(() => void look().catch(() => undefined), everyMs);
  timer.unref();
  try {
    return await wait(AbortSignal.any([signal, over.signal]));
  } finally {
    clearInterval(timer);
  }
}
