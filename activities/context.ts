import type { Client } from '@temporalio/client';
import type Docker from 'dockerode';
import type { Index } from './artifacts/index.ts';
import type { ArtifactStore } from './artifacts/store.ts';
import type { PlanReader } from './campaign/plan-reader.ts';
import type { GatewayClient } from './model/gateway/client.ts';

/** What a worker gives its activities to reach the outside. */
export interface ActivityContext {
  /** Names this worker's host queue; stable over restarts. */
  host: string;
  docker: Docker;
  store: ArtifactStore;
  index: Index;
  client: Client;
  plans: PlanReader;
  /** The way to every model. */
  gateway: GatewayClient;
}
