import type { ComponentChildren } from 'preact';

export interface PlainColumn<T> {
  title: string;
  number?: boolean;
  show: (row: T) => ComponentChildren;
}

/** A table of few rows. `caption` says what its rows are. The first column names the row. */
export function PlainTable<T>(table: {
  caption: string;
  rows: readonly T[];
  columns: readonly PlainColumn<T>[];
  keyOf: (row: T) => string;
  empty: string;
}) {
  const { caption, rows, columns, keyOf, empty } = table;
  if (rows.length === 0) return <p class="soft">{empty}</p>;
  return (
    // Wider than the page it scrolls by itself, by keys too.
    <div class="scroll" role="region" aria-label={caption} tabIndex={0}>
      <table class="plain">
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, number }) => (
              <th key={title} scope="col" class={number === true ? 'number' : ''}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, number, show }, place) =>
                place === 0 ? (
                  <th key={title} scope="row">
                    {show(row)}
                  </th>
                ) : (
                  <td key={title} class={number === true ? 'number' : ''}>
                    {show(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
