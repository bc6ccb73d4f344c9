import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The texts of several folders; of two with one name the later folder's counts. */
export async function readTextFolders(folders: readonly string[]): Promise<Record<string, string>> {
  const texts = await Promise.all(folders.map(readTexts));
  return Object.assign({}, ...texts);
}

/** The template files of a folder by their name without ending. */
export async function readTexts(folder: string): Promise<Record<string, string>> {
  const files = (await readdir(folder)).filter((file) => /\.(njk|j2|jinja2?)$/.test(file)).sort();
  const entries = files.map(
    async (file) => [file.replace(/\.[^.]+$/, ''), withoutLastNewline(await readFile(join(folder, file), 'utf8'))] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

/** A file ends in a newline that is no part of the text. */
export function withoutLastNewline(text: string): string {
  return text.replace(/\r?\n$/, '');
}
