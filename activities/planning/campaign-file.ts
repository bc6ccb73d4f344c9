import { dirname, isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { Campaign, type HarnessSettings } from '../../schemas/campaign.ts';
import { readYamlFile, readYamlText, type YamlFile } from '../../platform/yaml-file.ts';
import { Problem } from '../../schemas/problem.ts';
import { evaluationOfCampaign } from '../../workflows/contract/ids.ts';
import { licenceIdentifier } from '../licences/licence-names.ts';
import { completeSettings, type Issue } from './harness-settings.ts';
import type { PlannableHarness } from './planning-needs.ts';

const hint = 'docs/configuration.md describes every field';

/**
 * Reads a campaign file (YAML, or JSON, which is YAML). Relative paths in it become absolute, taken from its
 * folder. The settings of each harness are those of its schema, defaults filled in. Throws `Problem` bad_campaign that
 * names line, column and field of everything wrong with it.
 */
export async function readCampaignFile(path: string, harnesses: readonly PlannableHarness[]): Promise<Campaign> {
  return campaignOf(await readYamlFile(path, { code: 'bad_campaign', hint, kind: 'campaign' }), { path, harnesses, prefix: `${path}: ` });
}

/** As {@link readCampaignFile}, of the text of a file that is not written yet. */
export function readCampaignText(text: string, path: string, harnesses: readonly PlannableHarness[]): Campaign {
  const told = `${path} is not written; ${hint}`;
  return campaignOf(readYamlText(text, { code: 'bad_campaign', hint: told }), { path, harnesses, prefix: '', hint: told });
}

function campaignOf(
  file: YamlFile,
  options: { path: string; harnesses: readonly PlannableHarness[]; prefix: string; hint?: string },
): Campaign {
  const { path, harnesses, prefix } = options;
  const { value } = file;
  const parsed = Campaign.safeParse(value);
  // Sections that are no mapping at all are the campaign schema's to report.
  const read = completeSettings(Sections.safeParse(value).data?.harnesses ?? {}, harnesses);
  const issues = [...(parsed.error?.issues ?? []).filter((issue) => !isWithinHarnesses(issue)), ...read.issues];
  if (!parsed.success || issues.length > 0) throw file.problem(issues);
  const campaign = withAbsolutePaths({ ...parsed.data, harnesses: read.settings }, dirname(resolve(path)), harnesses);
  const inconsistent = inconsistencies(campaign);
  if (inconsistent.length > 0) {
    throw new Problem('bad_campaign', inconsistent.map((text) => `${prefix}${text}`).join('\n'), { hint: options.hint ?? hint });
  }
  return campaign;
}

/** Harnesses report on their sections themselves. */
function isWithinHarnesses({ path: [section, name] }: Issue): boolean {
  return section === 'harnesses' && name !== undefined;
}

const Sections = z.object({ harnesses: z.record(z.string(), z.unknown()) });

function withAbsolutePaths(campaign: Campaign, folder: string, harnesses: readonly PlannableHarness[]): Campaign {
  const absolute = (path: string) => (isAbsolute(path) || /^https?:/.test(path) ? path : resolve(folder, path));
  const settingsOf = (name: string, settings: HarnessSettings) => {
    const paths = harnesses.find((harness) => harness.name === name)?.paths ?? [];
    return Object.fromEntries(
      Object.entries(settings).map(([key, value]) => [key, paths.includes(key) && typeof value === 'string' ? absolute(value) : value]),
    );
  };
  return {
    ...campaign,
    tasks: campaign.tasks.map(absolute),
    ...(campaign.source && { source: { ...campaign.source, exclude: campaign.source.exclude.map(absolute) } }),
    harnesses: Object.fromEntries(Object.entries(campaign.harnesses).map(([name, settings]) => [name, settingsOf(name, settings)])),
  };
}

/** What the schema alone cannot check. */
function inconsistencies({ name: campaign, purpose, modes, teachers, scanning, release: { licences } }: Campaign): string[] {
  const reserved = [
    ...(evaluationOfCampaign(campaign) === undefined ? [] : ['name: names like this one are those of evaluations; choose another']),
    ...(purpose === undefined ? [] : ['purpose: evaluations set it; describe one in a file of its own (docs/evaluation.md)']),
  ];
  const named: [string, string][] = [
    ...Object.entries(modes).map(([mode, name]): [string, string] => [`modes.${mode}`, name]),
    ...(scanning.judge === undefined ? [] : [['scanning.judge.teacher', scanning.judge.teacher] satisfies [string, string]]),
  ];
  const unknown = named.flatMap(([field, name]) =>
    name in teachers ? [] : [`${field}: no teacher is called "${name}"; the file has ${Object.keys(teachers).join(', ') || 'none'}`],
  );
  const unnamed = typeof licences === 'object' ? licences.filter((name) => licenceIdentifier(name) === undefined) : [];
  return [
    ...reserved,
    ...unknown,
    ...unnamed.map(
      (name) => `release.licences: ${name} is no licence with an SPDX name; name some as [MIT, Apache-2.0], or give any or known`,
    ),
  ];
}
