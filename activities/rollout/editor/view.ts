import type { FileState } from '../../sandbox/index.ts';
import { EditFailure } from './failure.ts';
import type { Change } from './replace.ts';
import { type EditorRules, snippetLines, viewLimit } from './rules.ts';
import type { TextFile } from './text-file.ts';

/** Numbered lines of a file, with what a notice about them needs. */
export interface Excerpt {
  listing: string;
  /** Lines of the whole file. */
  count: number;
  /** First and last line shown, counted from 1. */
  first: number;
  last: number;
  /** Last line asked for where it lies past the file, else null. */
  clamped: number | null;
  /** Characters left out at the end because of the limit. */
  cut: number;
}

/** The lines of a text without their endings. */
export function linesOf(text: string, rules: Pick<EditorRules, 'lastNewlineCounts'>): string[] {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  if (!rules.lastNewlineCounts && lines.length > 1 && lines.at(-1) === '') lines.pop();
  return lines;
}

/** A file, or a range of it. Throws `EditFailure` for a range that the file does not have. */
export function showFile(file: TextFile, range: number[] | undefined, rules: EditorRules): Excerpt {
  const lines = linesOf(file.text, rules);
  const count = lines.length;
  if (range === undefined) return numbered(lines, { first: 1, last: count, count, clamped: null });
  const [first, end] = range;
  if (first === undefined || end === undefined || range.length !== 2 || !range.every(Number.isInteger))
    throw new EditFailure('range_shape', 11, {});
  if (first < 1 || first > count) throw new EditFailure('range_start', 12, { start: first, count });
  if (end > count && rules.endPastFile === 'refuse') throw new EditFailure('range_end', 13, { end, count });
  if (end !== -1 && end < first) throw new EditFailure('range_order', 14, { start: first, end });
  const last = end === -1 ? count : Math.min(end, count);
  return numbered(lines, { first, last, count, clamped: end > count ? end : null });
}

/** A few lines around a change that begins at line `from` (from 0) and has `length` lines. */
export function showChange({ text, from, lines: length }: Change, rules: EditorRules): Excerpt {
  const lines = linesOf(text, rules);
  const first = Math.max(1, from + 1 - snippetLines);
  const last = Math.min(lines.length, from + length + snippetLines);
  return numbered(lines, { first, last, count: lines.length, clamped: null });
}

/** What a view of a directory lists: hidden entries are left out, those directly in it counted. */
export function showDirectory(directory: Extract<FileState, { kind: 'directory' }>): {
  entries: string[];
  hidden: number;
  truncated: boolean;
} {
  const isHidden = (path: string) => path.split('/').some((part) => part.startsWith('.') && part !== '.');
  const shown = directory.entries
    .filter((entry) => !isHidden(entry.path))
    .map((entry) => (entry.directory ? `${entry.path}/` : entry.path));
  const hidden = directory.entries.filter((entry) => !entry.path.includes('/') && entry.path.startsWith('.')).length;
  return { entries: shown.sort(), hidden, truncated: directory.truncated };
}

function numbered(lines: string[], range: Pick<Excerpt, 'first' | 'last' | 'count' | 'clamped'>): Excerpt {
  const text = lines.slice(range.first - 1, range.last).join('\n');
  const shown = text.slice(0, viewLimit);
  const listing = (shown.length < text.length ? shown.replace(/\n$/, '') : shown)
    .toWellFormed()
    .split('\n')
    .map((line, index) => `${String(range.first + index).padStart(6)}\t${line}`)
    .join('\n');
  return { ...range, listing, cut: Math.max(0, text.length - viewLimit) };
}
