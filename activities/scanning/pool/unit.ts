import type { ScanContext } from '../../../schemas/scan-context.ts';
import type { ScanRule } from '../../../schemas/scan-rule.ts';

/** What every thread needs to know before its first unit. */
export interface ThreadSettings {
  context: ScanContext;
  rules: ScanRule[];
}

/** A piece of work for one thread. */
export type Unit =
  | { kind: 'lines'; number: number; name: string; bytes: Uint8Array<ArrayBuffer>; firstLine: number }
  | { kind: 'file'; number: number; path: string; form: 'other' | 'parquet' };

/** What a thread sends back: results as JSON lines, several times for a long unit. */
export interface UnitResult {
  number: number;
  lines: string;
  rows: number;
  accused: number;
  /** Rows that could not be read, each with its place. */
  bad: string[];
  /** Rows that were read in part, each with its place, its id and why. */
  unread: string[];
  /** Bytes of input that this stands for. */
  bytes: number;
  done: boolean;
}
