import type { Budget } from '../schemas/budget.ts';
import type { CampaignRetry, CampaignStatus, WorkLeft } from '../schemas/campaign-status.ts';
import { retryGroups } from '../schemas/retry-groups.ts';
import type { BusyTeacher, GatewayPause } from '../schemas/teacher-health.ts';

/** What is held back and for how long, one line each, with what to do on the next line. `now`: milliseconds since the epoch. */
export function pauseLines(pauses: readonly GatewayPause[], now: number): string[] {
  return pauses.flatMap(({ teacher, code, message, hint, since, next_try }) => {
    const what = teacher === null ? 'all teachers wait' : `teacher ${teacher} is waited for`;
    return [
      `${what}: ${code} since ${since.slice(11, 19)} UTC (${duration(now - Date.parse(since))})${nextTryText(next_try, now)}: ${message}`,
      `  → ${hint}`,
    ];
  });
}

/** Teachers that refuse every request for the moment, a line each. */
export function busyLines(busy: readonly BusyTeacher[], now: number): string[] {
  return busy.map(
    ({ teacher, since, message, waiting }) =>
      `teacher ${teacher} is busy: it has refused every request for ${duration(now - Date.parse(since))}, ${waiting} more wait; they are repeated: ${message}`,
  );
}

/** What failed and is tried again: a line for each kind of work and each reason, with the tasks that wait for it. */
export function retryLines(retries: readonly CampaignRetry[], now: number): string[] {
  const lines = retryGroups(retries).map(({ first, others, next_try }) => {
    const which = `${first.instance_id}${others === 0 ? '' : ` and ${others} more`}`;
    const next = nextTryText(next_try, now);
    return `${first.activity} fails and is tried again (attempt ${first.attempt}${next}; ${which}): ${first.code}: ${first.message}`;
  });
  return lines.length <= mostReasons ? lines : [...lines.slice(0, mostReasons), `and ${lines.length - mostReasons} other reasons`];
}

const mostReasons = 3;

/** When the next attempt begins, for people; nothing for one that is under way. */
export function nextTryText(next: string | null, now: number): string {
  return next === null ? '' : `, next try ${inTime(Date.parse(next) - now)}`;
}

/** Tokens and dollars so far, how fast it goes, and what is left. */
export function figureLines({
  spending,
  budget,
  turns_per_minute,
  left,
}: Pick<CampaignStatus, 'spending' | 'budget' | 'turns_per_minute' | 'left'>): string[] {
  const { source, turns, prompt_tokens, completion_tokens, cost_usd } = spending;
  const tokens = `${compact(prompt_tokens)} prompt and ${compact(completion_tokens)} completion tokens`;
  const counted = source === 'gateway' ? 'running rollouts included, on this host' : 'tasks that ended';
  const rate = turns_per_minute === null ? [] : [`${turns_per_minute.toFixed(1)} turns a minute over the last five`];
  return [
    `spent: ${tokens} in ${compact(turns)} turns, $${cost_usd.toFixed(2)}${limitText(budget)} (${counted})`,
    [...rate, `left: ${leftText(left)}`].join('; '),
  ];
}

function limitText(budget: Budget | null): string {
  if (budget === null) return '';
  const limits = [
    ...(budget.cost_usd > 0 ? [`$${budget.cost_usd}`] : []),
    ...(budget.tokens > 0 ? [`${compact(budget.tokens)} tokens`] : []),
  ];
  return limits.length === 0 ? '' : ` of ${limits.join(' and ')}`;
}

function leftText(left: WorkLeft | null): string {
  if (left === null) return 'not yet known';
  if (left.rollouts === 0) return 'no rollout';
  const time = left.minutes === null ? 'time not yet known' : `about ${duration(left.minutes * 60_000)}`;
  return `${left.rollouts} rollouts, about ${compact(left.turns)} turns and $${left.cost_usd.toFixed(2)}, ${time}`;
}

/** 12345 → 12.3k */
export function compact(count: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(count);
}

/** 5 s, 12 min, 3.5 h, 2.1 d */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return seconds < 86_400 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} d`;
}

function inTime(milliseconds: number): string {
  return milliseconds < 1000 ? 'now' : `in ${duration(milliseconds)}`;
}
