import type { Mark, TurnIndex, TurnView } from '../../../schemas/transcript.ts';
import { byteLength, clip, isCut } from './clip.ts';
import { isMinor } from './minor.ts';
import type { RawPart, RawTurn } from './raw-turn.ts';

/** A turn as pages get it, with the texts that are too long for it, by blob id. */
export interface PackedTurn {
  view: TurnView;
  blobs: Map<string, string>;
}

/** Cuts the long texts of a turn. Ids of blobs follow from the place: the same turn gives the same ids. */
export function packTurn(raw: RawTurn, seq: number, marksOf: (part: RawPart, index: number) => Mark[] = () => []): PackedTurn {
  const blobs = new Map<string, string>();
  const parts = raw.parts.map((part, index) => {
    const { text, ...rest } = part;
    const id = `${seq}-${index}`;
    const body = clip(text, id);
    if (isCut(body)) blobs.set(id, text);
    return { ...rest, body, marks: marksOf(part, index) };
  });
  return { view: { ...raw, seq, parts }, blobs };
}

/** Flags of a turn in the index. */
export const turnFlags = { failed: 1, finding: 2, minor: 4, cut: 8 } as const;

/** A chunk ends when it holds this much text as shown, or this many turns. */
const chunkBytes = 512 * 1024;
const chunkTurns = 200;

/** Notes that may stand behind a turn that still changes. They lie in its chunk: chunks before the last are final. */
export const mostBack = 100;

/** The columns of the index, filled turn by turn; also says in which chunk a turn lies. */
export class IndexColumns {
  readonly columns: TurnIndex = { from: 0, count: 0, chunk: [], kind: [], bytes: [], tokens: [], flags: [], at: [] };
  #chunk = 0;
  #chunkBytes = 0;
  #chunkTurns = 0;
  #notes = 0;

  /** Takes the next turn, and whether it shows a finding; gives its chunk. Earlier chunks never change again. */
  add(view: TurnView, found: boolean): number {
    const bytes = shownBytes(view);
    this.#notes = view.kind === 'note' || view.kind === 'patch' ? this.#notes + 1 : 0;
    const stays = this.#notes > 0 && this.#notes <= mostBack;
    if (!stays && this.#chunkTurns > 0 && (this.#chunkBytes + bytes > chunkBytes || this.#chunkTurns >= chunkTurns)) {
      this.#chunk += 1;
      this.#chunkBytes = 0;
      this.#chunkTurns = 0;
    }
    this.#chunkBytes += bytes;
    this.#chunkTurns += 1;
    const { columns } = this;
    columns.count += 1;
    columns.chunk.push(this.#chunk);
    columns.kind.push(view.kind);
    columns.bytes.push(wholeBytes(view));
    columns.tokens.push((view.prompt_tokens ?? 0) + (view.completion_tokens ?? 0));
    columns.flags.push(flagsOf(view, found));
    columns.at.push(view.at ?? 0);
    return this.#chunk;
  }

  /** A turn of the last chunk came again with more in it, as it does while its commands run; gives its chunk. */
  replace(view: TurnView, found: boolean): number {
    this.columns.bytes[view.seq] = wholeBytes(view);
    this.columns.flags[view.seq] = flagsOf(view, found);
    return this.columns.chunk[view.seq] ?? this.#chunk;
  }

  /** How many chunks there are. */
  get chunks(): number {
    return this.columns.count === 0 ? 0 : this.#chunk + 1;
  }

  /** One page of the index; undefined beyond its end, but page 0 always is. */
  page(page: number, size: number): TurnIndex | undefined {
    const { columns } = this;
    const from = page * size;
    if (from >= columns.count && page > 0) return undefined;
    const cut = <T>(column: T[]): T[] => column.slice(from, from + size);
    const kind = cut(columns.kind);
    return {
      from,
      count: kind.length,
      chunk: cut(columns.chunk),
      kind,
      bytes: cut(columns.bytes),
      tokens: cut(columns.tokens),
      flags: cut(columns.flags),
      at: cut(columns.at),
    };
  }
}

function flagsOf(view: TurnView, found: boolean): number {
  const { parts } = view;
  const failed = parts.some((part) => part.failed === true) ? turnFlags.failed : 0;
  const finding = found ? turnFlags.finding : 0;
  const minor = failed === 0 && finding === 0 && isMinor(view) ? turnFlags.minor : 0;
  const cut = parts.some((part) => isCut(part.body)) ? turnFlags.cut : 0;
  return failed | finding | minor | cut;
}

function shownBytes({ parts }: TurnView): number {
  return parts.reduce((sum, { body }) => sum + ('blob' in body ? body.head.length + body.tail.length : body.text.length), 0);
}

function wholeBytes({ parts }: TurnView): number {
  return parts.reduce((sum, { body }) => sum + ('blob' in body ? body.bytes : byteLength(body.text)), 0);
}
