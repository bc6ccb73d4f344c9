import type { ReleaseManifest } from '../../../schemas/release.ts';
import type { ReleaseDiff, ReleaseSummary, RowChange } from '../../../schemas/release-diff.ts';
import { openRelease } from '../open-release.ts';
import { releasedEntries } from '../selection/released-entries.ts';
import type { ReleaseFolder } from '../release-folder.ts';
import { LedgerPrints } from './ledger-prints.ts';
import { contentOf, differingColumns, type RowPrint, rowPrints } from './row-prints.ts';
import { filterChanges, ruleChanges, standingOf } from './rule-changes.ts';

export interface DiffOptions {
  /** Called with every row read, of all that both releases have. */
  onProgress?: (progress: { rows: number; of: number }) => void;
  signal?: AbortSignal;
}

/**
 * What differs between two releases: rows that one of them lacks, rows with other values, and for each what both ledgers say of it. Rows
 * are matched by id and compared value by value, whatever the files look like. Throws `Problem` release_unreadable or release_damaged.
 */
export async function diffReleases(before: ReleaseFolder, after: ReleaseFolder, options: DiffOptions = {}): Promise<ReleaseDiff> {
  const [first, second] = [await openRelease(before), await openRelease(after)];
  const of = first.manifest.rows + second.manifest.rows;
  let rows = 0;
  const onRow = () => options.onProgress?.({ rows: (rows += 1), of });
  const prints = {
    before: await rowPrints(first.rows(), before.location, onRow, options.signal),
    after: await rowPrints(second.rows(), after.location, onRow, options.signal),
  };
  const changes = changesOf(prints.before, prints.after);
  const ledgers = new LedgerPrints(new Set(changes.map(({ id }) => id)));
  for await (const entry of releasedEntries(before, first.manifest)) ledgers.addBefore(entry);
  for await (const entry of releasedEntries(after, second.manifest)) ledgers.addAfter(entry);
  ledgers.end();
  const explained = changes.map((change) => {
    const [one, other] = [ledgers.before.get(change.id), ledgers.after.get(change.id)];
    return {
      ...change,
      before: standingOf(one, prints.before.has(change.id)),
      after: standingOf(other, prints.after.has(change.id)),
      rules: ruleChanges(one, other),
    };
  });
  const counted = (wanted: RowChange['change']) => changes.filter(({ change }) => change === wanted).length;
  const filters = filterChanges(first.manifest, second.manifest);
  const settings = settingsOf(first.manifest, second.manifest);
  return {
    equal: changes.length + ledgers.otherwise.length + filters.length + settings.length === 0,
    before: summaryOf(before, first.manifest),
    after: summaryOf(after, second.manifest),
    counts: {
      added: counted('added'),
      removed: counted('removed'),
      changed: counted('changed'),
      unchanged: prints.after.size - counted('added') - counted('changed'),
      decided_otherwise: ledgers.otherwise.length,
    },
    rows: explained,
    decided_otherwise: ledgers.otherwise,
    filters,
    settings,
  };
}

type Found = Omit<RowChange, 'before' | 'after' | 'rules'>;

function changesOf(before: Map<string, RowPrint>, after: Map<string, RowPrint>): Found[] {
  const changes: Found[] = [];
  for (const [id, print] of before) {
    const { instance_id } = print;
    const other = after.get(id);
    if (other === undefined) changes.push({ change: 'removed', id, instance_id, columns: [] });
    else if (print.columns !== other.columns) changes.push({ change: 'changed', id, instance_id, columns: differingColumns(print, other) });
  }
  for (const [id, { instance_id }] of after) if (!before.has(id)) changes.push({ change: 'added', id, instance_id, columns: [] });
  return withTwins(changes, before, after).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Names the row of the other release with the same content: ids come from the campaign's name, so a renamed one has others. */
function withTwins(changes: Found[], before: Map<string, RowPrint>, after: Map<string, RowPrint>): Found[] {
  const twins = { added: new Map<string, string>(), removed: new Map<string, string>() };
  const printOf = ({ change, id }: Found) => (change === 'added' ? after : before).get(id);
  for (const found of changes) {
    const print = printOf(found);
    if (found.change !== 'changed' && print !== undefined) twins[found.change].set(contentOf(print), found.id);
  }
  return changes.map((found) => {
    const print = printOf(found);
    if (found.change === 'changed' || print === undefined) return found;
    const twin = twins[found.change === 'added' ? 'removed' : 'added'].get(contentOf(print));
    return twin === undefined ? found : { ...found, same_as: twin };
  });
}

function settingsOf(before: ReleaseManifest, after: ReleaseManifest): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const [first, second] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const compared = ['columns', 'form', 'query'].filter((name) => names.has(name));
  return compared.filter((name) => JSON.stringify(first.get(name)) !== JSON.stringify(second.get(name)));
}

function summaryOf({ location }: ReleaseFolder, { campaign, version, rows, content_sha256 }: ReleaseManifest): ReleaseSummary {
  return { release: location, campaign, version, rows, content_sha256 };
}
