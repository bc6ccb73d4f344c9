import type { ScanContext } from '../../../schemas/scan-context.ts';
import type { BadPlace } from '../../ingestion/index.ts';
import type { Place } from '../../../schemas/place.ts';
import type { FindingCategory } from '../../../schemas/finding.ts';
import type { ScanRule } from '../../../schemas/scan-rule.ts';

/** What every thread needs to know before its first unit. */
export interface ThreadSettings {
  context: ScanContext;
  rules: ScanRule[];
  /** Adds what a second judge should decide on to each report, for findings of these categories. */
  passages?: FindingCategory[];
}

/** A piece of work for one thread; `number` counts from 0, `name` is that of the input. */
export type Unit = Work & { number: number; name: string };

export type Work =
  | { kind: 'lines'; bytes: Uint8Array<ArrayBuffer>; firstLine: number; tooLong: boolean }
  | { kind: 'bytes'; bytes: Uint8Array<ArrayBuffer> }
  | { kind: 'file'; form: 'whole' | 'parquet' }
  /** The input ended here, in an error. */
  | { kind: 'failed'; problem: string };

/** What a thread sends back: results as JSON lines, several times for a long unit. */
export interface UnitResult {
  number: number;
  lines: string;
  rows: number;
  accused: number;
  /** Rows that could not be read. */
  bad: BadPlace[];
  /** Rows with bytes that are not UTF-8, which stand as U+FFFD. */
  damaged: Place[];
  /** Rows that were read in part, each with its place, its id and why. */
  unread: string[];
  /** Bytes of input that this stands for. */
  bytes: number;
  done: boolean;
}
