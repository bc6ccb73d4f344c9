import { nameTable } from '../../../schemas/name-table.ts';
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { json, noCampaign } from '../answers.ts';
import { campaignLines } from './campaigns.ts';
import { campaignView } from './campaign-view.ts';
import { evaluationLines, evaluationView, nightlyLines, nightlyView } from './evaluations.ts';
import { funnelView } from './funnel-view.ts';
import { campaignGrid } from './grid.ts';
import type { LiveContext } from './live-context.ts';
import { openRollout } from './task-now.ts';
import { pipelineLines, pipelineView, trainingLines, trainingView } from './runs.ts';
import { taskView } from './task-view.ts';

const GridLimits = z.object({ limit: z.coerce.number().int().min(1).max(1000) });

/** What a server over a home answers below `data/live/`. Names out of addresses are looked up on the ledger, never joined to paths. */
export function liveRoutes(app: Hono, context: LiveContext): void {
  const give = (path: string, answer: (asked: Context) => Promise<unknown>) =>
    app.get(`/data/live/${path}`, async (asked) => json(asked, await answer(asked), unknownName(path, asked)));
  const name = (asked: Context) => asked.req.param('name') ?? '';
  give('campaigns.json', async () => await campaignLines(context));
  give('campaigns/:name/status.json', async (asked) => await campaignView(context, name(asked)));
  give('campaigns/:name/grid.json', async (asked) => {
    const { limit } = GridLimits.parse({ limit: asked.req.query('limit') ?? 200 });
    const { text = '', state = '', after = null } = asked.req.query();
    return await campaignGrid(context, name(asked), { text, state, after, limit });
  });
  give('campaigns/:name/tasks/:file{.+\\.json}', async (asked) => await taskView(context, name(asked), nameIn(asked)));
  give('rollouts/:file{.+\\.json}', async (asked) => await openRollout(context, nameIn(asked)));
  give('campaigns/:name/funnel.json', async (asked) => await funnelView(context, name(asked)));
  give('pipelines.json', async () => await pipelineLines(context));
  give('trainings.json', async () => await trainingLines(context));
  give('evaluations.json', async () => await evaluationLines(context));
  give('nightly.json', async () => await nightlyLines(context));
  give('pipelines/:file{[^/]+\\.json}', async (asked) => await pipelineView(context, nameIn(asked)));
  give('trainings/:file{[^/]+\\.json}', async (asked) => await trainingView(context, nameIn(asked)));
  give('evaluations/:file{[^/]+\\.json}', async (asked) => await evaluationView(context, nameIn(asked), asked.req.query('baseline')));
  give('nightly/:file{[^/]+\\.json}', async (asked) => await nightlyView(context, nameIn(asked)));
}

/** What each kind of names is called, by the first part of its addresses. */
const kinds: Record<string, string> = nameTable({
  campaigns: 'campaign',
  rollouts: 'rollout',
  pipelines: 'pipeline',
  trainings: 'training',
  evaluations: 'evaluation',
  nightly: 'nightly series',
});

/** Why a name has no answer: mistyped, of another home, or not begun yet. */
function unknownName(path: string, asked: Context): string {
  const kind = kinds[path.split('/')[0] ?? ''] ?? 'thing';
  const campaign = asked.req.param('name');
  if (campaign === undefined) return `this home has no ${kind} called ${nameIn(asked)}`;
  const task = path.includes('/tasks/') ? `, or it has no task called ${nameIn(asked)}` : '';
  return `${noCampaign(campaign)}${task}`;
}

/** The name before `.json`. */
function nameIn(asked: Context): string {
  return (asked.req.param('file') ?? '').replace(/\.json$/, '');
}
