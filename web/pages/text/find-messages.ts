/** What the page asks of the thread that looks through a run. Each request ends the one before. */
export interface FindRequest {
  number: number;
  /** Absolute address of the run's folder, with `/` at its end. */
  base: string;
  chunks: number;
  /** Where to begin: hits near the reader come first. */
  first: number;
  wanted: string;
}

/** Where something stands: turn, part, and the offset in the whole text of the part. */
export interface Hit {
  seq: number;
  part: number;
  start: number;
}

/** How far the search is. */
export interface FindReply {
  number: number;
  /** New since the last reply, in the order they were found. */
  hits: Hit[];
  /** Chunks looked through, of `of`. */
  done: number;
  of: number;
  /** Why parts were not looked through, if any. */
  failed: string | null;
  /** Whether there are more hits than are kept. */
  more: boolean;
}

/** Hits that are kept. */
export const mostHits = 20_000;
