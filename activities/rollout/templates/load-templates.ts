import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { HarnessName } from '../../../schemas/names.ts';
import { Problem } from '../../../schemas/problem.ts';
import type { HarnessTemplates } from '../../../schemas/templates.ts';
import { readTemplateFolder } from './folder.ts';
import { place, render } from './render.ts';
import { readTextFolders } from './template-files.ts';
import { samplesOf, type TextSource, type UserTexts } from './text-source.ts';

/**
 * The texts of a harness: Tracemill's, replaced by the user's where `path` is given. That is a folder of template
 * files named like the texts, or a file in the form of upstream that the harness reads. What is not used is listed in
 * `unused`. Throws `Problem` template_bad naming file and line.
 */
export async function loadTemplates(harness: HarnessName, source: TextSource, path?: string): Promise<HarnessTemplates> {
  const defaults = await readTextFolders(source.folders);
  if (path === undefined) return { harness, texts: defaults, unused: [] };
  const user = await readUserTexts(harness, source, path);
  for (const [name, text] of Object.entries(user.texts)) check(source, name, text);
  const texts = Object.fromEntries(Object.entries(user.texts).map(([name, text]) => [name, text.source]));
  const base = Object.fromEntries(Object.entries(defaults).filter(([name]) => !user.without.includes(name)));
  return { harness, texts: { ...base, ...texts }, unused: user.unused };
}

async function readUserTexts(harness: HarnessName, source: TextSource, path: string): Promise<UserTexts> {
  const found = await stat(path).catch(() => null);
  if (found === null)
    throw new Problem('template_bad', `there are no templates at ${path}`, {
      hint: 'paths in a campaign file start at the folder that the file is in',
    });
  if (found.isDirectory()) return readTemplateFolder(source, path);
  const { endings, description, read } = source.file;
  if (endings.includes(extname(path))) return read(path);
  throw new Problem('template_bad', `${path} is not a form of templates that ${harness} takes`, {
    hint: `give a folder of .njk files or ${description}`,
  });
}

/** Tries a text with sample values, so that a mistake is found before a rollout begins. */
function check(origin: TextSource, name: string, { source, file, line }: UserTexts['texts'][string]): void {
  const values = samplesOf(origin, name) ?? {};
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
