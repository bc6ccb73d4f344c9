import type { RowForm } from '../../../schemas/dataset-row.ts';
import { Problem } from '../../../schemas/problem.ts';
import type { ReleaseManifest } from '../../../schemas/release.ts';
import type { EncodedGroup } from '../../tables/writing/row-group.ts';
import type { BuildProgress } from '../build-progress.ts';
import { checkShard, type ExpectedRow } from './check-shard.ts';
import { ContentHash } from './content-hash.ts';
import { writeHashed } from './hashed-file.ts';
import { ParquetFile } from './parquet-file.ts';
import type { Redacted } from '../selection/redact-row.ts';
import { RedactionTally } from '../figures/redaction-tally.ts';
import type { ReleaseDraft } from '../release-folder.ts';

/** A row that a thread encoded. */
type MadeRow = ExpectedRow & { sha256: string; redacted: Redacted | null };

interface Made {
  ok: true;
  encoded: EncodedGroup;
  rows: MadeRow[];
}

/** A row group that a thread made, or why it could not. */
export type MadeGroup = Made | { ok: false; code: string; message: string; hint: string };

interface Shard {
  path: string;
  split: ReleaseManifest['shards'][number]['split'];
  /** Rows of it. */
  count: number;
  /** Told of each row in its order, from 0. */
  made: (at: number, row: MadeRow) => void;
}

/**
 * Writes shards one after another, of row groups that come in their order. While a shard is read back by DuckDB, the next one is
 * written. `checked` resolves once the last shard is read back, and is awaited by the caller, who has other work meanwhile. Throws the
 * `Problem` of a group that could not be made, and release_damaged for a shard that reads otherwise than it was written.
 */
export async function writeEncodedShards(
  draft: ReleaseDraft,
  planned: readonly Shard[],
  results: AsyncIterable<MadeGroup>,
  { form, progress }: { form: RowForm; progress: BuildProgress },
): Promise<{ shards: ReleaseManifest['shards']; contentSha256: string; redacted: RedactionTally; checked: Promise<void> }> {
  const [content, redacted] = [new ContentHash(), new RedactionTally()];
  const shards: ReleaseManifest['shards'] = [];
  const groups = thatWereMade(results);
  const readBack = async (path: string, expected: readonly ExpectedRow[]) => {
    await checkShard(path, expected, form);
    for (let row = 0; row < expected.length; row += 1) progress.count('checked');
    progress.count('shards_done');
  };
  let checked = Promise.resolve();
  try {
    for (const { path, split, count, made } of planned) {
      const expected: ExpectedRow[] = [];
      const written = await writeHashed(draft, path, async (write) => {
        const file = new ParquetFile(write, form);
        while (expected.length < count) {
          const next = await groups.next();
          if (next.done === true) throw new Error(`${path} ends early`);
          await file.add(next.value.encoded);
          for (const row of next.value.rows) {
            if (row.redacted !== null) redacted.add(row.redacted);
            made(expected.length, row);
            expected.push({ id: row.id, digest: row.digest });
            content.addHash(row.id, row.sha256);
            progress.count('written');
          }
        }
        await file.finish();
        return { rows: count };
      });
      await checked;
      checked = readBack(await draft.localFile(path), expected);
      // It is waited for later; until then its failure is nobody's.
      checked.catch(() => undefined);
      shards.push({ ...written, split });
    }
  } catch (error) {
    await checked.catch(() => undefined);
    throw error;
  } finally {
    await groups.return(undefined);
  }
  return { shards, contentSha256: content.hex(), redacted, checked };
}

async function* thatWereMade(results: AsyncIterable<MadeGroup>): AsyncGenerator<Made, void, undefined> {
  for await (const result of results) {
    if (!result.ok) throw new Problem(result.code, result.message, { hint: result.hint });
    yield result;
  }
}
