import type { Made } from './made.ts';

/** A form that trajectories are written in. */
export interface Form {
  name: string;
  /** Of its files, without the first dot. */
  ending: string;
  /** A file holds one trajectory. */
  single?: boolean;
  /** Whether it has reasoning; true where nothing is said. */
  reasoning?: boolean;
  /** Texts of results lose blanks at their ends. */
  trimmed?: boolean;
  /** It has nothing but commands, one a turn. */
  commands?: boolean;
  write(all: readonly Made[]): string | Uint8Array;
}
