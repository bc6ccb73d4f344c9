import type { Decision } from './ledger-entry.ts';
import type { ReleaseManifest } from './release.ts';

/** What one release's ledger says of a row. */
export interface RowStanding {
  /** `row`: in the release. `not_selected`: kept by the rules, but not asked for. `unrecorded`: the ledger has no entry. */
  fate: 'row' | 'dropped' | 'not_selected' | 'unrecorded';
  /** The decision that dropped it; null for a row that no rule dropped. */
  dropped_by: Decision | null;
  /** Outcome and the reason for it; null where the ledger has no entry, the reason also where the row was not verified. */
  resolved: number | null;
  verdict: string | null;
  findings: number | null;
}

/** A rule that says one thing in the first release and another in the second; null where it did not judge the row. */
export interface RuleChange {
  rule: string;
  before: Decision | null;
  after: Decision | null;
}

/** A row that two releases do not have alike. */
export interface RowChange {
  change: 'added' | 'removed' | 'changed';
  id: string;
  instance_id: string;
  /** Columns with other values; empty for a row that only one release has. */
  columns: string[];
  before: RowStanding;
  after: RowStanding;
  /** The rules behind it. Empty where both ledgers say the same of the row, or only one has it. */
  rules: RuleChange[];
  /** Of an added or removed row: one of the other release that differs in nothing but its id. */
  same_as?: string;
}

export interface ReleaseSummary {
  release: string;
  campaign: string;
  version: string;
  rows: number;
  content_sha256: string;
}

/** A rule that two releases apply in other versions or with other parameters; empty where one does not apply it. */
export interface FilterChange {
  rule: string;
  before: FilterSetting[];
  after: FilterSetting[];
}

type FilterSetting = Pick<ReleaseManifest['filters'][number], 'preset' | 'version' | 'parameters'>;

/** What differs between two releases. */
export interface ReleaseDiff {
  equal: boolean;
  before: ReleaseSummary;
  after: ReleaseSummary;
  counts: { added: number; removed: number; changed: number; unchanged: number; decided_otherwise: number };
  /** Sorted by id. */
  rows: RowChange[];
  /** Ids that are rows of both or of neither, alike, but on which the ledgers differ: sorted. */
  decided_otherwise: string[];
  filters: FilterChange[];
  /** Facts about the releases as wholes that differ: columns, query, form. */
  settings: string[];
}
