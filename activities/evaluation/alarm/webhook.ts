import { setTimeout as sleep } from 'node:timers/promises';
import type { Alarm } from '../../../schemas/alarm.ts';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import { points } from '../report/numbers.ts';

/**
 * Posts an alarm as JSON: the alarm itself, and `text` for chats that show just that. Another try follows a failed one,
 * `tries` in all; an answer that another try would get again (4xx but 408 and 429) ends it at once. Redirects are not
 * followed. Throws `Problem` webhook_failed.
 */
export async function postAlarm(
  url: string,
  alarm: Alarm,
  {
    tries = 4,
    timeoutMs = 10_000,
    pauseMs = 1000,
    signal,
  }: { tries?: number; timeoutMs?: number; pauseMs?: number; signal?: AbortSignal } = {},
): Promise<void> {
  let last = '';
  for (let attempt = 0; attempt < tries; attempt++) {
    if (attempt > 0) await sleep(pauseMs * 2 ** (attempt - 1), undefined, { ...(signal !== undefined && { signal }) });
    const answer = await post(url, alarm, AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]));
    if (answer === 'done') return;
    signal?.throwIfAborted();
    last = answer.message;
    if (answer.final) break;
  }
  throw new Problem('webhook_failed', `the alarm of ${alarm.evaluation} could not be posted to ${hostOf(url)}: ${last}`, {
    hint: 'the check itself is on the ledger; see that the address is right and reached from this machine',
  });
}

async function post(url: string, alarm: Alarm, signal: AbortSignal): Promise<'done' | { message: string; final: boolean }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: alarmText(alarm), alarm }),
      redirect: 'manual',
      signal,
    });
    await response.body?.cancel();
    if (response.ok) return 'done';
    const again = response.status >= 500 || response.status === 408 || response.status === 429;
    return { message: `it answered ${response.status}`, final: !again };
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? `: ${messageOf(error.cause)}` : '';
    return { message: `${messageOf(error)}${cause}`, final: false };
  }
}

/** One paragraph for people. */
export function alarmText({ evaluation, baseline, verdict, reasons, tests }: Alarm): string {
  const head = `Evaluation ${evaluation} against ${baseline}: ${verdict}.`;
  const seen = tests.map(({ cell, difference, p_corrected }) => `${cell} ${points(difference)} (p = ${p_corrected.toPrecision(2)})`);
  return [head, ...reasons.map((reason) => `${reason}.`), ...(reasons.length === 0 ? [`${seen.join(', ')}.`] : [])].join(' ');
}

/** Paths of webhooks are secrets: they are not for messages and logs. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'an address that is none';
}
