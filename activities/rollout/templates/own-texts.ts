import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HarnessName } from '../../../schemas/names.ts';

/** Tracemill's own texts of a harness with those of the editor that both share. */
export async function ownTexts(harness: HarnessName): Promise<Record<string, string>> {
  const rollout = join(import.meta.dirname, '..');
  const editor = await readTexts(join(rollout, 'editor', 'templates'));
  return { ...editor, ...(await readTexts(join(rollout, 'harnesses', harness, 'templates'))) };
}

/** The template files of a folder by their name without ending. */
export async function readTexts(folder: string): Promise<Record<string, string>> {
  const files = (await readdir(folder)).filter((file) => /\.(njk|j2|jinja2?)$/.test(file)).sort();
  const entries = files.map(
    async (file) => [file.replace(/\.[^.]+$/, ''), withoutLastNewline(await readFile(join(folder, file), 'utf8'))] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

/** A file ends in a newline that is not meant to be said. */
export function withoutLastNewline(text: string): string {
  return text.replace(/\r?\n$/, '');
}
