import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HarnessName } from '../../../schemas/names.ts';
import type { GivenTexts } from './given-texts.ts';
import { fromOpenHands } from './openhands-prompt.ts';
import { readTexts } from './own-texts.ts';
import { sampleValues } from './sample-values.ts';

/** Upstream's file names for texts that Tracemill calls otherwise. */
const upstreamNames: Record<string, string> = { system_prompt: 'system' };

/** A folder with one template file a text, named like the text: `instance.njk`, `nudge.j2`. */
export async function readTemplateFolder(harness: HarnessName, folder: string): Promise<GivenTexts> {
  const given: GivenTexts = { texts: {}, without: [], unused: [] };
  const sources = await readTexts(folder);
  for (const file of (await readdir(folder)).sort()) {
    const stem = file.replace(/\.[^.]+$/, '');
    const name = upstreamNames[stem] ?? stem;
    const source = sources[stem];
    const known = name in sampleValues[harness] || (harness === 'sweagent' && /^submit_review_\d+$/.test(name));
    if (source === undefined || !known) given.unused.push(file);
    else given.texts[name] = { source: harness === 'openhands' ? fromOpenHands(source) : source, file: join(folder, file), line: 1 };
  }
  return given;
}
