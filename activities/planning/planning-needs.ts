import type { z } from 'zod';
import type { Campaign, HarnessSettings, Teacher } from '../../schemas/campaign.ts';
import type { HarnessName, Mode } from '../../schemas/names.ts';
import type { Task } from '../../schemas/task.ts';
import type { HarnessTemplates } from '../../schemas/templates.ts';

/** What planning has to know of a harness. */
export interface PlannableHarness {
  readonly name: HarnessName;
  /** Its section of a campaign file, defaults filled in. */
  readonly settings: z.ZodType<HarnessSettings>;
  /** Settings that are paths or addresses. */
  readonly paths: readonly string[];
  /** Every text of the harness under these settings. Throws `Problem` template_bad. */
  loadTemplates(settings: HarnessSettings): Promise<HarnessTemplates>;
}

/** A row of a campaign's input: a task, or why it is none. `place`: file and line or row, for people. */
type ReadRow =
  | { ok: true; place: string; task: Task }
  | { ok: false; place: string; code: string; problems: readonly string[]; hint: string };

/** What planning asks of later stages, so that it imports none of them; workers/ puts it together. */
export interface PlanningNeeds {
  harnesses: readonly PlannableHarness[];
  /** Throws `Problem` mode_unsupported for a teacher that cannot produce the mode. `name`: the teacher's in the campaign. */
  checkMode(name: string, teacher: Teacher, mode: Mode): void;
  /** The rows of these inputs that pass the filters, in order, and those that do not. */
  readTasks(inputs: Pick<Campaign, 'tasks' | 'source'>): AsyncIterable<ReadRow>;
}
