import { baseName } from '../extraction/base-name.ts';
import { type Change, sameFile } from './change.ts';
import { sketched } from './sketches.ts';

interface Shown {
  path: string;
  /** By their number, from 1, as far as they were shown. */
  lines: Map<number, string>;
  /** All of the file was shown. */
  whole: boolean;
  /** Other files' text may stand between. */
  mixed: boolean;
}

const mostFiles = 200;
const longest = 400_000;
const numbered = /^\s*(\d{1,6})(?:\t|[:|→]\s?|-)(.*)$/;

/**
 * What files held when the run was shown them, kept up with the changes since: so that a file that is written anew, or
 * lines that are chosen by their number, can be compared with what stood there.
 */
export class ShownTexts {
  readonly #byName = new Map<string, Shown[]>();
  #count = 0;

  /** Takes in what a command printed of a file; `from` is the number of its first line, undefined for all of the file. */
  show(path: string, printed: string, { from, mixed = false }: { from?: number; mixed?: boolean }): void {
    if (printed.length > longest || printed.trim() === '' || this.#count >= mostFiles) return;
    const rows = printed.replace(/\n$/, '').split('\n');
    const numbers = rows.map((row) => numbered.exec(row));
    const known = numbers.filter((one) => one !== null);
    const has = known.length > 0 && known.length >= rows.length * 0.7 && rising(known.map((one) => Number(one[1])));
    const first = Number(known[0]?.[1]);
    const lines = has
      ? known.map((one): [number, string] => [Number(one[1]), one[2] ?? ''])
      : rows.map((row, index): [number, string] => [(from ?? 1) + index, row]);
    const whole =
      from === undefined && (!has || first === 1) && !mixed && !/\(truncated|<response clipped>|\.\.\. ?truncated/i.test(printed);
    const shown = this.#find(path);
    if (shown === undefined) {
      const name = baseName(path);
      this.#byName.set(name, [...(this.#byName.get(name) ?? []), { path, lines: new Map(lines), whole, mixed }]);
      this.#count += 1;
    } else if (whole) Object.assign(shown, { lines: new Map(lines), whole, mixed: false });
    else if (!shown.whole && !mixed) for (const [number, line] of lines) shown.lines.set(number, line);
  }

  #find(path: string): Shown | undefined {
    return this.#byName.get(baseName(path))?.find((shown) => sameFile(shown.path, path));
  }

  /** The text of a file as far as it was shown, and whether that is all of it. */
  text(path: string): { text: string; whole: boolean } | undefined {
    const shown = this.#find(path);
    return shown === undefined ? undefined : { text: [...shown.lines.values()].join('\n'), whole: shown.whole };
  }

  /** The lines from `from` to `to`, both counted from 1; empty where none of them was shown. */
  #range(path: string, from: number, to: number): string {
    const shown = this.#find(path);
    if (shown === undefined || shown.mixed) return '';
    return [...shown.lines].flatMap(([number, line]) => (number >= from && number <= to ? [line] : [])).join('\n');
  }

  /** A change with what it takes out, where only the numbers of lines or ends of a passage were told. */
  completed(change: Change): Change {
    const { lines, until, path } = change;
    if (lines !== undefined) {
      const before = this.#range(path, lines.from, lines.to);
      if (before !== '') return { ...change, before, after: change.wraps === undefined ? change.after : wrapped(before, change.wraps) };
      // What is put between lines: the line before it says where.
      const above = lines.to < lines.from ? this.#range(path, lines.from - 1, lines.from - 1) : '';
      const below = lines.to < lines.from ? this.#range(path, lines.from, lines.from + 3) : '';
      return { ...change, before: joined(above, below), after: joined(joined(above, change.after), below) };
    }
    if (until === undefined) return change.kind === 'edit' ? this.#wholeLines(change) : change;
    const shown = this.#find(path);
    if (shown === undefined) return change;
    const all = [...shown.lines.values()];
    const first = all.findIndex((line) => found(line, change.before.split('\n')[0] ?? ''));
    if (first === -1) return change;
    const end = until === '' ? all.length - 1 : all.findIndex((line, index) => index > first && found(line, until));
    const before = all.slice(first, end === -1 ? undefined : end + (change.untilBefore === true ? 0 : 1)).join('\n');
    return { ...change, before: before === '' ? change.before : before };
  }

  /** An edit of a part of a line, or a sketch of the new text, as the lines that it changes. */
  #wholeLines(change: Change): Change {
    const { before, after, path } = change;
    const shown = this.#find(path);
    if (shown === undefined || shown.mixed) return change;
    const text = [...shown.lines.values()].join('\n');
    if (before === '') return change.sketch === true && shown.whole ? { ...change, ...sketched(text, after) } : change;
    const at = text.indexOf(before);
    if (at === -1) return change;
    const start = text.lastIndexOf('\n', at - 1) + 1;
    const next = before.endsWith('\n') ? at + before.length - 1 : text.indexOf('\n', at + before.length);
    const end = next === -1 ? text.length : next;
    const lead = text.slice(start, at);
    const rest = text.slice(at + before.length, Math.max(end, at + before.length));
    return lead.trim() === '' && rest.trim() === '' ? change : { ...change, before: lead + before + rest, after: lead + after + rest };
  }

  /** Keeps the text up with a change. */
  changed({ path, before, after, kind }: Change): void {
    const shown = this.#find(path);
    if (shown === undefined) return;
    const text = [...shown.lines.values()].join('\n');
    const next = kind === 'whole' ? after : kind === 'append' ? `${text}\n${after}` : replaced(text, before, after);
    // Numbers of lines are worth nothing after a change that cannot be followed.
    if (next === undefined || (!shown.whole && kind !== 'whole')) this.#forget(shown);
    else Object.assign(shown, { lines: new Map(next.split('\n').map((line, index) => [index + 1, line])), whole: true, mixed: false });
  }

  /** Nothing is known any more of what the file holds. */
  forget(path: string): void {
    const shown = this.#find(path);
    if (shown !== undefined) this.#forget(shown);
  }

  #forget(shown: Shown): void {
    const name = baseName(shown.path);
    this.#byName.set(
      name,
      (this.#byName.get(name) ?? []).filter((one) => one !== shown),
    );
  }
}

function replaced(text: string, before: string, after: string): string | undefined {
  if (before === '') return undefined;
  return text.includes(before) ? text.replace(before, () => after) : undefined;
}

function joined(first: string, second: string): string {
  return first === '' || second === '' ? first + second : `${first}\n${second}`;
}

function wrapped(text: string, { start, end }: { start: string; end: string }): string {
  return text
    .split('\n')
    .map((line) => (line.trim() === '' ? line : `${start}${line}${end}`))
    .join('\n');
}

function found(line: string, pattern: string): boolean {
  const plain = pattern.trim();
  return plain !== '' && line.replace(/\s+/g, ' ').includes(plain.replace(/\s+/g, ' '));
}

function rising(numbers: number[]): boolean {
  return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));
}
