import type { VNode } from 'preact';
import type { Site } from '../../schemas/site.ts';
import { addressOf } from './address.ts';
import { CollectionsPage } from './list/collections-page.tsx';
import { ListPage } from './list/list-page.tsx';
import { RunPage } from './run/run-page.tsx';
import { NowOfRollout } from './task/now-of-rollout.tsx';
import { toSibling, toTask } from './task/neighbours.ts';
import { WiderPage } from './load-wider.tsx';

/** The page at an address. Its key says what it is about: another thing is another page, with nothing left of the one before. */
export function pageAt(segments: readonly string[], site: Site): VNode {
  const [room = site.kind === 'live' ? 'campaigns' : 'c', name, part, row] = segments;
  const key = segments.join('/');
  if (room === 'c' && name === undefined) return onlyCollection(site) ?? <CollectionsPage site={site} />;
  if (room === 'c' && name !== undefined && part === undefined) return <ListPage key={key} site={site} collection={name} />;
  if (room === 'c' && name !== undefined && part === 'r' && row !== undefined) return runPage(site, name, row);
  return <WiderPage segments={segments} site={site} />;
}

/** One run, with the keys that lead from it to those beside it. A list that does not answer leads nowhere. */
function runPage(site: Site, collection: string, row: string): VNode {
  const quietly = (going: Promise<void>) => void going.catch(() => undefined);
  return (
    <RunPage
      key={`${collection} ${row}`}
      collection={collection}
      row={row}
      around={aroundRun(site, collection, row)}
      {...(site.kind === 'live' && { now: <NowOfRollout row={row} /> })}
      onSibling={(step) => quietly(toSibling(collection, row, step))}
      onTask={(step) => quietly(toTask(collection, row, step))}
    />
  );
}

/** Where a run belongs: its list, and at a home its task and campaign. */
function aroundRun(site: Site, collection: string, row: string): { text: string; href: string }[] {
  const list = { text: 'All rows', href: addressOf(['c', collection]) };
  const [campaign, instance] = row.split('/');
  if (site.kind !== 'live' || campaign === undefined || instance === undefined || collection !== `campaign.${campaign}`) return [list];
  return [
    list,
    { text: 'Its task, with its other rollouts', href: addressOf(['campaigns', campaign, 'tasks', instance]) },
    { text: 'Its campaign', href: addressOf(['campaigns', campaign]) },
  ];
}

/** Where a site has one collection alone, its first page is that. */
function onlyCollection(site: Site): VNode | undefined {
  const [only, another] = site.collections;
  if (only === undefined || another !== undefined || site.kind === 'live') return undefined;
  return <ListPage key={only.id} site={site} collection={only.id} />;
}
