import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { rolloutId } from '../../../schemas/rollout-id.ts';
import type { CampaignGrid } from '../../../schemas/web-live.ts';
import { visibleName } from '../../model/text/visible.ts';
import { address, addressOf, refine } from '../address.ts';
import { fetchJson } from '../fetch-json.ts';
import { Name } from '../parts/name.tsx';
import { Missing, Waiting } from '../parts/notices.tsx';
import { State } from '../parts/state.tsx';
import { useWindow } from '../parts/use-window.ts';
import { whole } from '../parts/units.ts';
import { keepFresh } from '../shell/keep-fresh.ts';
import { Page } from '../shell/page.tsx';
import { everyList, usePolled } from '../shell/use-polled.ts';
import { CampaignTabs } from './tabs.tsx';
import '../list/list.css';

const rowHeight = 26;
const pageTasks = 500;
const taskWidth = 380;
const cellWidth = 200;

/** Tasks × cells of a campaign, each with its stage and fate. */
export function GridPage({ name }: { name: string }) {
  const { query } = address.value;
  const text = query.get('text') ?? '';
  const path = (after: string | null) => gridPath(name, text, after);
  const polled = usePolled<CampaignGrid>(path(null), everyList);
  const { data } = polled;
  return (
    <Page title={name} kind="Tasks of campaign">
      <CampaignTabs name={name} collection={`campaign.${name}`} />
      <form class="filter" role="search" onSubmit={(event) => event.preventDefault()}>
        <label>
          Words in the task{' '}
          <input type="search" value={text} maxLength={500} onInput={({ currentTarget }) => refine({ text: currentTarget.value })} />
        </label>
      </form>
      {data === undefined ? (
        <Waiting of={polled} what="The grid" />
      ) : (
        <>
          <Missing reasons={data.missing} />
          <p role="status" class="totals">
            <strong>{whole(data.matched)}</strong> of {whole(data.total)} tasks match; a column is a cell: harness, mode, sample
          </p>
          <Tasks key={text} name={name} first={data} ask={async (after) => (await fetchJson<CampaignGrid>(path(after)))?.data} />
        </>
      )}
    </Page>
  );
}

type Ask = (after: string) => Promise<CampaignGrid | undefined>;

/** The first page as it is polled, and those after it as the reader came to them. */
function Tasks({ name, first, ask }: { name: string; first: CampaignGrid; ask: Ask }) {
  const [later, setLater] = useState<CampaignGrid[]>([]);
  const [problem, setProblem] = useState<string>();
  const asking = useRef(false);
  const scroll = useRef<HTMLDivElement>(null);
  const pages = [first, ...later];
  const tasks = pages.flatMap(({ tasks: own, codes }) => own.map((task) => ({ ...task, codes })));
  const { items, height, first: top } = useWindow(() => scroll.current, tasks.length, rowHeight);
  const next = pages.at(-1)?.next ?? null;
  useEffect(() => {
    if (next === null || asking.current || (items.at(-1)?.index ?? 0) + 50 < tasks.length) return;
    asking.current = true;
    ask(next)
      .then((page) => page !== undefined && setLater((known) => [...known, page]))
      .catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)))
      .finally(() => {
        asking.current = false;
      });
  });
  useRenewed(pages, Math.floor(top / pageTasks), ask, setLater);
  const width = taskWidth + first.cells.length * cellWidth;
  return (
    <div class="grid-scroll" ref={scroll} tabIndex={0} role="region" aria-label="Tasks and cells">
      <div role="table" aria-label="Tasks and cells" aria-rowcount={first.matched + 1} style={{ width: `${width}px` }}>
        <div role="rowgroup" class="grid-head">
          <div role="row" class="grid-row" aria-rowindex={1}>
            <Cell role="columnheader" width={taskWidth}>
              task
            </Cell>
            {first.cells.map(({ harness, mode, sample }) => (
              <Cell role="columnheader" width={cellWidth} key={`${harness}/${mode}/${sample}`}>
                <Name text={`${harness} ${mode} ${sample}`} most={60} />
              </Cell>
            ))}
          </div>
        </div>
        <div role="rowgroup" class="grid-body" style={{ height: `${height}px` }}>
          {items.map(({ index, start }) => {
            const task = tasks[index];
            if (task === undefined) return null;
            return (
              <div
                role="row"
                key={task.instance_id}
                aria-rowindex={index + 2}
                class="grid-row"
                style={{ transform: `translateY(${start}px)` }}
              >
                <Cell role="rowheader" width={taskWidth}>
                  <a href={addressOf(['campaigns', name, 'tasks', task.instance_id])}>
                    <Name text={task.instance_id} most={80} />
                  </a>{' '}
                  <span class="soft">{task.state}</span>
                </Cell>
                {first.cells.map((cell, place) => {
                  const code = task.codes[task.cells[place] ?? 0] ?? '';
                  const id = rolloutId({ campaign: name, instance_id: task.instance_id, ...cell });
                  return (
                    <Cell role="cell" width={cellWidth} key={place} title={code}>
                      {code === '' ? (
                        '–'
                      ) : (
                        <a href={addressOf(['c', `campaign.${name}`, 'r', id])}>
                          <State state={code} />
                        </a>
                      )}
                    </Cell>
                  );
                })}
              </div>
            );
          })}
        </div>
      </div>
      {problem !== undefined && <p role="alert">More tasks did not come: {problem}</p>}
      {tasks.length === 0 && <p>No task matches.</p>}
    </div>
  );
}

/** Asks again for the page that the reader sees, where that is not the first, which is polled as it is. */
function useRenewed(
  pages: readonly CampaignGrid[],
  seen: number,
  ask: Ask,
  set: (change: (known: CampaignGrid[]) => CampaignGrid[]) => void,
) {
  useEffect(() => {
    if (seen === 0) return undefined;
    const after = pages[seen - 1]?.next ?? null;
    if (after === null) return undefined;
    let late = false;
    const renew = async () => {
      const page = await ask(after).catch(() => undefined);
      if (page !== undefined && !late) set((known) => known.map((old, place) => (place === seen - 1 ? page : old)));
    };
    const leave = keepFresh(everyList, renew);
    return () => {
      late = true;
      leave();
    };
  }, [seen, pages.length]);
}

function Cell(props: { role: 'cell' | 'columnheader' | 'rowheader'; width: number; title?: string; children: ComponentChildren }) {
  const { role, width, title = '', children } = props;
  return (
    <span role={role} class="cell" style={{ width: `${width}px` }} {...(title !== '' && { title: visibleName(title) })}>
      {children}
    </span>
  );
}

function gridPath(name: string, text: string, after: string | null): string {
  const query = new URLSearchParams({ limit: String(pageTasks) });
  if (text !== '') query.set('text', text);
  if (after !== null) query.set('after', after);
  return `live/campaigns/${encodeURIComponent(name)}/grid.json?${query}`;
}
