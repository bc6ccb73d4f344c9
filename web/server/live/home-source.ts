import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArtifactStore } from '../../../activities/artifacts/store.ts';
import type { Ledger, TaskState } from '../../../activities/ledger/ledger.ts';
import { version } from '../../../platform/version.ts';
import type { RowList } from '../../model/rows/row-list.ts';
import type { ViewSource } from '../view-source.ts';
import { CampaignRows } from './campaign-rows.ts';
import { HomeTranscripts } from './home-transcripts.ts';
import { noStages, type OpenStages, type Stages } from './open-stages.ts';

/** Campaigns of a home as pages read them: each is a collection `campaign.NAME`. */
export interface HomeSource extends ViewSource {
  /** Rows of a campaign; undefined for one that is not on record. */
  list(campaign: string): Promise<RowList | undefined>;
  /** Stages as the newest list of a campaign has them, and what it lacks, in words. */
  stages(campaign: string): Pick<Stages, 'tasks' | 'missing'>;
  /** Its tasks by id, as they were when its rows were asked for last. */
  tasks(campaign: string): ReadonlyMap<string, TaskState>;
  /**
   * Reads the lists of campaigns that have not ended, one after the other, so that whoever opens one finds it read. What
   * fails is told to whoever asks for it.
   */
  begin(): Promise<void>;
  /** Reads no further, and takes away what was written for it. */
  close(): void;
}

const prefix = 'campaign.';

/** Rows from which on no further list is read before somebody asks for it: they stay in memory. */
const mostAhead = 200_000;

const nothingRuns: Stages = { ...noStages, version: -1, others: 'planned' };

/** The collection of a campaign's rows. */
export function collectionOf(campaign: string): string {
  return `${prefix}${campaign}`;
}

interface HomeOptions {
  journals: string;
  steering: boolean;
  /** Tells the stages of rollouts that run; without it they are called open. */
  stages?: OpenStages;
}

export function openHome(records: { ledger: Ledger; store: ArtifactStore }, options: HomeOptions): HomeSource {
  const folder = mkdtempSync(join(tmpdir(), 'tracemill-pages-'));
  const { ledger } = records;
  const transcripts = new HomeTranscripts({ ...records, journals: options.journals, folder });
  const rows = new Map<string, CampaignRows>();
  const known = new Map<string, Stages>();
  let closed = false;
  const stages = (campaign: string) => known.get(campaign) ?? noStages;
  const rowsOf = (campaign: string): CampaignRows => {
    const own = rows.get(campaign) ?? new CampaignRows(ledger, campaign);
    rows.set(campaign, own);
    return own;
  };
  const list = async (campaign: string) => {
    if (!(await ledger.hasCampaign(campaign))) return undefined;
    const own = rowsOf(campaign);
    // Nothing runs of a campaign that has ended.
    const now = (await ledger.campaignEnd(campaign)) === null ? ((await options.stages?.of(campaign)) ?? noStages) : nothingRuns;
    known.set(campaign, now);
    return await own.list(now);
  };
  return {
    list,
    stages,
    tasks: (campaign) => rows.get(campaign)?.tasks ?? new Map(),
    site: async () => ({
      kind: 'live',
      title: 'Tracemill',
      tracemill: version,
      steering: options.steering,
      collections: (await ledger.campaigns()).map(({ campaign }) => ({
        id: collectionOf(campaign),
        title: campaign,
        kind: 'campaign',
        rows: null,
      })),
      limits: [],
    }),
    rows: async (collection, query) => {
      if (!collection.startsWith(prefix)) return undefined;
      const campaign = collection.slice(prefix.length);
      const page = (await list(campaign))?.page(query);
      const { missing: lacks } = stages(campaign);
      return page === undefined || lacks.length === 0 ? page : { ...page, missing: [...lacks] };
    },
    transcript: async (collection, row) =>
      collection.startsWith(prefix) ? await transcripts.get(collection.slice(prefix.length), row) : undefined,
    begin: async () => {
      let read = 0;
      try {
        for (const { campaign } of await ledger.campaigns()) {
          if (closed || read >= mostAhead) return;
          if ((await ledger.campaignEnd(campaign)) === null) read += (await rowsOf(campaign).list()).rows.length;
        }
      } catch {
        // A ledger that cannot be read, or was closed meanwhile.
      }
    },
    close: () => {
      closed = true;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
