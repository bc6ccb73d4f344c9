import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { HarnessName } from '../../../schemas/names.ts';
import { Problem } from '../../../schemas/problem.ts';
import type { HarnessTemplates } from '../../../schemas/templates.ts';
import type { GivenTexts } from './given-texts.ts';
import { readTemplateFolder } from './folder.ts';
import { readOpenHandsPrompt } from './openhands-prompt.ts';
import { ownTexts } from './own-texts.ts';
import { place, render } from './render.ts';
import { sampleValues } from './sample-values.ts';
import { readSweAgentConfig } from './sweagent-config.ts';

/**
 * The texts of a harness: Tracemill's own, where `path` is given overlaid with the user's. That is a folder of
 * template files named like the texts, for `sweagent` also an upstream YAML configuration, for `openhands` an upstream
 * Jinja prompt. What is of no use is listed in `unused`. Throws `Problem` template_bad naming file and line.
 */
export async function loadTemplates(harness: HarnessName, path?: string): Promise<HarnessTemplates> {
  const own = await ownTexts(harness);
  if (path === undefined) return { harness, texts: own, unused: [] };
  const given = await readGiven(harness, path);
  for (const [name, text] of Object.entries(given.texts)) check(harness, name, text);
  const texts = Object.fromEntries(Object.entries(given.texts).map(([name, { source }]) => [name, source]));
  const base = Object.fromEntries(Object.entries(own).filter(([name]) => !given.without.includes(name)));
  return { harness, texts: { ...base, ...texts }, unused: given.unused };
}

async function readGiven(harness: HarnessName, path: string): Promise<GivenTexts> {
  const found = await stat(path).catch(() => null);
  if (found === null)
    throw new Problem('template_bad', `there are no templates at ${path}`, {
      hint: 'paths in a campaign file start at the folder that the file is in',
    });
  if (found.isDirectory()) return readTemplateFolder(harness, path);
  if (harness === 'sweagent' && ['.yaml', '.yml'].includes(extname(path))) return readSweAgentConfig(path);
  if (harness === 'openhands' && ['.j2', '.jinja', '.jinja2', '.njk'].includes(extname(path))) return readOpenHandsPrompt(path);
  throw new Problem('template_bad', `${path} is not a form of templates that ${harness} takes`, {
    hint:
      harness === 'sweagent'
        ? 'give a folder of .njk files or a SWE-agent configuration (.yaml)'
        : 'give a folder of .njk files or an OpenHands prompt (.j2)',
  });
}

/** Tries a text with sample values, so that a mistake is found before a rollout begins. */
function check(harness: HarnessName, name: string, { source, file, line }: GivenTexts['texts'][string]): void {
  const values = sampleValues[harness][name.replace(/^(submit_review)_\d+$/, '$1')] ?? {};
  try {
    render(name, source, values);
  } catch (error) {
    const found = place(error);
    const at = found.line === undefined ? line : line + found.line - 1;
    throw new Problem('template_bad', `${file}:${at}: template ${name}: ${found.what}`, {
      hint: `it may use: ${Object.keys(values).join(', ') || 'no values'}`,
      cause: error,
    });
  }
}
