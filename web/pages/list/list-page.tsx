import { useRef } from 'preact/hooks';
import type { Site } from '../../../schemas/site.ts';
import { address, addressOf, refine } from '../address.ts';
import { Name } from '../parts/name.tsx';
import { Missing, Waiting } from '../parts/notices.tsx';
import { whole } from '../parts/units.ts';
import { useKeys } from '../shell/keys.tsx';
import { Page } from '../shell/page.tsx';
import { ColumnPicker } from './column-picker.tsx';
import { listColumns, usualColumns } from './columns.tsx';
import { Facets } from './facets.tsx';
import { Grid } from './grid.tsx';
import { listQuery } from './list-query.ts';
import { useRows } from './use-rows.ts';
import './list.css';

const keys = [
  { keys: 'j / k', does: 'next or previous row' },
  { keys: 'Enter', does: 'opens the row' },
  { keys: 'x', does: 'picks the row, or lets it go' },
  { keys: '/', does: 'goes to the search field' },
];

/** One collection: its rows, sorted, filtered and searched as the address says. */
export function ListPage({ site, collection }: { site: Site; collection: string }) {
  const { query: parameters } = address.value;
  const query = listQuery(parameters);
  const { loaded, loader } = useRows(collection, query, parameters.get('from'));
  const search = useRef<HTMLInputElement>(null);
  const step = useRef<(key: string) => boolean>(() => false);
  useKeys(keys, ({ key }) => {
    if (key !== '/') return step.current(key);
    search.current?.focus();
    return true;
  });
  const title = site.collections.find(({ id }) => id === collection)?.title ?? collection;
  const wanted = parameters.get('cols')?.split(',') ?? usualColumns;
  const columns = listColumns.filter(({ name }) => wanted.includes(name));
  const picked = parameters.getAll('picked');
  return (
    <Page title={title} kind="Rows of">
      <form class="filter" role="search" onSubmit={(event) => event.preventDefault()}>
        <label>
          Words in id, task, repository or model{' '}
          <input
            ref={search}
            type="search"
            value={query.text}
            maxLength={500}
            onInput={({ currentTarget: { value } }) => refine({ text: value, from: undefined, at: undefined })}
          />
        </label>
        <ColumnPicker wanted={wanted} />
        {picked.length > 0 && (
          <span>
            {picked.length} picked: <a href={addressOf(['compare'], { c: collection, row: picked })}>compare them</a>{' '}
            <button type="button" onClick={() => refine({ picked: undefined })}>
              Let go
            </button>
          </span>
        )}
      </form>
      <Facets facets={loaded?.page?.facets ?? {}} where={query.where} />
      {loaded?.page === undefined || loader === undefined ? (
        <Waiting of={{ problem: loaded?.problem ?? null }} what="The list" />
      ) : (
        <>
          <Missing reasons={loaded.page.missing ?? []} />
          <p role="status" class="totals">
            <strong>{whole(loaded.page.matched)}</strong> of {whole(loaded.page.total)} rows match
            {loaded.problem !== null && (
              <span class="state bad">
                {' '}
                ■ the newest request failed: <Name text={loaded.problem} most={300} />
              </span>
            )}
          </p>
          {parameters.get('from') !== null && loaded.starts[0]?.after !== null && (
            <p>
              The rows before the first one shown are left out.{' '}
              <button
                type="button"
                onClick={() => {
                  refine({ from: undefined, at: undefined });
                  void loader.begin(null);
                }}
              >
                Show the list from its start
              </button>
            </p>
          )}
          <Grid {...{ collection, query, columns, loaded, loader, picked, step }} />
        </>
      )}
    </Page>
  );
}
