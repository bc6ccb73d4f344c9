import type { VNode } from 'preact';
import type { Site } from '../../schemas/site.ts';
import { CampaignPage } from './campaign/campaign-page.tsx';
import { CampaignsPage } from './campaign/campaigns-page.tsx';
import { GridPage } from './campaign/grid-page.tsx';
import { EvaluationPage } from './evaluation/evaluation-page.tsx';
import { FunnelPage } from './funnel/funnel-page.tsx';
import { NightlyPage } from './nightly/nightly-page.tsx';
import { RunsPage } from './parts/runs-page.tsx';
import { PipelinePage } from './pipeline/pipeline-page.tsx';
import { AuditPage } from './steering/audit-page.tsx';
import { ComparePage } from './task/compare-page.tsx';
import { TaskPage } from './task/task-page.tsx';
import { TrainingPage } from './training/training-page.tsx';

/**
 * The page at an address that is neither a list nor one run; undefined where there is none. These pages are a program of
 * their own, which somebody who reads a run need not wait for.
 */
export function widerPageAt(segments: readonly string[], site: Site): VNode | undefined {
  const [room = 'campaigns', name, part] = segments;
  if (room === 'compare') return <ComparePage />;
  if (site.kind === 'live' && room === 'campaigns') return campaignPage(segments, site);
  if (site.kind === 'live' && part === undefined) return runsPage(room, name);
  return undefined;
}

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
