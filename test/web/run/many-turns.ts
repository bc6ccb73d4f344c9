import { TranscriptBuilder } from '../../../web/model/transcript/builder.ts';
import { packTurn } from '../../../web/model/transcript/pack.ts';
import { type RawTurn, textPart } from '../../../web/model/transcript/raw-turn.ts';
import type { TranscriptSource } from '../../../web/server/view-source.ts';

/** A run of so many short turns, of which the index alone is kept: chunks are made when they are asked for. */
export function manyTurns(count: number): TranscriptSource {
  const raw = (turn: number): RawTurn => ({
    kind: 'turn',
    turn,
    at: null,
    prompt_tokens: null,
    completion_tokens: null,
    latency_ms: null,
    parts: [textPart('reply', '', `number ${turn}`, 'markdown')],
  });
  const builder = new TranscriptBuilder();
  /** First turn of each chunk. */
  const starts: number[] = [];
  for (let turn = 0; turn < count; turn += 1) {
    const { chunk } = builder.add(raw(turn));
    starts[chunk] ??= turn;
  }
  const unknown = { facts: [], ending: null, resolved: null, tests: [], decisions: [], fate: null, patch: null, unread: [] };
  return {
    head: async () => builder.head({ ...unknown, id: 'many', title: 'many', open: false, version: '1' }),
    index: async (page) => builder.index(page),
    chunk: async (chunk) => {
      const start = starts[chunk];
      if (start === undefined) return undefined;
      const length = (starts[chunk + 1] ?? count) - start;
      return { chunk, turns: Array.from({ length }, (_, at) => packTurn(raw(start + at), start + at).view) };
    },
    blob: async () => undefined,
  };
}
