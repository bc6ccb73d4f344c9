import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../schemas/problem.ts';
import { retryDelayMs } from '../retry.ts';
import { classifyFailure, type Outage } from '../failure/classify-failure.ts';
import type { CampaignBudget } from './campaign-budget.ts';
import type { Lane } from './lane.ts';
import type { Ask, Outcome } from './protocol.ts';
import type { TeacherHealth } from './teacher-health.ts';
import { type TeacherClients, failureOf } from './teacher-request.ts';

export interface ExchangeMeans {
  clients: TeacherClients;
  lane: Lane;
  health: TeacherHealth;
  /** The campaign's; rejects when what was spent before cannot be read. */
  budget: () => Promise<CampaignBudget>;
  /** Called for every request that failed and will be repeated; once only for those of a teacher that is paused. */
  onRetry: (detail: string) => void;
  redact: (text: string) => string;
}

/** Where one failure pauses a teacher: so many of one request, while others are answered, are an error of the request. */
const ownRefusals = 3;

/**
 * Carries one exchange to its outcome: within the budget, in turn, and with as many requests as the profile allows, not
 * counting those that failed because the teacher as a whole was down: it waits until the teacher is back. Never throws.
 */
export async function runExchange(ask: Ask, body: Buffer, means: ExchangeMeans, signal: AbortSignal): Promise<Outcome> {
  try {
    const budget = await means.budget();
    const reservation = await budget.reserve(body.length, ask.teacher, signal);
    const outcome = await requestUntilAnswered(ask, body, means, signal).catch((error: unknown) => {
      reservation.end(undefined);
      throw error;
    });
    reservation.end(outcome.type === 'reply' ? outcome.exchange : undefined);
    return outcome;
  } catch (error) {
    if (signal.aborted) return { type: 'problem', code: 'rollout_cancelled', message: `${ask.rollout}: the rollout was cancelled` };
    return { type: 'problem', code: 'gateway_failed', message: means.redact(`${nameOf(ask)}: ${messageOf(error)}`) };
  }
}

async function requestUntilAnswered(ask: Ask, body: Buffer, means: ExchangeMeans, signal: AbortSignal): Promise<Outcome> {
  const { retries } = ask.teacher;
  const { health, lane } = means;
  let failures = 0;
  let answersBefore: number | undefined;
  let noted = false;
  for (let number = 1; ; number++) {
    const result = await requestOnce(ask, body, number, means, signal);
    if ('outcome' in result) return result.outcome;
    // Others got answers between two failures of this one: then the teacher is not down.
    const own = answersBefore !== undefined && health.answers > answersBefore;
    answersBefore = health.answers;
    const reason = `exchange ${ask.exchange}, request ${number}: ${result.reason}`;
    if (result.paused && !own) {
      if (!noted) means.onRetry(reason);
      noted = true;
      continue;
    }
    failures += 1;
    if (failures >= (result.outage?.atOnce === true ? Math.min(ownRefusals, retries.attempts) : retries.attempts)) {
      return unavailable(ask, failures, result);
    }
    means.onRetry(reason);
    if (result.paused) continue;
    const delayMs = retryDelayMs(failures, result.retryAfterMs, retries, Math.random());
    if (result.everybody) lane.pause(delayMs);
    await sleep(delayMs, undefined, { signal });
  }
}

interface Failed {
  reason: string;
  /** Whether the teacher is paused now. */
  paused: boolean;
  outage: Outage | undefined;
  everybody: boolean;
  retryAfterMs: number | undefined;
}

async function requestOnce(
  ask: Ask,
  body: Buffer,
  number: number,
  { lane, health, clients, redact }: ExchangeMeans,
  signal: AbortSignal,
): Promise<{ outcome: Outcome } | Failed> {
  const leave = await lane.enter(signal);
  try {
    // Within the lane, so that requests go out in turn when the teacher is back.
    const permit = await health.admit(signal);
    try {
      const { rollout, exchange, teacher, mode } = ask;
      const reply = await clients.send({ rollout, exchange, teacher, mode, apiKey: health.key, body, number }, signal);
      permit.answered();
      return { outcome: { type: 'reply', exchange: reply } };
    } catch (error) {
      if (signal.aborted) {
        permit.dropped();
        throw error;
      }
      const { retryAfterMs, ...failure } = failureOf(error);
      const reason = redact(failure.message);
      const meaning = classifyFailure({ ...failure, retryAfterMs });
      if (meaning.kind === 'outage') {
        const paused = permit.failed(meaning.outage, reason, retryAfterMs);
        return { reason, paused, outage: meaning.outage, everybody: meaning.everybody, retryAfterMs };
      }
      if (meaning.kind === 'busy') {
        permit.busy(reason);
        return { reason, paused: false, outage: undefined, everybody: true, retryAfterMs };
      }
      permit.reached();
      const message = `${nameOf(ask)}: ${reason}`;
      if (meaning.kind === 'ending') return { outcome: { type: 'ending', kind: meaning.ending, message } };
      return { outcome: { type: 'problem', code: meaning.code, message, hint: meaning.hint } };
    }
  } finally {
    leave();
  }
}

function unavailable(ask: Ask, failures: number, { reason, outage }: Failed): Outcome {
  const message = `${nameOf(ask)}: ${failures} requests failed, the last one with: ${reason}`;
  if (outage?.atOnce === true && outage.code !== 'teacher_unreachable') {
    return { type: 'problem', code: outage.code, message, hint: 'the teacher answers other requests, but not this one' };
  }
  return {
    type: 'problem',
    code: 'teacher_unavailable',
    message,
    hint: `check that ${ask.teacher.base_url} answers; the rollout goes on where it stopped`,
  };
}

function nameOf(ask: Ask): string {
  return `rollout ${ask.rollout}, exchange ${ask.exchange}, teacher ${ask.teacher_name}`;
}
