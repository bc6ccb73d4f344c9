import type { OpenHandsSettings, SweAgentSettings } from '../../../schemas/campaign.ts';
import type { ToolDefinition } from '../../../schemas/message.ts';
import { Problem } from '../../../schemas/problem.ts';
import type { HarnessTemplates } from '../../../schemas/templates.ts';
import type { Assignment, Harness, HarnessRun } from '../harness.ts';
import { speaker } from '../templates/render.ts';
import { openhands } from './openhands/openhands.ts';
import { sweagent } from './sweagent/sweagent.ts';

/** A harness by name with its settings. */
export type HarnessChoice = { name: 'openhands'; settings: OpenHandsSettings } | { name: 'sweagent'; settings: SweAgentSettings };

/** A harness ready to begin: the tools it offers, and one run of it. */
export function openHarness(
  choice: HarnessChoice,
  templates: HarnessTemplates,
  assignment: Assignment,
): { tools: ToolDefinition[]; run: HarnessRun } {
  if (templates.harness !== choice.name) throw new Problem('template_failed', `templates of ${templates.harness} given to ${choice.name}`);
  const say = speaker(templates.texts);
  const has = (text: string) => text in templates.texts;
  const begin = <Settings>(harness: Harness<Settings>, settings: Settings) => ({
    tools: harness.tools(say),
    run: harness.begin({ assignment, settings, say, has }),
  });
  return choice.name === 'openhands' ? begin(openhands, choice.settings) : begin(sweagent, choice.settings);
}
