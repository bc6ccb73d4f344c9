import type { TranscriptHead, TurnChunk } from '../../../schemas/transcript.ts';
import { type SiblingTurn, sharedTurns, siblingTurns } from '../../model/siblings/align.ts';
import { fetchJson } from '../fetch-json.ts';

/** One rollout beside others, read as far as `chunks`. */
export interface Sibling {
  row: string;
  head: TranscriptHead;
  turns: readonly SiblingTurn[];
  /** Chunks that were read, of those that are there. */
  chunks: number;
}

/** Turns that are shown from the first divergence on, before the reader asks for more. */
export const turnsBeside = 40;

/** Paths of one rollout's transcript. */
function transcriptPath(collection: string, row: string): string {
  return `c/${encodeURIComponent(collection)}/r/${encodeURIComponent(row)}`;
}

/** The heads of rollouts, without a turn of theirs. */
export async function loadHeads(collection: string, rows: readonly string[], signal: AbortSignal): Promise<Sibling[]> {
  return await Promise.all(
    rows.map(async (row) => {
      const answer = await fetchJson<TranscriptHead>(`${transcriptPath(collection, row)}/head.json`, { signal });
      if (answer === null) throw new Error('the server gave no head');
      return { row, head: answer.data, turns: [], chunks: 0 };
    }),
  );
}

/**
 * Reads rollouts on, a chunk of each at a time, until they have `wanted` turns from where they part, or are at their ends.
 * What was read before is kept as what is compared of it alone.
 */
export async function readOn(collection: string, known: readonly Sibling[], wanted: number, signal: AbortSignal): Promise<Sibling[]> {
  let siblings = [...known];
  const isShort = ({ chunks, head, turns }: Sibling) =>
    chunks < head.chunks && turns.length < sharedTurns(siblings.map((one) => one.turns)) + wanted;
  while (siblings.some(isShort)) {
    siblings = await Promise.all(
      siblings.map(async (sibling) => {
        if (!isShort(sibling)) return sibling;
        const path = `${transcriptPath(collection, sibling.row)}/chunk-${sibling.chunks}.json`;
        const answer = await fetchJson<TurnChunk>(path, { signal });
        const turns = [...sibling.turns, ...siblingTurns(answer?.data.turns ?? [])];
        return { ...sibling, turns, chunks: sibling.chunks + 1 };
      }),
    );
  }
  return siblings;
}
