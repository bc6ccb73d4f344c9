import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readTexts } from './template-files.ts';
import { samplesOf, type TextSource, type UserTexts } from './text-source.ts';

/** Upstream's file names for texts that Tracemill calls otherwise. */
const upstreamNames: Record<string, string> = { system_prompt: 'system' };

/** A folder with one template file a text, named like the text: `instance.njk`, `nudge.j2`. */
export async function readTemplateFolder(source: TextSource, folder: string): Promise<UserTexts> {
  const found: UserTexts = { texts: {}, without: [], unused: [] };
  const templates = await readTexts(folder);
  for (const file of (await readdir(folder)).sort()) {
    const stem = file.replace(/\.[^.]+$/, '');
    const name = upstreamNames[stem] ?? stem;
    const template = templates[stem];
    if (template === undefined || samplesOf(source, name) === undefined) found.unused.push(file);
    else found.texts[name] = { source: source.translate?.(template) ?? template, file: join(folder, file), line: 1 };
  }
  return found;
}
