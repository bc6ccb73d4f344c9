import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { StudentBase } from '../../schemas/student.ts';

/** The text of a base's chat template and its sha256. The same file goes to trainers and servers. */
export interface ChatTemplate {
  text: string;
  sha256: string;
}

const read = new Map<StudentBase, ChatTemplate>();

export function chatTemplate(base: StudentBase): ChatTemplate {
  const known = read.get(base);
  if (known !== undefined) return known;
  const text = readFileSync(new URL(`./templates/${base}.jinja`, import.meta.url), 'utf8');
  const template = { text, sha256: createHash('sha256').update(text).digest('hex') };
  read.set(base, template);
  return template;
}
