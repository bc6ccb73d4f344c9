import type { RowQuery } from '../../../schemas/view-row.ts';
import type { Column } from './columns.ts';
import { wordsOf } from './words.ts';

interface Sources {
  column: (name: string) => Column;
  /** What words are looked for in, in lower case, by row. */
  texts: () => readonly string[];
}

/** Says of a row by its place whether it has one of the values of each column, and all words of the text. */
export function matcherOf(where: RowQuery['where'], text: string, { column, texts }: Sources): (place: number) => boolean {
  const tests = Object.entries(where)
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => testOf(column(name), new Set(values)));
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length > 0) {
    const searched = texts();
    tests.push((place) => {
      const own = searched[place] ?? '';
      return words.every((word) => own.includes(word));
    });
  }
  return (place) => tests.every((test) => test(place));
}

/** An empty value asks for what is unknown. */
function testOf({ kind, keys, values }: Column, wanted: ReadonlySet<string>): (place: number) => boolean {
  const known = new Set<number>();
  if (kind === 'number') {
    for (const text of wanted) if (text.trim() !== '') known.add(Number(text));
  } else {
    for (const [key, value] of values.entries()) {
      if (kind === 'words' ? wordsOf(value).some((word) => wanted.has(word)) : wanted.has(value)) known.add(key);
    }
  }
  const unknown = wanted.has('');
  return (place) => {
    const key = keys[place] ?? Number.NaN;
    return Number.isNaN(key) ? unknown : known.has(key);
  };
}
