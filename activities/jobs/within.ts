import { setTimeout as delay } from 'node:timers/promises';

/** Asks again and again whether something holds, `ms` at most; says whether it does. */
export async function within(ms: number, holds: () => boolean | Promise<boolean>, everyMs = 25): Promise<boolean> {
  for (const deadline = Date.now() + ms; Date.now() < deadline; await delay(everyMs)) {
    if (await holds()) return true;
  }
  return await holds();
}
