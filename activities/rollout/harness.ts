import type { z } from 'zod';
import type { HarnessSettings } from '../../schemas/campaign.ts';
import type { HarnessName } from '../../schemas/names.ts';
import { Problem } from '../../schemas/problem.ts';
import type { HarnessTemplates } from '../../schemas/templates.ts';
import type { Driver } from './driver.ts';

/** What stages after the rollout have to know of a harness to judge its trajectories. */
export interface HarnessFacts {
  /** The tool whose call ends a rollout as finished. */
  lastCall: string;
  /** Whether a row of the dataset may have replies with more than one call. */
  concurrentCalls: boolean;
  /** Required parameters, as `tool.parameter`, whose absence it overlooks. */
  overlookedArguments: readonly string[];
  /** Absolute paths at which upstream keeps its own programs in a container: an agent needs nothing there. */
  machinery: readonly string[];
}

/** A harness as a value: everything that Tracemill has to know of it. Nothing outside its folder names it. */
export interface Harness {
  readonly name: HarnessName;
  /**
   * Goes up with every change after which the same replies and results may lead to other requests or actions: in tools,
   * observations, limits, or the order of things. Texts and settings need no new version, since the plan holds them.
   * Journals are of one version: a rollout begun by another is not continued.
   */
  readonly version: number;
  /** Its section of a campaign file, defaults filled in. */
  readonly settings: z.ZodType<HarnessSettings>;
  /** Settings that are paths or addresses; a relative path starts at the folder of the campaign file. They shape no conversation. */
  readonly paths: readonly string[];
  readonly facts: HarnessFacts;
  /** All of its texts, with those in place that the settings name. Throws `Problem` template_bad with file and line. */
  loadTemplates(settings: HarnessSettings): Promise<HarnessTemplates>;
  readonly drive: Driver;
}

/** A harness with the settings that a campaign's plan holds for it. */
export interface ConfiguredHarness {
  harness: Harness;
  settings: HarnessSettings;
}

/** The harness of that name. Throws `Problem` harness_unknown. */
export function findHarness(harnesses: readonly Harness[], name: HarnessName): Harness {
  const harness = harnesses.find((candidate) => candidate.name === name);
  if (harness !== undefined) return harness;
  throw new Problem('harness_unknown', `this version of Tracemill has no harness ${name}`, {
    hint: `it has ${harnesses.map((known) => known.name).join(', ')}; go on with the version that planned the campaign`,
  });
}
