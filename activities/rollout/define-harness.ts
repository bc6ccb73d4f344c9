import { z } from 'zod';
import type { HarnessSettings } from '../../schemas/campaign.ts';
import type { HarnessName } from '../../schemas/names.ts';
import { Problem } from '../../schemas/problem.ts';
import type { Agent } from './agent.ts';
import type { Harness, HarnessFacts } from './harness.ts';
import type { TextSource } from './templates/text-source.ts';

/** What a harness whose loop runs here consists of. */
interface HarnessDefinition<Schema extends z.ZodType<HarnessSettings & { templates?: string | undefined }>> {
  name: HarnessName;
  /** See {@link Harness}. */
  version: number;
  /** `templates` is a path at which the user's own texts lie. */
  settings: Schema;
  texts: TextSource;
  facts: HarnessFacts;
  /** Loads what the turn loop plays. */
  loadAgent: () => Promise<Agent<z.output<Schema>>>;
}

/** Makes a harness whose turns are played by the turn loop. */
export function defineHarness<Schema extends z.ZodType<HarnessSettings & { templates?: string | undefined }>>(
  definition: HarnessDefinition<Schema>,
): Harness {
  const { name, version, settings: schema, texts, facts, loadAgent } = definition;
  const read = (settings: HarnessSettings): z.output<Schema> => {
    const parsed = schema.safeParse(settings);
    if (parsed.success) return parsed.data;
    throw new Problem(
      'bad_campaign',
      `settings of ${name} that this version of Tracemill does not take: ${z.prettifyError(parsed.error)}`,
      {
        hint: 'go on with the version that planned the campaign, or correct its file and start it again',
      },
    );
  };
  return {
    name,
    version,
    settings: schema,
    paths: ['templates'],
    facts,
    // Loaded when they are wanted: filters and scanner ask for facts alone.
    loadTemplates: async (settings) => {
      const { loadTemplates } = await import('./templates/load-templates.ts');
      return loadTemplates(name, texts, read(settings).templates);
    },
    drive: async (setup) => {
      const [{ turnLoop }, agent] = await Promise.all([import('./turn-loop.ts'), loadAgent()]);
      return turnLoop(name, agent, read(setup.settings), setup);
    },
  };
}
