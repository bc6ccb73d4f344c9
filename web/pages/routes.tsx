import type { VNode } from 'preact';
import type { Site } from '../../schemas/site.ts';
import { addressOf } from './address.ts';
import { CampaignPage } from './campaign/campaign-page.tsx';
import { CampaignsPage } from './campaign/campaigns-page.tsx';
import { GridPage } from './campaign/grid-page.tsx';
import { FunnelPage } from './funnel/funnel-page.tsx';
import { CollectionsPage } from './list/collections-page.tsx';
import { ListPage } from './list/list-page.tsx';
import { RunPage } from './run/run-page.tsx';
import { ComparePage } from './task/compare-page.tsx';
import { NowOfRollout } from './task/now-of-rollout.tsx';
import { TaskPage } from './task/task-page.tsx';
import { toSibling, toTask } from './task/neighbours.ts';
import { RunsPage } from './parts/runs-page.tsx';
import { PipelinePage } from './pipeline/pipeline-page.tsx';
import { TrainingPage } from './training/training-page.tsx';
import { EvaluationPage } from './evaluation/evaluation-page.tsx';
import { NightlyPage } from './nightly/nightly-page.tsx';
import { AuditPage } from './steering/audit-page.tsx';
import { NotFound } from './shell/not-found.tsx';

/** The page at an address. Its key says what it is about: another thing is another page, with nothing left of the one before. */
export function pageAt(segments: readonly string[], site: Site): VNode {
  const [room = site.kind === 'live' ? 'campaigns' : 'c', name, part, row] = segments;
  const key = segments.join('/');
  if (room === 'c' && name === undefined) return onlyCollection(site) ?? <CollectionsPage site={site} />;
  if (room === 'c' && name !== undefined && part === undefined) return <ListPage key={key} site={site} collection={name} />;
  if (room === 'c' && name !== undefined && part === 'r' && row !== undefined) return runPage(site, name, row);
  if (room === 'compare') return <ComparePage />;
  if (site.kind === 'live' && room === 'campaigns') return campaignPage(segments, site) ?? nowhere;
  if (site.kind === 'live' && part === undefined) return runsPage(room, name) ?? nowhere;
  return nowhere;
}

/** One run, with the keys that lead from it to those beside it. A list that does not answer leads nowhere. */
function runPage(site: Site, collection: string, row: string): VNode {
  const quietly = (going: Promise<void>) => void going.catch(() => undefined);
  return (
    <RunPage
      key={`${collection} ${row}`}
      collection={collection}
      row={row}
      {...(site.kind === 'live' && { now: <NowOfRollout row={row} /> })}
      around={aroundRun(site, collection, row)}
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

const nowhere = <NotFound what="No page of this site has this address." />;

function campaignPage([, name, part, instance]: readonly string[], site: Site): VNode | undefined {
  if (name === undefined) return <CampaignsPage />;
  const key = `${name} ${part ?? ''} ${instance ?? ''}`;
  if (part === undefined) return <CampaignPage key={key} site={site} name={name} />;
  if (part === 'tasks' && instance !== undefined) return <TaskPage key={key} campaign={name} instance={instance} />;
  if (part === 'grid') return <GridPage key={key} name={name} />;
  if (part === 'funnel') return <FunnelPage key={key} name={name} />;
  if (part === 'audit') return <AuditPage key={key} name={name} />;
  return undefined;
}

function runsPage(room: string, name: string | undefined): VNode | undefined {
  if (room === 'pipelines')
    return name === undefined ? <RunsPage key={room} room={room} title="Pipelines" /> : <PipelinePage key={name} name={name} />;
  if (room === 'trainings')
    return name === undefined ? <RunsPage key={room} room={room} title="Trainings" /> : <TrainingPage key={name} name={name} />;
  if (room === 'evaluations') {
    return name === undefined ? <RunsPage key={room} room={room} title="Evaluations" /> : <EvaluationPage key={name} name={name} />;
  }
  if (room === 'nightly')
    return name === undefined ? <RunsPage key={room} room={room} title="Nightly" /> : <NightlyPage key={name} name={name} />;
  return undefined;
}

/** Where a site has one collection alone, its first page is that. */
function onlyCollection(site: Site): VNode | undefined {
  const [only, another] = site.collections;
  if (only === undefined || another !== undefined || site.kind === 'live') return undefined;
  return <ListPage key={only.id} site={site} collection={only.id} />;
}
