import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import { type Document, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { Campaign } from '../../schemas/campaign.ts';
import { messageOf, Problem } from '../../schemas/problem.ts';

/**
 * Reads a campaign file (YAML, or JSON, which is YAML). Relative paths in it become absolute, taken from its
 * folder. Throws `Problem` bad_campaign that names line, column and field of everything wrong with it.
 */
export async function readCampaignFile(path: string): Promise<Campaign> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Problem('bad_campaign', `${path} cannot be read: ${messageOf(error)}`, { hint: 'give the path of a campaign file' });
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const syntax = document.errors.map((error) => `${place(path, lines, error.pos[0])}: ${error.message}`);
  if (syntax.length > 0) throw bad(syntax);
  const parsed = Campaign.safeParse(document.toJS());
  if (!parsed.success) throw bad(parsed.error.issues.map((issue) => describe(issue, path, lines, document)));
  const campaign = withAbsolutePaths(parsed.data, dirname(resolve(path)));
  const inconsistent = inconsistencies(campaign);
  if (inconsistent.length > 0) throw bad(inconsistent.map((text) => `${path}: ${text}`));
  return campaign;
}

function describe(issue: z.core.$ZodIssue, path: string, lines: LineCounter, document: Document): string {
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

function withAbsolutePaths(campaign: Campaign, folder: string): Campaign {
  const absolute = (path: string) => (isAbsolute(path) || /^https?:/.test(path) ? path : resolve(folder, path));
  const { openhands, sweagent } = campaign.harnesses;
  return {
    ...campaign,
    tasks: campaign.tasks.map(absolute),
    ...(campaign.source && { source: { ...campaign.source, exclude: campaign.source.exclude.map(absolute) } }),
    harnesses: {
      ...(openhands && {
        openhands: { ...openhands, ...(openhands.templates !== undefined && { templates: absolute(openhands.templates) }) },
      }),
      ...(sweagent && { sweagent: { ...sweagent, ...(sweagent.templates !== undefined && { templates: absolute(sweagent.templates) }) } }),
    },
  };
}

/** What the schema alone cannot see. */
function inconsistencies({ modes, teachers }: Campaign): string[] {
  return Object.entries(modes).flatMap(([mode, name]) =>
    name in teachers ? [] : [`modes.${mode}: no teacher is called "${name}"; the file has ${Object.keys(teachers).join(', ') || 'none'}`],
  );
}

function bad(problems: string[]): Problem {
  return new Problem('bad_campaign', problems.join('\n'), { hint: 'docs/configuration.md describes every field' });
}
