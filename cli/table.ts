import { stripVTControlCharacters } from 'node:util';

export interface Column<Row> {
  title: string;
  value: (row: Row) => string | number | null | undefined;
  /** Numbers read better on the right. */
  align?: 'left' | 'right';
}

/** Rows as text in columns, titles first; nothing and `null` show as a dash. Colour codes do not count as width. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = rows.map((row) => columns.map(({ value }) => shown(value(row))));
  const lines = [columns.map(({ title }) => title), ...cells];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => width(line[index] ?? ''))));
  return lines
    .map((line) =>
      line
        .map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function shown(value: string | number | null | undefined): string {
  return value === null || value === undefined || value === '' ? '–' : String(value);
}

function pad(cell: string, wanted: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, wanted - width(cell)));
  return align === 'right' ? space + cell : cell + space;
}

/** Columns that a line takes on a terminal. */
export function width(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}
