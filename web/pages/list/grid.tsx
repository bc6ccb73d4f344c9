import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ViewRow } from '../../../schemas/view-row.ts';
import { visibleName } from '../../model/text/visible.ts';
import { address, addressOf, refine } from '../address.ts';
import { useWindow } from '../parts/use-window.ts';
import type { ListColumn } from './columns.tsx';
import { type ListQuery, nextSort } from './list-query.ts';
import type { LoadedRows, RowLoader } from './row-loader.ts';

/** Pixels of a row. */
const rowHeight = 26;

interface GridProps {
  collection: string;
  query: ListQuery;
  columns: readonly ListColumn[];
  loaded: LoadedRows;
  loader: RowLoader;
  picked: readonly string[];
  /** Set here: what a key does to the row that the reader is at; true where it did something. */
  step: RefObject<(key: string) => boolean>;
}

/** Rows of which only those that are seen have elements. */
export function Grid({ collection, query, columns, loaded, loader, picked, step }: GridProps) {
  const scroll = useRef<HTMLDivElement>(null);
  const { rows, page, next, busy } = loaded;
  const { items, height, first, show } = useWindow(() => scroll.current, rows.length, rowHeight);
  const [here, setHere] = useState<string>();
  useEffect(() => {
    if (next !== null && (items.at(-1)?.index ?? 0) + 50 > rows.length) void loader.more();
  });
  useAnchor(loaded, first, (place) => show(place, 'start'));
  const pick = (id: string) => refine({ picked: picked.includes(id) ? picked.filter((other) => other !== id) : [...picked, id].slice(-8) });
  step.current = (key) => {
    const place = rows.findIndex(({ id }) => id === here);
    const row = rows[place];
    if (key === 'x' && row !== undefined) return done(() => pick(row.id));
    if (key === 'Enter' && row !== undefined && document.activeElement?.tagName !== 'A' && document.activeElement?.tagName !== 'BUTTON') {
      return done(() => (location.hash = addressOf(['c', collection, 'r', row.id])));
    }
    if (key !== 'j' && key !== 'k') return false;
    const to = place === -1 ? first : Math.min(rows.length - 1, Math.max(0, place + (key === 'j' ? 1 : -1)));
    setHere(rows[to]?.id);
    show(to);
    return true;
  };
  const width = 34 + columns.reduce((sum, column) => sum + column.width, 0);
  return (
    <div class="grid-scroll" ref={scroll} tabIndex={0} role="region" aria-label="Rows">
      <div role="table" aria-label="Rows" aria-rowcount={(page?.matched ?? 0) + 1} style={{ width: `${width}px` }}>
        <div role="rowgroup" class="grid-head">
          <div role="row" class="grid-row" aria-rowindex={1}>
            <span role="columnheader" class="cell pick">
              <span class="unseen">picked</span>
            </span>
            {columns.map((column) => (
              <Header key={column.name} column={column} query={query} />
            ))}
          </div>
        </div>
        <div role="rowgroup" class="grid-body" style={{ height: `${height}px` }}>
          {items.map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <div
                role="row"
                key={row.id}
                aria-rowindex={index + 2}
                class={`grid-row ${row.id === here ? 'here' : ''}`}
                style={{ transform: `translateY(${start}px)` }}
              >
                <span role="cell" class="cell pick">
                  <input
                    type="checkbox"
                    checked={picked.includes(row.id)}
                    onClick={() => pick(row.id)}
                    aria-label={`pick ${nameOf(row)}`}
                  />
                </span>
                <Cells row={row} columns={columns} collection={collection} />
              </div>
            );
          })}
        </div>
      </div>
      {rows.length === 0 && !busy && <p>No row matches.</p>}
      {next !== null && <p class="soft">More rows come as you scroll.</p>}
    </div>
  );
}

function Cells({ row, columns, collection }: { row: ViewRow; columns: readonly ListColumn[]; collection: string }) {
  return columns.map(({ name, number, width, show }, place) => (
    <span role="cell" key={name} class={`cell ${number ? 'number' : ''}`} style={{ width: `${width}px` }}>
      {place === 0 ? <a href={addressOf(['c', collection, 'r', row.id])}>{show(row)}</a> : show(row)}
    </span>
  ));
}

function Header({ column: { name, title, number, width }, query }: { column: ListColumn; query: ListQuery }) {
  const sorted = query.sort === name;
  const order = query.descending ? 'descending' : 'ascending';
  return (
    <span role="columnheader" aria-sort={sorted ? order : 'none'} class={`cell ${number ? 'number' : ''}`} style={{ width: `${width}px` }}>
      <button type="button" class="sort" onClick={() => refine(nextSort(query, name))}>
        {title}
        <span aria-hidden="true">{sorted ? (query.descending ? ' ▼' : ' ▲') : ''}</span>
      </button>
    </span>
  );
}

/** Keeps the first row that is seen in the address, and goes there when a list was opened with one. */
function useAnchor({ rows, starts }: LoadedRows, first: number, show: (place: number) => void): void {
  const opened = useRef(false);
  useEffect(() => {
    if (opened.current || rows.length === 0) return;
    opened.current = true;
    const at = address.value.query.get('at');
    const place = at === null ? -1 : rows.findIndex(({ id }) => id === at);
    if (place > 0) requestAnimationFrame(() => show(place));
  }, [rows.length > 0]);
  useEffect(() => {
    const timer = setTimeout(() => {
      const row = rows[first];
      if (!opened.current || row === undefined) return;
      const page = starts.findLast(({ place }) => place <= first);
      refine({ at: first === 0 && page?.after === null ? undefined : row.id, from: page?.after ?? undefined });
    }, 300);
    return () => clearTimeout(timer);
  }, [first, rows]);
}

function nameOf({ instance_id, harness, mode, sample }: ViewRow): string {
  return visibleName(`${instance_id.slice(0, 200)} ${harness} ${mode} ${sample}`);
}

function done(act: () => void): true {
  act();
  return true;
}
