import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { paths } from '../../../platform/home.ts';
import type { ViewRow } from '../../../schemas/view-row.ts';
import type { FunnelStep, FunnelView, RowsWhere } from '../../../schemas/web-live.ts';
import { collectionOf } from './home-source.ts';
import type { LiveContext } from './live-context.ts';

/** The way of a campaign's rollouts in numbers; each is counted over the very rows that its filter gives. */
export async function funnelView({ source }: LiveContext, campaign: string): Promise<FunnelView | undefined> {
  const list = await source.list(campaign);
  if (list === undefined) return undefined;
  const missing: string[] = [];
  const count = (where: RowsWhere) => list.page({ where, text: '', sort: '', descending: false, after: null, limit: 1 }).matched;
  const step = (stage: FunnelStep['stage'], name: string, counts: string, where: RowsWhere): FunnelStep => ({
    stage,
    name,
    counts,
    value: count(where),
    where,
  });
  const { rows } = list;
  const rules = different(rows, ({ fate, rule }) => (fate === 'dropped' ? [rule] : []));
  const categories = different(rows, (row) => row.categories.split(' ').filter((category) => category !== ''));
  const endings = different(rows, ({ ending }) => (ending === '' ? [] : [ending]));
  const fates = { fate: ['kept', 'dropped', 'unparsed'] };
  return {
    missing,
    collection: collectionOf(campaign),
    steps: [
      step('generated', 'planned', 'rollouts planned', {}),
      step('generated', 'open', 'rollouts that have not ended', { fate: ['open'] }),
      step('generated', 'gated out', 'rollouts of tasks that did not pass the gate', { fate: ['gated_out'] }),
      step('generated', 'lost', 'rollouts that infrastructure kept from ending', { fate: ['lost'] }),
      step('generated', 'ended', 'rollouts with a trajectory', fates),
      ...endings.map((ending) => step('generated', `ended: ${ending}`, `trajectories that ended as ${ending}`, { ending: [ending] })),
      step('verified', 'resolved', 'trajectories whose tests pass', { ...fates, resolved: ['1'] }),
      step('verified', 'not resolved', 'trajectories whose tests do not pass', { ...fates, resolved: ['0'] }),
      step('verified', 'unknown', 'trajectories without a verdict', { ...fates, resolved: ['-1', ''] }),
      step('scanned', 'clean', 'trajectories without a finding', { ...fates, findings: ['0'] }),
      ...categories.map((category) => step('scanned', category, `trajectories with a finding of ${category}`, { categories: [category] })),
      step('filtered', 'dropped', 'rows that a rule dropped', { fate: ['dropped'] }),
      ...rules.map((rule) =>
        step('filtered', `dropped: ${rule}`, `rows that ${rule} was the first to drop`, { fate: ['dropped'], rule: [rule] }),
      ),
      step('filtered', 'unparsed', 'rows of which too little could be read', { fate: ['unparsed'] }),
      step('filtered', 'kept', 'rows that every rule keeps', { fate: ['kept'] }),
      ...releases(campaign, missing),
    ],
  };
}

function different(rows: readonly ViewRow[], valuesOf: (row: ViewRow) => string[]): string[] {
  return [...new Set(rows.flatMap(valuesOf))].sort();
}

const Manifest = z.object({ rows: z.int().min(0) });

/** Releases of the campaign in the home. Their rows are those kept when each was built. */
function releases(campaign: string, missing: string[]): FunnelStep[] {
  const folder = join(paths.releases(), campaign);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((version): FunnelStep[] => {
    const path = join(folder, version, 'manifest.json');
    if (!existsSync(path)) return [];
    const manifest = Manifest.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (!manifest.success) {
      missing.push(`the manifest of release ${version} cannot be read`);
      return [];
    }
    return [{ stage: 'released', name: version, counts: 'rows of this release', value: manifest.data.rows, where: null }];
  });
}
