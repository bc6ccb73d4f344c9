import { useEffect, useState } from 'preact/hooks';
import type { RowPage } from '../../../schemas/view-row.ts';
import { fetchJson, NoAnswer } from '../fetch-json.ts';
import { shown } from '../shell/shown.ts';
import { isLive } from '../shell/site.ts';
import { everyList } from '../shell/use-polled.ts';
import { type ListQuery, rowsPath } from './list-query.ts';
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
      async (after) => await askPage(collection, query, after),
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
    const renew = () => void (document.hidden ? undefined : loader.renew());
    const timer = isLive() ? setInterval(renew, everyList) : undefined;
    document.addEventListener('visibilitychange', renew);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', renew);
      loader.end();
      shown.value = null;
    };
    // `from` is where reading began: that it moves with the reader begins nothing anew.
  }, [key]);
  return state?.key === key ? state : { loaded: undefined, loader: undefined };
}

async function askPage(collection: string, query: ListQuery, after: string | null): Promise<RowPage> {
  const answer = await fetchJson<RowPage>(rowsPath(collection, query, after, pageRows));
  if (answer === null) throw new NoAnswer(304, 'the server gave no rows');
  return answer.data;
}
