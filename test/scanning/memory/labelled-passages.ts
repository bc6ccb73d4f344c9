import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** A passage of a model's own words that a person labelled. */
const LabelledPassage = z.object({
  id: z.string(),
  repo: z.string(),
  /** What the task's text says. */
  issue: z.string(),
  /** What the repository or earlier outputs showed, else empty. */
  seen: z.string(),
  where: z.enum(['reasoning', 'reply', 'think_call', 'code_comment', 'commit_message']),
  text: z.string(),
  label: z.enum(['MEMORY', 'CLEAN']),
  kind: z.string(),
  /** The part of the text that is the claim; empty in clean ones. */
  claim: z.string(),
});
export type LabelledPassage = z.infer<typeof LabelledPassage>;

const folder = join(import.meta.dirname, '../sets/memory');

/** The passages of one file of `test/scanning/sets/memory`, in its order. */
export function labelledPassages(name: string): LabelledPassage[] {
  return readFileSync(join(folder, `${name}.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => LabelledPassage.parse(JSON.parse(line)));
}
