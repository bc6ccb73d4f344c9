import type { RowPage, RowQuery, ViewRow } from '../../../schemas/view-row.ts';
import { RowList } from '../../model/rows/row-list.ts';
import { fetchJson, NoAnswer } from '../fetch-json.ts';
import { site } from '../shell/site.ts';

/** Lists of a bundle as they were read, whole, each once. */
const wholeLists = new Map<string, Promise<RowList>>();

/**
 * One page of a list. A server answers the query; of a bundle, which is files, the whole list is read once and asked here by
 * the same function. Throws `NoAnswer`.
 */
export async function askRows(collection: string, query: RowQuery): Promise<RowPage> {
  if (site.value?.kind === 'bundle') return (await wholeList(collection)).page(query);
  const answer = await fetchJson<RowPage>(pathOf(collection, query));
  if (answer === null) throw new NoAnswer(304, 'the server gave no rows');
  return answer.data;
}

async function wholeList(collection: string): Promise<RowList> {
  const known = wholeLists.get(collection) ?? readWhole(collection);
  wholeLists.set(collection, known);
  // A list that did not come is asked for again.
  known.catch(() => wholeLists.delete(collection));
  return await known;
}

/** `rows.json` of a bundle is the first part of the list in the shape of a page, whose `next` names the file beside it that goes on. */
async function readWhole(collection: string): Promise<RowList> {
  const folder = `c/${encodeURIComponent(collection)}`;
  const rows: ViewRow[] = [];
  let version = '';
  for (let file: string | null = 'rows.json'; file !== null; ) {
    const answer: { data: RowPage } | null = await fetchJson<RowPage>(`${folder}/${file}`);
    if (answer === null) throw new NoAnswer(304, 'the site gave no rows');
    rows.push(...answer.data.rows);
    version = answer.data.version;
    file = answer.data.next;
  }
  return new RowList(rows, version);
}

function pathOf(collection: string, { text, sort, descending, where, after, limit }: RowQuery): string {
  const parameters = new URLSearchParams();
  if (text !== '') parameters.set('text', text);
  if (sort !== '') parameters.set('sort', sort);
  if (descending) parameters.set('desc', '1');
  for (const [name, values] of Object.entries(where)) for (const value of values) parameters.append(name, value);
  if (after !== null) parameters.set('after', after);
  parameters.set('limit', String(limit));
  return `c/${encodeURIComponent(collection)}/rows.json?${parameters}`;
}
