import type { Client } from '@temporalio/client';
import type Docker from 'dockerode';
import type { Index } from '../activities/ledger/ledger.ts';
import type { ArtifactStore } from '../activities/artifacts/store.ts';
import type { PlanReader } from '../activities/planning/plan-reader.ts';
import type { GatewayClient } from '../activities/model/gateway/client.ts';
import type { ImageCache } from '../activities/sandbox/image-cache.ts';

/** What a worker gives its activities to reach the outside. */
export interface ActivityContext {
  /** Names this worker's host queue; stable over restarts. */
  host: string;
  docker: Docker;
  /** What was brought to the engine, and may go again. */
  images: ImageCache;
  store: ArtifactStore;
  index: Index;
  client: Client;
  plans: PlanReader;
  /** The way to every model. */
  gateway: GatewayClient;
}
