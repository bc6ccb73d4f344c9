/**
 * A text that comes in pieces. Most servers send what is new; some send all so far each time, and some send the whole once
 * more at the end. Those are told by a piece that begins with everything before it, which new text of some length never does.
 */
export class TextPieces {
  readonly #telling: number;
  #first = '';
  #last = '';
  #before = '';
  #cumulative = true;

  /** `telling`: so many characters have to come again before that is no chance. */
  constructor(telling = 40) {
    this.#telling = telling;
  }

  add(piece: string): void {
    if (piece === '') return;
    this.#cumulative &&= piece.startsWith(this.#last);
    this.#before += this.#last;
    this.#last = piece;
    this.#first ||= piece;
  }

  /** All pieces one after the other. */
  get joined(): string {
    return this.#before + this.#last;
  }

  get last(): string {
    return this.#last;
  }

  /** The text, put together in the way in which it was sent. */
  get text(): string {
    return this.#isTelling() && (this.#hasGrown() || this.#last === this.#before) ? this.#last : this.joined;
  }

  /** A model in a loop says the same piece again and again, but no longer one. */
  #hasGrown(): boolean {
    return this.#cumulative && this.#last.length > this.#first.length;
  }

  /** Rulers and blanks repeat by nature. */
  #isTelling(): boolean {
    return this.#before.length >= this.#telling && /\p{L}.*\p{L}/su.test(this.#before);
  }
}
