import type { Finding } from '../../../schemas/finding.ts';
import { indexPageTurns, type ShownFinding, type TranscriptHead, type TurnIndex } from '../../../schemas/transcript.ts';
import { marksOfTurn } from './finding-marks.ts';
import { IndexColumns, type PackedTurn, packTurn, turnFlags } from './pack.ts';
import type { RawTurn } from './raw-turn.ts';

/** What a head says beyond what follows from the turns. */
export type AboutTranscript = Omit<TranscriptHead, 'turns' | 'bytes' | 'chunks' | 'errors' | 'findings'>;

/** A turn as pages get it, and the chunk it lies in. */
export interface PlacedTurn extends PackedTurn {
  chunk: number;
}

/** Most positions of errors that a head lists. */
const listedErrors = 10_000;

/**
 * Makes a transcript from its turns, one after the other; keeps the columns of the index, and of the turns nothing. The same
 * turns give the same numbers, chunks and blobs, however they come: at once or while a rollout goes on.
 */
export class TranscriptBuilder {
  readonly #index = new IndexColumns();
  readonly #findings: readonly Finding[];
  readonly #shown: ShownFinding[] = [];
  readonly #byTurn = new Map<number, number[]>();

  constructor(findings: readonly Finding[] = []) {
    this.#findings = findings;
    for (const [number, { turn }] of findings.entries()) this.#byTurn.set(turn, [...(this.#byTurn.get(turn) ?? []), number]);
    for (const { category, rule, severity, succeeded, evidence, command } of findings) {
      this.#shown.push({ category, rule, severity, succeeded, evidence, command, seq: 0 });
    }
  }

  /** How many turns there are. */
  get turns(): number {
    return this.#index.columns.count;
  }

  add(raw: RawTurn): PlacedTurn {
    const packed = this.#pack(raw, this.turns);
    return { ...packed, chunk: this.#index.add(packed.view, this.#hasFinding(raw)) };
  }

  /** Takes a turn again, with more in it: the last, or one with `back` notes behind it. */
  replace(raw: RawTurn, back = 0): PlacedTurn {
    const seq = this.turns - 1 - back;
    const packed = this.#pack(raw, seq);
    return { ...packed, chunk: this.#index.replace(packed.view, this.#hasFinding(raw)) };
  }

  head(about: AboutTranscript): TranscriptHead {
    const { columns, chunks } = this.#index;
    const failed = columns.flags.flatMap((flags, seq) => ((flags & turnFlags.failed) === 0 ? [] : [seq]));
    return {
      ...about,
      turns: columns.count,
      bytes: columns.bytes.reduce((sum, bytes) => sum + bytes, 0),
      chunks,
      errors: { seqs: failed.slice(0, listedErrors), more: failed.length > listedErrors },
      findings: this.#shown,
    };
  }

  index(page: number): TurnIndex | undefined {
    return this.#index.page(page, indexPageTurns);
  }

  #hasFinding({ turn }: RawTurn): boolean {
    return turn !== null && this.#byTurn.has(turn);
  }

  #pack(raw: RawTurn, seq: number): PackedTurn {
    const numbers = raw.turn === null ? [] : (this.#byTurn.get(raw.turn) ?? []);
    for (const number of numbers) {
      const shown = this.#shown[number];
      if (shown !== undefined) shown.seq = seq;
    }
    const found = numbers.flatMap((number) => {
      const finding = this.#findings[number];
      return finding === undefined ? [] : [{ finding, number }];
    });
    const marks = marksOfTurn(raw, found);
    return packTurn(raw, seq, (_part, index) => marks.get(index) ?? []);
  }
}
