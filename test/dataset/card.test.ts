import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { writeCard } from '../../activities/dataset/card.ts';
import { FunnelCounts } from '../../schemas/ledger-record.ts';
import { ReleaseManifest } from '../../schemas/release.ts';

const sha256 = '0'.repeat(64);
const file = (path: string) => ({ path, sha256, size_bytes: 1 });

describe('the front matter of a card', () => {
  it('names splits as the datasets library takes them, and their folders as they are', () => {
    const none = Object.fromEntries(
      Object.keys(FunnelCounts.shape).map((name) => [name, ['dropped_by', 'not_judged'].includes(name) ? {} : 0]),
    );
    const release = ReleaseManifest.omit({ card: true }).parse({
      format: 1,
      campaign: 'c',
      version: 'v1',
      rows: 1,
      content_sha256: sha256,
      shards: [{ ...file('data/mini-swe/a.parquet'), split: 'mini-swe', rows: 1 }],
      ledger: { ...file('ledger.jsonl'), entries: 1 },
      columns: [],
      filters: [],
      funnel: { campaign: 'c', total: none, cells: [] },
      statistics: [],
    });
    const [, matter = ''] = writeCard(release).split(/^---$/m);
    expect(parse(matter)).toMatchObject({
      configs: [{ data_files: [{ split: 'mini_swe', path: 'data/mini-swe/**/*.parquet' }] }],
    });
  });
});
