import type { CardFacts } from '../../activities/dataset/card/card.ts';
import { describeColumns } from '../../activities/dataset/shards/columns.ts';
import { Figures } from '../../activities/dataset/figures/figures.ts';
import { Statistics } from '../../activities/dataset/figures/statistics.ts';
import { countFunnel, type FunnelInput } from '../../activities/ledger/funnel.ts';
import type { LedgerEntry } from '../../schemas/ledger-entry.ts';

const sha256 = '0'.repeat(64);
const file = (path: string) => ({ path, sha256, size_bytes: 1 });

export type CountedEntry = Parameters<Figures['add']>[0] & Parameters<Statistics['add']>[0] & { kept: boolean };

export function entry(change: Partial<CountedEntry> = {}): CountedEntry {
  return {
    key: { campaign: 'c', instance_id: 'acme__parser-1', harness: 'openhands', mode: 'think', sample: 0 },
    repo: 'acme/parser',
    license: 'MIT',
    language: 'python',
    kept: true,
    resolved: 1,
    turns: 40,
    usage: { prompt_tokens: 1000, completion_tokens: 200 },
    decisions: [],
    findings: [],
    ...change,
  };
}

export function decision(rule: string, said: LedgerEntry['decisions'][number]['decision']): LedgerEntry['decisions'][number] {
  return { rule, version: 1, decision: said, parameters: {}, reason: '', evidence: [] };
}

/** What a card is made of, computed from entries as a build does it. */
export function cardFacts(entries: readonly CountedEntry[], change: Partial<CardFacts> = {}): CardFacts {
  const [statistics, figures] = [new Statistics(), new Figures()];
  for (const each of entries) {
    figures.add(each, each.kept);
    if (each.kept) statistics.add(each);
  }
  const rows = entries.filter(({ kept }) => kept).length;
  return {
    format: 1,
    campaign: 'c',
    version: 'v1',
    form: 'trajectory',
    rows,
    not_selected: 0,
    refused_licences: [],
    content_sha256: sha256,
    shards: rows === 0 ? [] : [{ ...file('data/openhands/a.parquet'), split: 'openhands', rows }],
    ledger: { ...file('ledger.jsonl'), entries: entries.length },
    columns: describeColumns('trajectory'),
    filters: [],
    funnel: countFunnel(entries.map(fate)),
    statistics: statistics.cells(),
    figures: figures.figures(),
    ...change,
  };
}

function fate({ key, language, kept, resolved, decisions }: CountedEntry): FunnelInput {
  const decided_by = decisions.find((each) => each.decision === 'drop')?.rule ?? null;
  const { harness, mode } = key;
  return { harness, mode, language, task_state: 'done', kept: kept ? 1 : 0, lost: 0, resolved, decided_by, ambiguous: 0, rollouts: 1 };
}
