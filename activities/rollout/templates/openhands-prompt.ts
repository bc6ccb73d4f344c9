import { readFile } from 'node:fs/promises';
import type { GivenTexts } from './given-texts.ts';
import { withoutLastNewline } from './own-texts.ts';

/** An upstream OpenHands prompt (.j2) with `instance.…` and `workspace_dir_name`: the task's message. */
export async function readOpenHandsPrompt(file: string): Promise<GivenTexts> {
  const source = fromOpenHands(withoutLastNewline(await readFile(file, 'utf8')));
  return { texts: { instance: { source, file, line: 1 } }, without: [], unused: [] };
}

/** Upstream copies each repository to a folder below /workspace; here it stays where the image has it. */
export function fromOpenHands(source: string): string {
  return source.replace(/\/workspace\/\{\{\s*workspace_dir_name\s*\}\}/g, '{{ working_dir }}');
}
