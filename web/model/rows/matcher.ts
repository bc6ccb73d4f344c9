import type { RowQuery } from '../../../schemas/view-row.ts';
import type { Column } from './columns.ts';
import { wordsOf } from './words.ts';

interface Sources {
  column: (name: string) => Column;
  /** What words are looked for in, in lower case, by row. */
  texts: () => readonly string[];
}

/** Says of a row by its number whether it has one of the values of each column, and all words of the text. */
export function matcherOf(where: RowQuery['where'], text: string, { column, texts }: Sources): (row: number) => boolean {
  const tests = Object.entries(where)
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => testOf(column(name), new Set(values)));
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length > 0) {
    const searched = texts();
    tests.push((row) => {
      const own = searched[row] ?? '';
      return words.every((word) => own.includes(word));
    });
  }
  const [only] = tests;
  return only !== undefined && tests.length === 1 ? only : (row) => tests.every((test) => test(row));
}

/** An empty value asks for what is unknown. */
function testOf({ kind, places, values }: Column, wanted: ReadonlySet<string>): (row: number) => boolean {
  const takes = new Uint8Array(values.length + 1);
  if (kind === 'number') {
    const numbers = new Set([...wanted].filter((text) => text.trim() !== '').map(Number));
    for (const [place, value] of values.entries()) takes[place] = Number(numbers.has(value));
  } else {
    for (const [place, value] of values.entries()) {
      takes[place] = Number(kind === 'words' ? wordsOf(value).some((word) => wanted.has(word)) : wanted.has(value));
    }
  }
  takes[values.length] = Number(wanted.has(''));
  return (row) => takes[places[row] ?? values.length] === 1;
}
