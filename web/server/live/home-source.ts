import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArtifactStore } from '../../../activities/artifacts/store.ts';
import type { Ledger } from '../../../activities/ledger/ledger.ts';
import { version } from '../../../platform/version.ts';
import type { RowList } from '../../model/rows/row-list.ts';
import type { ViewSource } from '../view-source.ts';
import { CampaignRows } from './campaign-rows.ts';
import { HomeTranscripts } from './home-transcripts.ts';

/** Campaigns of a home as pages read them: each is a collection `campaign.NAME`. */
export interface HomeSource extends ViewSource {
  /** Rows of a campaign; undefined for one that is not on record. */
  list(campaign: string): Promise<RowList | undefined>;
  /** Takes away what was written for it. */
  close(): void;
}

const prefix = 'campaign.';

/** The collection of a campaign's rows. */
export function collectionOf(campaign: string): string {
  return `${prefix}${campaign}`;
}

export function openHome(records: { ledger: Ledger; store: ArtifactStore }, options: { journals: string; steering: boolean }): HomeSource {
  const folder = mkdtempSync(join(tmpdir(), 'tracemill-pages-'));
  const { ledger } = records;
  const transcripts = new HomeTranscripts({ ...records, journals: options.journals, folder });
  const rows = new Map<string, CampaignRows>();
  const list = async (campaign: string) => {
    if (!(await ledger.hasCampaign(campaign))) return undefined;
    const known = rows.get(campaign) ?? new CampaignRows(ledger, campaign);
    rows.set(campaign, known);
    return await known.list();
  };
  return {
    list,
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
    rows: async (collection, query) =>
      collection.startsWith(prefix) ? (await list(collection.slice(prefix.length)))?.page(query) : undefined,
    transcript: async (collection, row) =>
      collection.startsWith(prefix) ? await transcripts.get(collection.slice(prefix.length), row) : undefined,
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
