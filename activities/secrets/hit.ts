import type { PrivateKind } from '../../schemas/private-text.ts';

/** One thing in a text that should not be published, from `start` (included) to `end` (excluded), in UTF-16 code units. */
export interface Hit {
  kind: PrivateKind;
  /** Which format or sort, in a short name; never the thing itself. */
  what: string;
  start: number;
  end: number;
}

/** Something that looked like a hit and is none, by the reason for which it is left out. */
export type LeftOutReason = 'placeholder' | 'reserved domain' | 'service account' | 'unique id';

/** Called for each that is left out, so that it can be counted. */
export type OnLeftOut = (reason: LeftOutReason) => void;
