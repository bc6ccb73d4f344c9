import type { ToolCall } from '../../../schemas/message.ts';
import { TextPieces } from './text-pieces.ts';
import { wellFormedJson } from './well-formed.ts';
import type { CalledFunction, WireCall } from './wire.ts';

interface OpenCall {
  index: number | undefined;
  id: string;
  /** Further ids under which pieces of it came. */
  aliases: Set<string>;
  name: string;
  arguments: TextPieces;
  /** Begun by an id alone, under an index that had a call: it is one only if more of it comes. */
  isAnnounced: boolean;
}

interface Piece {
  index: number | undefined;
  id: string;
  name: string;
  arguments: string;
}

/**
 * Puts the tool calls of a reply together. A whole list is taken as it is: each entry is a call. Pieces of a stream belong
 * to the latest call of their index, or to the latest of all where they have none, until one begins another call:
 *
 * - with a name, when the arguments so far are whole, or when there are none and the name or the id is another;
 * - with another id and no name, when the arguments so far are whole.
 *
 * Arguments that are not whole go on, whatever ids and names their pieces repeat or change: nothing else could complete them.
 */
export class CallAssembly {
  readonly #calls: OpenCall[] = [];
  /** Of the form before lists of calls; counts only without a list, as servers that send both send one call twice. */
  #single: OpenCall | undefined;

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  /** The pieces of one chunk. */
  addPieces(pieces: readonly (WireCall | null)[]): void {
    /** Within one list entries with a name are different calls. */
    const named = new Set<OpenCall>();
    for (const piece of pieces.filter((one) => one !== null).map(read)) {
      const open = this.#open(piece);
      const continues = open !== undefined && !(piece.name !== '' && named.has(open)) && !begins(piece, open);
      const call = continues ? open : this.#begin(piece);
      if (!continues && open !== undefined) call.isAnnounced = piece.name === '' && piece.arguments === '';
      if (piece.name !== '') named.add(call);
      if (continues && isSentAgain(piece, open)) continue;
      if (piece.id !== '' && call.id !== piece.id) {
        if (call.id === '') call.id = piece.id;
        else call.aliases.add(piece.id);
      }
      // Servers that repeat the name repeat all of it; none is known that cuts one.
      call.name ||= piece.name;
      call.arguments.add(piece.arguments);
    }
  }

  /** A finished list, which replaces what came in pieces. */
  setWhole(calls: readonly (WireCall | null)[]): void {
    this.#calls.length = 0;
    for (const call of calls) {
      if (call === null) continue;
      const piece = read(call);
      this.#begin({ ...piece, index: undefined }).arguments.add(piece.arguments);
    }
  }

  addSingle({ name, arguments: sent }: CalledFunction): void {
    this.#single ??= newCall({ index: undefined, id: '', name: '' });
    this.#single.name ||= name ?? '';
    this.#single.arguments.add(sent);
  }

  /** Calls without an id, or with one that is taken, get an id that only depends on exchange and place. */
  finish(exchange: number): ToolCall[] {
    const taken = new Set<string>();
    return this.#all
      .toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0))
      .map((call, place) => {
        const id = call.id === '' || taken.has(call.id) ? `call_${exchange}_${place}` : call.id;
        taken.add(id);
        return { id, type: 'function', function: { name: call.name.toWellFormed(), arguments: argumentsOf(call.arguments) } };
      });
  }

  /** Whether a call's arguments stop in the middle. */
  get isCut(): boolean {
    return this.#all.some((call) => {
      const text = argumentsOf(call.arguments);
      return text.trim() !== '' && !isWhole(text);
    });
  }

  get #all(): OpenCall[] {
    const calls = this.#calls.filter(({ isAnnounced, name, arguments: sent }) => !isAnnounced || name !== '' || sent.joined !== '');
    return calls.length === 0 && this.#single !== undefined ? [this.#single] : calls;
  }

  #open({ index, id }: Piece): OpenCall | undefined {
    const candidates = index === undefined ? this.#calls : this.#calls.filter((call) => call.index === index);
    const known = id === '' ? undefined : candidates.findLast((call) => call.id === id || call.aliases.has(id));
    return known ?? candidates.at(-1);
  }

  #begin(piece: Piece): OpenCall {
    const call = newCall(piece);
    this.#calls.push(call);
    return call;
  }
}

function newCall({ index, id, name }: Pick<Piece, 'index' | 'id' | 'name'>): OpenCall {
  return { index, id, aliases: new Set(), name, arguments: new TextPieces(2), isAnnounced: false };
}

function read({ index, id, function: called, ...bare }: WireCall): Piece {
  const { name, arguments: sent } = called ?? bare;
  return { index: index ?? undefined, id: id ?? '', name: name ?? '', arguments: sent };
}

/** Whether a piece begins a call other than the open one. */
function begins(piece: Piece, open: OpenCall): boolean {
  const otherId = piece.id !== '' && open.id !== '' && piece.id !== open.id && !open.aliases.has(piece.id);
  if (piece.name === '' && !otherId) return false;
  const soFar = open.arguments.joined;
  if (soFar.trim() === '') {
    if (piece.name === '' || open.name === '') return false;
    // A server that makes up a new id for each piece also does so for the first piece of the arguments.
    return piece.name !== open.name || (otherId && (piece.arguments.trim() === '' || isWhole(piece.arguments)));
  }
  if (!isWhole(soFar)) return piece.name !== '' && piece.name !== open.name;
  return otherId || !(piece.arguments === '' && piece.name === open.name) ? !isSentAgain(piece, open) : false;
}

/** The same call once more: same id, same name, same arguments. */
function isSentAgain(piece: Piece, open: OpenCall): boolean {
  return (
    piece.id !== '' &&
    piece.id === open.id &&
    piece.name === open.name &&
    piece.arguments !== '' &&
    piece.arguments === open.arguments.joined
  );
}

/** Whether a text is a JSON object from beginning to end. */
function isWhole(text: string): boolean {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return false;
  try {
    JSON.parse(trimmed);
    return true;
  } catch {
    return false;
  }
}

/**
 * The arguments as the model wrote them. Where their pieces make no JSON, two habits of servers are looked for: an empty object
 * in front of the arguments (Anthropic behind proxies), and pieces that send once more what came before.
 */
function argumentsOf(pieces: TextPieces): string {
  const joined = clean(pieces.joined);
  if (isWhole(joined)) return joined;
  const last = clean(pieces.last);
  const once = [joined.replace(/^\s*\{\s*\}(?=\s*\{)/, ''), joined === last + last ? last : joined, clean(pieces.text)];
  return once.find(isWhole) ?? joined;
}

function clean(json: string): string {
  return wellFormedJson(json.toWellFormed());
}
