import type { AddressQuery } from '../address.ts';

/** Which rows of a list are shown, and in which order: all of it stands in the address of the page. */
export interface ListQuery {
  text: string;
  sort: string;
  descending: boolean;
  where: Record<string, string[]>;
}

/** Parameters of the page that ask for no rows: columns shown, rows picked, and where the reader is. */
const own = new Set(['text', 'sort', 'desc', 'cols', 'picked', 'from', 'at']);

/** An empty value, which asks for what is unknown, stands as this: addresses leave empty ones away. */
const unknownMark = '∅';

export function listQuery(parameters: URLSearchParams): ListQuery {
  const names = [...new Set(parameters.keys())].filter((name) => !own.has(name)).sort();
  return {
    text: parameters.get('text') ?? '',
    sort: parameters.get('sort') ?? '',
    descending: parameters.get('desc') === '1',
    where: Object.fromEntries(names.map((name) => [name, parameters.getAll(name).map((value) => (value === unknownMark ? '' : value))])),
  };
}

/** The part of an address that asks for rows with these values. */
export function whereAddress(where: Readonly<Record<string, readonly string[]>>): AddressQuery {
  return Object.fromEntries(
    Object.entries(where).map(([name, values]) => [name, values.map((value) => (value === '' ? unknownMark : value))]),
  );
}

/** The next order when a header is used: ascending, descending, and the list's own again. */
export function nextSort({ sort, descending }: ListQuery, column: string): AddressQuery {
  if (sort !== column) return { sort: column, desc: undefined, from: undefined, at: undefined };
  if (!descending) return { sort: column, desc: '1', from: undefined, at: undefined };
  return { sort: undefined, desc: undefined, from: undefined, at: undefined };
}
