import { z } from 'zod';
import { Budget } from '../../../schemas/budget.ts';
import { Teacher } from '../../../schemas/campaign.ts';
import { CampaignName, Mode } from '../../../schemas/names.ts';
import { BusyTeacher, GatewayPause } from '../../../schemas/teacher-health.ts';
import { Exchange } from '../../../schemas/turn.ts';

/** Changes when frames change their meaning; a gateway of another number is replaced once it is idle. */
export const protocolVersion = 2;

/** Sent by a worker. Only this socket, which nobody else can open, ever carries a key's value. */
export const Ask = z.object({
  type: z.literal('ask'),
  id: z.int(),
  rollout: z.string(),
  exchange: z.int().min(0),
  request_sha256: z.string(),
  campaign: CampaignName,
  /** Name of the teacher profile in the campaign. */
  teacher_name: z.string(),
  teacher: Teacher,
  mode: Mode,
  /** As planned; an operator may have changed it since. */
  budget: Budget,
  /** Folder of journals, from which spent tokens are counted after a restart. */
  journals: z.string(),
  api_key: z.string().nullable(),
});
export type Ask = z.infer<typeof Ask>;

const number = { id: z.int() };

export const WorkerFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), protocol: z.int() }),
  Ask,
  /** Nobody here waits for the answer any more; the request goes on. */
  z.object({ type: z.literal('leave'), ...number }),
  /** The reply is on disk. */
  z.object({ type: z.literal('ack'), rollout: z.string(), exchange: z.int().min(0) }),
  /** The rollout is given up: its request is aborted, its replies are forgotten. */
  z.object({ type: z.literal('cancel'), ...number, rollout: z.string() }),
  z.object({ type: z.literal('status'), ...number }),
  /** The campaign's budget was changed. */
  z.object({ type: z.literal('budget'), ...number, campaign: CampaignName, budget: Budget }),
  /** `whenIdle` leaves requests and unjournalled replies alone and stops once there are none. */
  z.object({ type: z.literal('stop'), ...number, when_idle: z.boolean() }),
]);
export type WorkerFrame = z.infer<typeof WorkerFrame>;

export const GatewayStatus = z.object({
  pid: z.int(),
  protocol: z.int(),
  fingerprint: z.string(),
  uptime_seconds: z.number(),
  connections: z.int(),
  requests: z.int(),
  /** Replies that no worker has journalled yet. */
  unjournalled: z.int(),
  retiring: z.boolean(),
  teachers: z.array(
    z.object({
      campaign: z.string(),
      teacher: z.string(),
      active: z.int(),
      waiting: z.int(),
      capacity: z.int(),
      /** Seconds for which the server asked for silence. */
      paused_seconds: z.number(),
      /** Set while the teacher as a whole is down or refuses. */
      pause: GatewayPause.nullable(),
    }),
  ),
  /** Those that asked for an exchange of this gateway. */
  campaigns: z.array(
    z.object({
      campaign: CampaignName,
      /** Exchanges asked for that have no outcome yet. */
      running: z.int(),
      /** What all its replies on this host cost, those of running rollouts and of earlier gateways included. */
      prompt_tokens: z.int(),
      completion_tokens: z.int(),
      cost_usd: z.number(),
      exchanges: z.int(),
      reserved_tokens: z.int(),
      /** Replies a minute, over the last five. */
      exchanges_per_minute: z.number(),
      budget: Budget,
      /** What waits, and for what. */
      pauses: z.array(GatewayPause),
      busy: z.array(BusyTeacher),
    }),
  ),
});
export type GatewayStatus = z.infer<typeof GatewayStatus>;

/** How an exchange came out. */
export const Outcome = z.discriminatedUnion('type', [
  z.object({ type: z.literal('reply'), exchange: Exchange }),
  z.object({ type: z.literal('ending'), kind: z.enum(['context_full', 'model_refused']), message: z.string() }),
  z.object({ type: z.literal('problem'), code: z.string(), message: z.string(), hint: z.string().optional() }),
]);
export type Outcome = z.infer<typeof Outcome>;

export const GatewayFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), protocol: z.int(), fingerprint: z.string(), pid: z.int() }),
  z.object({ type: z.literal('retry'), ...number, detail: z.string() }),
  z.object({ type: z.literal('outcome'), ...number, outcome: Outcome }),
  z.object({ type: z.literal('status'), ...number, status: GatewayStatus }),
  z.object({ type: z.literal('done'), ...number, leaving: z.boolean() }),
]);
export type GatewayFrame = z.infer<typeof GatewayFrame>;
