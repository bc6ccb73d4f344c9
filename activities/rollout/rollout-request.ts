import type { SandboxLimits, Teacher } from '../../schemas/campaign.ts';
import type { RolloutKey } from '../../schemas/names.ts';
import type { Task } from '../../schemas/task.ts';
import type { HarnessTemplates } from '../../schemas/templates.ts';
import type { Journal } from '../journal/journal.ts';
import type { ModelSession } from '../model/contract.ts';
import type { OpenSandboxFn } from '../sandbox/index.ts';
import type { RolloutProgress } from './driver.ts';
import type { ConfiguredHarness } from './harness.ts';

/** One attempt at a rollout: everything that it works on and with. */
export interface RolloutRequest {
  key: RolloutKey;
  task: Task;
  harness: ConfiguredHarness;
  teacher: { name: string; profile: Teacher };
  templates: HarnessTemplates;
  /** The version of Tracemill that runs. */
  version: string;
  /** Why the rollout starts again, where it was started before. */
  restarted?: string;
  /** The image of the task, the repository's place in it, and whether its history was removed. */
  image: { id: string; workdir: string; cleaned: boolean };
  limits: SandboxLimits;
  session: ModelSession;
  openSandbox: OpenSandboxFn;
  /** Open, and closed by the caller. */
  journal: Journal;
  /** Ends the attempt, not the rollout: the container stays for the next one. */
  signal: AbortSignal;
  /** Called often; must be cheap and must not throw. */
  onProgress?: (progress: RolloutProgress) => void;
}
