import { readFile } from 'node:fs/promises';
import { withoutLastNewline } from '../../templates/template-files.ts';
import type { UserTexts } from '../../templates/text-source.ts';

/** An upstream OpenHands prompt (.j2) with `instance.…` and `workspace_dir_name`: the task's message. */
export async function readPromptFile(file: string): Promise<UserTexts> {
  const source = fromUpstream(withoutLastNewline(await readFile(file, 'utf8')));
  return { texts: { instance: { source, file, line: 1 } }, without: [], unused: [] };
}

/** Upstream copies each repository to a folder below /workspace; here it stays where the image has it. */
export function fromUpstream(source: string): string {
  return source.replace(/\/workspace\/\{\{\s*workspace_dir_name\s*\}\}/g, '{{ working_dir }}');
}
