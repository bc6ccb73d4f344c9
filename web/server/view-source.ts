import type { Site } from '../../schemas/site.ts';
import type { TranscriptHead, TurnChunk, TurnIndex } from '../../schemas/transcript.ts';
import type { RowPage, RowQuery } from '../../schemas/view-row.ts';

/** One rollout or trajectory, as pages read it. A bundle writes just what these give. */
export interface TranscriptSource {
  head(): Promise<TranscriptHead>;
  /** Page `page` of the index, of `indexPageTurns` turns each. Undefined where there is none. */
  index(page: number): Promise<TurnIndex | undefined>;
  /** Chunk 0 is there for every run, empty where it has no turns. Undefined where there is none. */
  chunk(chunk: number): Promise<TurnChunk | undefined>;
  /** The whole of a text that is shown cut, in UTF-8. */
  blob(id: string): Promise<AsyncIterable<Uint8Array> | undefined>;
}

/**
 * Where pages get rollouts and trajectories from: a home, files, a release. Ids come from addresses: one that is not known
 * gives undefined, whatever it holds.
 */
export interface ViewSource {
  site(): Promise<Site>;
  rows(collection: string, query: RowQuery): Promise<RowPage | undefined>;
  transcript(collection: string, row: string): Promise<TranscriptSource | undefined>;
  /** Takes a file that a reader gives and reads it: a further collection. Absent where nothing is taken. */
  take?: (name: string, bytes: AsyncIterable<Uint8Array>) => Promise<{ collection: string; rows: number }>;
}
