import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { messageOf } from '../../../schemas/problem.ts';
import { ReleasedLedgerEntry } from '../../../schemas/release.ts';
import type { ReleaseQuery } from '../../../schemas/release-query.ts';
import { jsonLinesOf } from '../../tables/json-rows.ts';
import { Figures } from '../figures/figures.ts';
import { FilterTally } from '../figures/filter-tally.ts';
import { shardFolder } from '../layout.ts';
import { RefusedLicences } from '../selection/licence-gate.ts';
import { isSelected } from '../selection/selected-rows.ts';
import { Statistics } from '../figures/statistics.ts';
import type { Damages } from './damages.ts';
import { LedgerRows, LeftOutRows } from './ledger-rows.ts';

export interface LedgerFacts {
  entries: number;
  notSelected: number;
  /** Rows that the release has to have, by id. */
  rows: LedgerRows;
  others: LeftOutRows;
  tally: FilterTally;
  statistics: Statistics;
  figures: Figures;
  refusedLicences: RefusedLicences;
  kept: number;
  resolved: Record<string, number>;
  droppedBy: Map<string, number>;
}

/** Reads every line of a release's ledger, and makes its numbers anew. `query`: null where the manifest names none. */
export async function readLedgerFacts(path: string, query: ReleaseQuery | null, damages: Damages): Promise<LedgerFacts> {
  const facts: LedgerFacts = {
    entries: 0,
    notSelected: 0,
    rows: new LedgerRows(),
    others: new LeftOutRows(),
    tally: new FilterTally(),
    statistics: new Statistics(),
    figures: new Figures(),
    refusedLicences: new RefusedLicences(),
    kept: 0,
    resolved: { 1: 0, 0: 0, '-1': 0 },
    droppedBy: new Map(),
  };
  const file = basename(path);
  let last = '';
  try {
    for await (const { text, line, notUtf8, problem } of jsonLinesOf(createReadStream(path))) {
      facts.entries += 1;
      if (notUtf8 !== null || problem !== null) {
        damages.add(notUtf8 === null ? 'bad_ledger_entry' : 'not_utf8', file, problem ?? `not UTF-8 (${notUtf8})`, line);
        continue;
      }
      const entry = entryOf(text, file, line, damages);
      if (entry === null) continue;
      if (entry.id <= last)
        damages.add(entry.id === last ? 'duplicate_row' : 'wrong_order', file, `${entry.id} stands behind ${last}`, line);
      last = entry.id;
      add(facts, entry, query ?? { campaigns: [entry.key.campaign] }, { file, line }, damages);
    }
  } catch (error) {
    damages.add('unreadable_file', file, messageOf(error));
  }
  return facts;
}

function entryOf(text: string, file: string, line: number, damages: Damages): ReleasedLedgerEntry | null {
  try {
    const read = ReleasedLedgerEntry.safeParse(JSON.parse(text));
    if (read.success) return read.data;
    const [issue] = read.error.issues;
    damages.add('bad_ledger_entry', file, `${issue?.path.join('.')}: ${issue?.message}`, line);
  } catch (error) {
    damages.add('bad_ledger_entry', file, `not JSON: ${messageOf(error)}`, line);
  }
  return null;
}

function add(
  facts: LedgerFacts,
  entry: ReleasedLedgerEntry,
  query: ReleaseQuery,
  { file, line }: { file: string; line: number },
  damages: Damages,
): void {
  const rule = entry.decisions.find(({ decision }) => decision === 'drop')?.rule;
  if (entry.kept !== (rule === undefined))
    damages.add(
      'bad_ledger_entry',
      file,
      `${entry.id} is ${entry.kept ? 'kept though' : 'not kept though no rule'}${rule === undefined ? '' : ` ${rule}`} says drop`,
      line,
    );
  facts.tally.add(entry);
  const selected = isSelected(query, entry) && !(query.derived === true && entry.row_sha256 === null);
  facts.figures.add(entry, selected);
  if (!entry.kept) {
    facts.others.set(entry.id, rule ?? 'no rule');
    // What infrastructure lost, or could not be read, counts apart.
    if (entry.ending !== null && rule !== undefined && rule !== 'unparsed') facts.droppedBy.set(rule, (facts.droppedBy.get(rule) ?? 0) + 1);
    return;
  }
  facts.kept += 1;
  facts.resolved[entry.resolved] = (facts.resolved[entry.resolved] ?? 0) + 1;
  if (!selected) {
    facts.notSelected += 1;
    facts.refusedLicences.add(query, entry.license);
    facts.others.set(entry.id, 'the query');
    return;
  }
  facts.statistics.add(entry);
  facts.rows.set({
    id: entry.id,
    line,
    folder: shardFolder(entry),
    sha256: entry.row_sha256,
    facts: {
      instance_id: entry.key.instance_id,
      repo: entry.repo,
      license: entry.license,
      language: entry.language,
      resolved: entry.resolved,
      hf_dataset_name: entry.hf_dataset_name,
      model: entry.teacher.model,
      thinks: entry.key.mode === 'think',
      git_hack_attempted: entry.git_hack_attempted,
    },
  });
}
