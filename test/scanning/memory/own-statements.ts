import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { LabelledPassage } from './labelled-passages.ts';

const Statements = z.strictObject({ recalls: z.string(), innocent: z.string() });

/** Plain words are the same wherever they stand. */
const voices = ['reasoning', 'reply', 'commit_message'] as const;

const files = ['../corpus/recollections.yaml', '../sets/memory/stock.yaml'];

/** Plain statements by the author of the rules: those of the scanner's own corpus, and more of their kind. */
export function ownStatements(): LabelledPassage[] {
  return files.flatMap((file) => statementsOf(file));
}

function statementsOf(file: string): LabelledPassage[] {
  const { recalls, innocent } = Statements.parse(parse(readFileSync(join(import.meta.dirname, file), 'utf8')));
  const passages = (text: string, label: LabelledPassage['label']) =>
    text.split('\n').flatMap((statement, at) =>
      voices.map(
        (where): LabelledPassage => ({
          id: `${label}-${at}`,
          repo: 'acme/widgets',
          issue: 'Fix the bug.',
          seen: '',
          where,
          text: statement,
          label,
          kind: 'plain statement',
          claim: label === 'MEMORY' ? statement : '',
        }),
      ),
    );
  return [...passages(recalls, 'MEMORY'), ...passages(innocent, 'CLEAN')];
}
