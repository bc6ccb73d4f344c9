import type { RowPage, RowQuery, ViewRow } from '../../../schemas/view-row.ts';

const facetColumns = ['repo', 'language', 'license', 'harness', 'mode', 'model', 'stage', 'ending', 'fate', 'rule', 'resolved'] as const;

/** One page of a list of files: filtered, sorted, with exact numbers. */
export function queryRows(rows: readonly ViewRow[], query: RowQuery, version: string): RowPage {
  const matching = rows.filter((row) => matches(row, query));
  const sorted = query.sort === '' ? matching : matching.toSorted((a, b) => compare(valueOf(a, query.sort), valueOf(b, query.sort)));
  if (query.descending) sorted.reverse();
  const from = query.after === null ? 0 : sorted.findIndex(({ id }) => id === query.after) + 1;
  const page = sorted.slice(from, from + query.limit);
  return {
    rows: page,
    matched: matching.length,
    total: rows.length,
    next: from + page.length < sorted.length ? (page.at(-1)?.id ?? null) : null,
    facets: Object.fromEntries(facetColumns.map((column) => [column, counts(matching, column)])),
    version,
  };
}

function matches(row: ViewRow, { where, text }: RowQuery): boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const searched = `${row.id} ${row.instance_id} ${row.repo} ${row.model}`.toLowerCase();
  if (!words.every((word) => searched.includes(word))) return false;
  return Object.entries(where).every(([column, values]) => values.includes(String(valueOf(row, column))));
}

function valueOf(row: ViewRow, column: string): string | number | null {
  return Object.entries(row).find(([name]) => name === column)?.[1] ?? null;
}

/** Unknown values come last. */
function compare(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a < b ? -1 : a > b ? 1 : 0;
}

function counts(rows: readonly ViewRow[], column: (typeof facetColumns)[number]): Record<string, number> {
  const found = new Map<string, number>();
  for (const row of rows) found.set(String(row[column]), (found.get(String(row[column])) ?? 0) + 1);
  return Object.fromEntries([...found].toSorted(([, a], [, b]) => b - a).slice(0, 50));
}
