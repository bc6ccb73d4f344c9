import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../schemas/problem.ts';
import { retryDelayMs } from '../retry.ts';
import { classifyFailure } from '../teacher-failure.ts';
import { type TeacherClients, failureOf } from './teacher-request.ts';
import type { CampaignBudget } from './campaign-budget.ts';
import type { Lane } from './lane.ts';
import type { Ask, Outcome } from './protocol.ts';

export interface ExchangeMeans {
  clients: TeacherClients;
  lane: Lane;
  /** The campaign's; rejects when what was spent before cannot be read. */
  budget: () => Promise<CampaignBudget>;
  /** Called for every request that failed and will be repeated. */
  onRetry: (detail: string) => void;
  redact: (text: string) => string;
}

/**
 * Carries one exchange to its outcome: within the budget, in turn, and with as many requests as the profile
 * allows. Never throws.
 */
export async function runExchange(ask: Ask, body: Buffer, means: ExchangeMeans, signal: AbortSignal): Promise<Outcome> {
  try {
    const budget = await means.budget();
    const reservation = await budget.reserve(body.length, ask.teacher, signal);
    if (reservation === undefined) return budgetSpent(ask);
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
  for (let number = 1; ; number++) {
    const result = await requestOnce(ask, body, number, means, signal);
    if ('outcome' in result) return result.outcome;
    if (number >= retries.attempts) {
      return {
        type: 'problem',
        code: 'teacher_unavailable',
        message: `${nameOf(ask)}: ${number} requests failed, the last one with: ${result.reason}`,
        hint: `check that ${ask.teacher.base_url} answers; the rollout goes on where it stopped`,
      };
    }
    const delayMs = retryDelayMs(number, result.retryAfterMs, retries, Math.random());
    if (result.everybody) means.lane.pause(delayMs);
    means.onRetry(`exchange ${ask.exchange}, request ${number}: ${result.reason}`);
    await sleep(delayMs, undefined, { signal });
  }
}

type RequestResult = { outcome: Outcome } | { reason: string; everybody: boolean; retryAfterMs: number | undefined };

async function requestOnce(ask: Ask, body: Buffer, number: number, means: ExchangeMeans, signal: AbortSignal): Promise<RequestResult> {
  const leave = await means.lane.enter(signal);
  try {
    const { rollout, exchange, teacher, mode, api_key: apiKey } = ask;
    return {
      outcome: {
        type: 'reply',
        exchange: await means.clients.send({ rollout, exchange, teacher, mode, apiKey, body, number }, signal),
      },
    };
  } catch (error) {
    signal.throwIfAborted();
    const failure = failureOf(error, Date.now());
    const reason = means.redact(failure.message);
    const kind = classifyFailure(failure);
    if (kind.kind === 'ending') return { outcome: { type: 'ending', kind: kind.ending, message: `${nameOf(ask)}: ${reason}` } };
    if (kind.kind === 'problem') {
      return { outcome: { type: 'problem', code: kind.code, message: `${nameOf(ask)}: ${reason}`, hint: kind.hint } };
    }
    return { reason, everybody: kind.everybody, retryAfterMs: failure.retryAfterMs };
  } finally {
    leave();
  }
}

function budgetSpent(ask: Ask): Outcome {
  const { tokens, cost_usd } = ask.budget;
  const limits = [...(tokens > 0 ? [`${tokens} tokens`] : []), ...(cost_usd > 0 ? [`$${cost_usd}`] : [])].join(' and ');
  return { type: 'ending', kind: 'budget', message: `${nameOf(ask)} would overrun the budget of campaign ${ask.campaign} (${limits})` };
}

function nameOf(ask: Ask): string {
  return `rollout ${ask.rollout}, exchange ${ask.exchange}, teacher ${ask.teacher_name}`;
}
