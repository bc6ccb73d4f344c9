import { Problem } from '../../schemas/problem.ts';
import type { ReleaseWatchActivities, ReleaseWorkerActivities } from '../../workflows/contract/activities.ts';
import { releaseWorkflowId } from '../../workflows/contract/ids.ts';

/** Not in the stage's face, because that loads DuckDB and a worker needs this at its start. */
export { finishReplacements } from './local-release-folder.ts';

export interface ReleaseWorkerNeeds {
  /** Starts the process that builds releases unless it runs; resolves once it takes work. */
  startReleaseWorker: () => Promise<void>;
  isRunning: (workflowId: string) => Promise<boolean>;
}

/** What the main worker does for releases; building them is another process's work. */
export function createReleaseWorkerActivities({
  startReleaseWorker,
  isRunning,
}: ReleaseWorkerNeeds): ReleaseWorkerActivities & ReleaseWatchActivities {
  return {
    startReleaseWorker,

    async awaitReleaseEnd({ campaign, version }) {
      if (!(await isRunning(releaseWorkflowId(campaign, version)))) return;
      throw new Problem('release_running', `release ${version} of ${campaign} is being built`);
    },
  };
}
