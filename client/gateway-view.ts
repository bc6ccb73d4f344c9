import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayClient } from '../activities/model/gateway/client.ts';
import type { GatewayStatus } from '../activities/model/gateway/protocol.ts';
import { home } from '../platform/home.ts';
import type { GatewayPause } from '../schemas/teacher-health.ts';

export type GatewayView = GatewayStatus['campaigns'][number];

/** How long the gateway gets to answer; after that its view is null. Milliseconds. */
const patienceMs = 2000;

/** What the gateway of this home knows of a campaign right now; null when none runs, or it never worked for the campaign. */
export async function gatewayView(campaign: string): Promise<GatewayView | null> {
  const gateway = new GatewayClient({ home: home(), environment: {} });
  try {
    const status = await Promise.race([gateway.status(), sleep(patienceMs, undefined, { ref: false })]);
    return status?.campaigns.find((seen) => seen.campaign === campaign) ?? null;
  } finally {
    gateway.close();
  }
}

/** What hosts reported and what this host's gateway says now. Where both name the same, the gateway counts: it knows the next try. */
export function mergedPauses(reported: readonly GatewayPause[], now: readonly GatewayPause[]): GatewayPause[] {
  const older = reported.filter((pause) => !now.some(({ teacher, code }) => teacher === pause.teacher && code === pause.code));
  return [...now, ...older];
}
