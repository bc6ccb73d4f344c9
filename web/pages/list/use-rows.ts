import { useEffect, useState } from 'preact/hooks';
import { keepFresh } from '../shell/keep-fresh.ts';
import { shown } from '../shell/shown.ts';
import { isLive } from '../shell/site.ts';
import { everyList } from '../shell/use-polled.ts';
import { askRows } from './ask-rows.ts';
import type { ListQuery } from './list-query.ts';
import { type LoadedRows, RowLoader } from './row-loader.ts';

/** Rows that come at once. */
const pageRows = 300;

/** Rows of a query, kept fresh while it is looked at; `from`: where the first page shown begins. */
export function useRows(
  collection: string,
  query: ListQuery,
  from: string | null,
): { loaded: LoadedRows | undefined; loader: RowLoader | undefined } {
  const key = JSON.stringify([collection, query]);
  const [state, setState] = useState<{ key: string; loaded: LoadedRows; loader: RowLoader }>();
  useEffect(() => {
    const answered = { at: 0 };
    const loader = new RowLoader(
      async (after) => await askRows(collection, { ...query, after, limit: pageRows }),
      (loaded) => {
        if (!loaded.busy && loaded.problem === null) answered.at = Date.now();
        shown.value = {
          at: answered.at === 0 ? null : answered.at,
          problem: loaded.problem,
          staleAfter: isLive() ? 3 * everyList : Infinity,
        };
        setState({ key, loaded, loader });
      },
    );
    void loader.begin(from);
    const leave = isLive() ? keepFresh(everyList, async () => await loader.renew()) : undefined;
    return () => {
      leave?.();
      loader.end();
      shown.value = null;
    };
    // `from` is where reading began: that it moves with the reader begins nothing anew.
  }, [key]);
  return state?.key === key ? state : { loaded: undefined, loader: undefined };
}
