import { messageOf, Problem } from '../../schemas/problem.ts';

/**
 * A part of an input that gave no task. `place`: file and row, from 1, or line for JSON; the file alone where none of
 * it, or nothing more of it, could be read. `problems`: one line a field or rule. `hint`: what to do next.
 */
export interface BadRow {
  ok: false;
  place: string;
  code: string;
  problems: string[];
  hint: string;
}

const hints = {
  bad_row: 'fix the fields named, or leave the row out; docs/sources.md shows the form of a task',
  not_json: 'fix the line, or export the file again: each line has to be one JSON object',
  not_utf8: 'write the file as UTF-8: of Latin-1 by `iconv -f latin1 -t utf-8`',
  row_too_long: 'leave the row out, or what makes it so long',
  dropped_by_rule: 'the section `source` of the campaign file holds the rules',
  source_empty: 'give Parquet, JSONL, JSON or YAML with at least one task',
} as const;

export function badRow(code: keyof typeof hints, place: string, problems: string[]): BadRow {
  return { ok: false, place, code, problems, hint: hints[code] };
}

/** A file that cannot be read, or not to its end. */
export function unreadable(place: string, error: unknown): BadRow {
  const { code, hint } = error instanceof Problem ? error : { code: 'source_unreadable', hint: undefined };
  // Parsers of documents show the place in the text over several lines.
  const problem = messageOf(error).replaceAll(/\s+/g, ' ').trim().slice(0, 1000);
  return { ok: false, place, code, problems: [problem], hint: hint ?? 'check the path and the file: it may be cut short or damaged' };
}
