import { apiKeyOf } from './api-key.ts';
import { createHash } from 'node:crypto';
import type { Campaign, Teacher } from '../../schemas/campaign.ts';
import type { RolloutKey } from '../../schemas/names.ts';
import { Problem } from '../../schemas/problem.ts';
import { rolloutId } from '../../schemas/rollout-id.ts';
import type { GatewayPause } from '../../schemas/teacher-health.ts';
import type { Exchange } from '../../schemas/turn.ts';
import type { Journal } from '../journal/journal.ts';
import { ModelEnding, type ModelRequest, type ModelSession } from './contract.ts';
import { EarlierReasoning } from './earlier-reasoning.ts';
import type { GatewayClient } from './gateway/client.ts';
import type { Outcome } from './gateway/protocol.ts';
import { type Patience, withPatience } from './long-pause.ts';
import { requestBody } from './request-body.ts';
import { checkMode } from './thinking.ts';

export interface OpenModelSession {
  gateway: GatewayClient;
  journal: Journal;
  key: RolloutKey;
  /** The profile and its name in the campaign. */
  teacher: Teacher;
  teacherName: string;
  budget: Campaign['budget'];
  /** Folder of all journals of this host. */
  journals: string;
  /** How long a teacher that is down is waited for before teacher_paused is thrown. */
  patience: Patience;
}

export interface OpenedModelSession extends ModelSession {
  /** For a rollout that is given up: aborts its request. Not called at a worker's shutdown, so that the next worker gets the reply. */
  cancel(): Promise<void>;
}

/**
 * The model session of one rollout. A signal that aborts `exchange` only stops the waiting: the request goes on
 * in the gateway, and asking for the same exchange again, from any process, gives its reply.
 *
 * Throws `Problem` mode_unsupported; the exchange throws request_diverged, teacher_unavailable, teacher_rejected_request,
 * gateway_unavailable, gateway_failed, exchange_already_journalled, rollout_cancelled. A teacher that is down or refuses is
 * no error: the exchange waits in the gateway until it answers. When its patience is at an end it throws teacher_paused, so that
 * the rollout's clock can be stopped meanwhile; asked again, it waits on.
 */
export function openModelSession(options: OpenModelSession): OpenedModelSession {
  const { gateway, journal, key, teacher, teacherName } = options;
  const rollout = rolloutId(key);
  checkMode(teacherName, teacher, key.mode);
  const apiKey = keyOf(gateway, teacher);
  const earlier = new EarlierReasoning(teacher);

  /** A rollout asks in its order, and a resumed one from the start: so `earlier` knows the replies before each request. */
  async function exchange(request: ModelRequest, signal: AbortSignal): Promise<Exchange> {
    const answered = await journalledOrAsked(request, signal);
    earlier.note(answered.reply);
    return answered;
  }

  async function journalledOrAsked(request: ModelRequest, signal: AbortSignal): Promise<Exchange> {
    const { request_sha256, body } = prepared(() => Buffer.from(requestBody(request, teacher, key.mode, earlier)));
    const journalled = journal.exchange(request.exchange);
    if (journalled !== undefined) {
      if (journalled.request_sha256 !== request_sha256) throw diverged(rollout, request.exchange);
      // The worker that journalled it may have died before it could say so.
      if (journal.exchange(request.exchange + 1) === undefined) gateway.acknowledge(rollout, request.exchange);
      return { reply: journalled.reply, usage: journalled.usage, cost_usd: journalled.cost_usd, latency_ms: journalled.latency_ms };
    }
    const ask = {
      rollout,
      exchange: request.exchange,
      request_sha256,
      campaign: key.campaign,
      teacher_name: teacherName,
      teacher,
      mode: key.mode,
      budget: options.budget,
      journals: options.journals,
      api_key: apiKey,
    };
    const wait = (own: AbortSignal) => gateway.ask(ask, body, own, (detail) => void noteRetry(journal, detail));
    const pauseNow = () => pauseOf(gateway, key.campaign, teacherName);
    const answered = paidFor(await withPatience(wait, pauseNow, signal, options.patience));
    await journal.append({ type: 'exchange', at: Date.now(), exchange: request.exchange, turn: request.turn, request_sha256, ...answered });
    gateway.acknowledge(rollout, request.exchange);
    return answered;
  }

  return { exchange, cancel: () => gateway.cancel(rollout) };
}

/** A body with its hash. It is released once it was handed out, and built again when needed, which is rare. */
function prepared(build: () => Buffer): { request_sha256: string; body: () => Buffer } {
  let built: Buffer | undefined = build();
  const request_sha256 = createHash('sha256').update(built).digest('hex');
  const body = () => {
    const handed = built ?? build();
    built = undefined;
    return handed;
  };
  return { request_sha256, body };
}

/** What holds the requests of this teacher back; undefined when nothing does. */
async function pauseOf(gateway: GatewayClient, campaign: string, teacherName: string): Promise<GatewayPause | undefined> {
  const seen = (await gateway.status())?.campaigns.find((one) => one.campaign === campaign);
  return seen?.pauses.find(({ teacher }) => teacher === null || teacher === teacherName);
}

/** Null when the profile names no variable, and when the worker does not have it: the gateway then waits for one that does. */
function keyOf(gateway: GatewayClient, { api_key_env }: Teacher): string | null {
  return api_key_env === undefined ? null : apiKeyOf(gateway.key(api_key_env));
}

/** A worker that attaches to a request gets its earlier retries again. */
async function noteRetry(journal: Journal, detail: string): Promise<void> {
  if (journal.notes.some((note) => note.event === 'model_retry' && note.detail === detail)) return;
  // A journal that cannot be written fails the exchange itself; the note need not.
  await journal.note('model_retry', detail).catch(() => undefined);
}

function paidFor(outcome: Outcome): Exchange {
  if (outcome.type === 'reply') return outcome.exchange;
  if (outcome.type === 'ending') throw new ModelEnding(outcome.kind, outcome.message);
  throw new Problem(outcome.code, outcome.message, outcome.hint === undefined ? {} : { hint: outcome.hint });
}

function diverged(rollout: string, exchange: number): Problem {
  return new Problem(
    'request_diverged',
    `rollout ${rollout}: exchange ${exchange} is journalled with another request than the one asked now`,
    {
      hint: 'harness, templates or teacher changed since; change them back, or delete the journal to run the rollout anew',
    },
  );
}
