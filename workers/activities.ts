import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { ArtifactStore } from '../activities/artifacts/store.ts';
import { createDatasetActivities } from '../activities/dataset/activities.ts';
import { createFilteringActivities } from '../activities/filtering/activities.ts';
import { createLedgerActivities } from '../activities/ledger/activities.ts';
import type { Ledger } from '../activities/ledger/ledger.ts';
import type { GatewayClient } from '../activities/model/gateway/client.ts';
import { createPlanningActivities } from '../activities/planning/activities.ts';
import { PlanReader } from '../activities/planning/plan-reader.ts';
import { createRolloutActivities } from '../activities/rollout/activities.ts';
import { harnesses } from '../activities/rollout/harnesses/registry.ts';
import { createSandboxActivities } from '../activities/sandbox/activities.ts';
import type { HomeEngine } from '../activities/sandbox/home-engine.ts';
import type { ImageCache } from '../activities/sandbox/image-cache.ts';
import { createScanningActivities } from '../activities/scanning/activities.ts';
import { createUnverifiedActivities, createVerificationActivities } from '../activities/verification/activities.ts';
import type { paths as homePaths } from '../platform/home.ts';
import { version } from '../platform/version.ts';
import type { DatasetActivities, HostActivities, ShortActivities } from '../workflows/contract/activities.ts';

/** What a worker has opened; each stage takes of it what it says that it needs. */
export interface WorkerParts {
  host: string;
  /** The store's shared queue. */
  queue: string;
  engine: HomeEngine;
  images: ImageCache;
  store: ArtifactStore;
  ledger: Ledger;
  client: Client;
  gateway: GatewayClient;
  paths: typeof homePaths;
}

/** All activities, by the queue that a worker takes them from. */
export function createActivities({ paths, ...parts }: WorkerParts): { short: ShortActivities & DatasetActivities; host: HostActivities } {
  const shared = { ...parts, plans: new PlanReader(parts.store) };
  return {
    short: {
      ...createPlanningActivities(shared),
      ...createLedgerActivities(shared),
      ...createUnverifiedActivities(shared),
      ...createScanningActivities(shared),
      ...createFilteringActivities(shared),
      ...createDatasetActivities({ ...shared, releases: paths.releases() }),
    },
    host: {
      rollouts: createRolloutActivities({ ...shared, harnesses, version, journals: paths.journals() }),
      preparation: createSandboxActivities(shared),
      tests: createVerificationActivities({ ...shared, gateCache: join(paths.cache(), 'gate') }),
    },
  };
}
