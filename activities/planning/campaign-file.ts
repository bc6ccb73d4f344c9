import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { Campaign, type HarnessSettings } from '../../schemas/campaign.ts';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { evaluationOfCampaign } from '../../workflows/contract/ids.ts';
import { completeSettings, type Issue } from './harness-settings.ts';
import type { PlannableHarness } from './planning-needs.ts';

/**
 * Reads a campaign file (YAML, or JSON, which is YAML). Relative paths in it become absolute, taken from its
 * folder. The settings of each harness are those of its schema, defaults filled in. Throws `Problem` bad_campaign that
 * names line, column and field of everything wrong with it.
 */
export async function readCampaignFile(path: string, harnesses: readonly PlannableHarness[]): Promise<Campaign> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Problem('bad_campaign', `${path} cannot be read: ${messageOf(error)}`, { hint: 'give the path of a campaign file' });
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const syntax = document.errors.map((error) => `${place(path, lines, error.pos[0])}: ${error.message}`);
  if (syntax.length > 0) throw bad(syntax);
  const value: unknown = document.toJS();
  const parsed = Campaign.safeParse(value);
  // Sections that are no mapping at all are the campaign schema's to report.
  const read = completeSettings(Sections.safeParse(value).data?.harnesses ?? {}, harnesses);
  const issues = [...(parsed.error?.issues ?? []).filter((issue) => !isWithinHarnesses(issue)), ...read.issues];
  if (!parsed.success || issues.length > 0) throw bad(issues.map((issue) => describe(issue, path, lines, document)));
  const campaign = withAbsolutePaths({ ...parsed.data, harnesses: read.settings }, dirname(resolve(path)), harnesses);
  const inconsistent = inconsistencies(campaign);
  if (inconsistent.length > 0) throw bad(inconsistent.map((text) => `${path}: ${text}`));
  return campaign;
}

/** Harnesses report on their sections themselves. */
function isWithinHarnesses({ path: [section, name] }: Issue): boolean {
  return section === 'harnesses' && name !== undefined;
}

const Sections = z.object({ harnesses: z.record(z.string(), z.unknown()) });

function describe(issue: Issue, path: string, lines: LineCounter, document: Document): string {
  const field = issue.path.map(String).join('.');
  return `${place(path, lines, offsetOf(document, issue.path))}: ${field === '' ? 'the file' : field}: ${issue.message}`;
}

/** Where the node at `path`, or the nearest one around it that exists, begins in the text. */
function offsetOf(document: Document, path: PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length).map(String), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) return Number(node.range[0]);
  }
  return 0;
}

function place(path: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${path}:${line}:${col}`;
}

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
function inconsistencies({ name: campaign, purpose, modes, teachers }: Campaign): string[] {
  const reserved = [
    ...(evaluationOfCampaign(campaign) === undefined ? [] : ['name: names like this one are those of evaluations; choose another']),
    ...(purpose === undefined ? [] : ['purpose: evaluations set it; describe one in a file of its own (docs/evaluation.md)']),
  ];
  const unknown = Object.entries(modes).flatMap(([mode, name]) =>
    name in teachers ? [] : [`modes.${mode}: no teacher is called "${name}"; the file has ${Object.keys(teachers).join(', ') || 'none'}`],
  );
  return [...reserved, ...unknown];
}

function bad(problems: string[]): Problem {
  return new Problem('bad_campaign', problems.join('\n'), { hint: 'docs/configuration.md describes every field' });
}
