/** The text is no shell program that can be followed to its end: a quote, a document or a compound command has none. */
export class UnfinishedShellText extends Error {}

interface Document {
  delimiter: string;
  /** Tabs before the lines do not count (`<<-`). */
  tabs: boolean;
  /** With a quoted delimiter a backslash at the end of a line joins nothing. */
  quoted: boolean;
}

/** Compound commands and substitutions that may lie within each other. */
const deepest = 200;

/**
 * A place in a text that is read as bash reads it: blanks and comments, words with all their quotes and substitutions, and the
 * here-documents that begin behind a line. What stands in a command substitution is read by {@link commands}.
 */
export abstract class ShellText {
  protected readonly text: string;
  protected at = 0;
  readonly #documents: Document[] = [];
  readonly #notArithmetic = new Set<number>();
  #depth = 0;
  #stepsLeft: number;

  constructor(text: string) {
    this.text = text;
    // Arithmetic is told from a subshell by trying; this bounds what trying within tries may cost.
    this.#stepsLeft = 1000 + 20 * text.length;
  }

  /** Reads commands, over lines, up to one of the closing words or signs, and gives which one it was. */
  protected abstract commands(closers: ReadonlySet<string>): string;

  protected get ended(): boolean {
    return this.at >= this.text.length;
  }

  protected sees(sign: string): boolean {
    return this.text.startsWith(sign, this.at);
  }

  /** Takes a sign if it stands here. */
  protected takes(sign: string): boolean {
    if (!this.sees(sign)) return false;
    this.at += sign.length;
    return true;
  }

  protected insists(sign: string): void {
    if (!this.takes(sign)) throw new UnfinishedShellText(`${sign} expected at ${this.at}`);
  }

  /** Runs `read` one level deeper. */
  protected within<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > deepest) throw new UnfinishedShellText('nested too deeply');
    try {
      return read();
    } finally {
      this.#depth -= 1;
    }
  }

  protected step(): void {
    this.#stepsLeft -= 1;
    if (this.#stepsLeft < 0) throw new UnfinishedShellText('too tangled');
  }

  /** Skips blanks, joined lines and comments, and with `lines` the ends of lines too. */
  protected blanks(lines: boolean): void {
    for (;;) {
      this.step();
      const sign = this.text[this.at];
      if (sign === ' ' || sign === '\t') this.at += 1;
      else if (this.sees('\\\n')) this.at += 2;
      else if (sign === '#') this.at = this.#lineEnd(this.at);
      else if (sign === '\n' && lines) this.newline();
      else return;
    }
  }

  /** Takes the end of a line and the here-documents that begin behind it. One without an end goes on to the end of the text. */
  protected newline(): void {
    this.insists('\n');
    for (const document of this.#documents.splice(0)) {
      while (!this.ended) {
        this.step();
        if (this.#documentLine(document) === document.delimiter) break;
      }
    }
  }

  /** Takes the word that begins here; none may be there. */
  protected word(): string {
    const start = this.at;
    for (;;) {
      this.step();
      const sign = this.text[this.at];
      if (sign === undefined) break;
      if (/[<>]/.test(sign) && this.text[this.at + 1] === '(') {
        this.at += 2;
        this.within(() => this.commands(inRoundBrackets));
      } else if (/[\s;&|()<>]/.test(sign) && sign !== '\r' && sign !== '\f' && sign !== '\v') {
        break;
      } else if (!this.#quoted() && !this.#arrayOrPattern(start)) {
        this.at += 1;
      }
    }
    return this.text.slice(start, this.at);
  }

  /** Takes what follows `<<` or `<<-`. */
  protected document(tabs: boolean): void {
    this.blanks(false);
    const word = this.word();
    if (word === '') throw new UnfinishedShellText('a here-document has no delimiter');
    this.#documents.push({ delimiter: unquoted(word), tabs, quoted: /['"\\]/.test(word) });
  }

  /** Takes the rest of `((` up to `))`; gives false, and stays, where it is not arithmetic but a subshell in a subshell. */
  protected arithmetic(): boolean {
    const start = this.at;
    const documents = this.#documents.length;
    if (this.#notArithmetic.has(start)) return false;
    try {
      this.within(() => this.#balanced());
      if (this.takes(')')) return true;
    } catch (error) {
      if (!(error instanceof UnfinishedShellText) || this.#stepsLeft < 0) throw error;
    }
    this.#notArithmetic.add(start);
    this.#documents.length = Math.min(documents, this.#documents.length);
    this.at = start;
    return false;
  }

  #lineEnd(from: number): number {
    const end = this.text.indexOf('\n', from);
    return end === -1 ? this.text.length : end;
  }

  #documentLine({ tabs, quoted }: Document): string {
    let line = '';
    for (;;) {
      const end = this.#lineEnd(this.at);
      const part = this.text.slice(this.at, end);
      line += tabs && line === '' ? part.replace(/^\t+/, '') : part;
      this.at = Math.min(this.text.length, end + 1);
      const joined = !quoted && end < this.text.length && (/\\+$/.exec(part)?.[0].length ?? 0) % 2 === 1;
      if (!joined) return line;
      line = line.slice(0, -1);
    }
  }

  /** Takes a quote, an escape or a substitution that begins here. */
  #quoted(): boolean {
    const sign = this.text[this.at];
    if (sign === '\\') this.at += 2;
    else if (sign === "'") this.#upTo("'", this.at + 1);
    else if (sign === '"') this.#doubleQuoted();
    else if (sign === '`') this.#backquoted();
    else if (sign === '$') this.#dollar(false);
    else return false;
    return true;
  }

  /** Takes the brackets of `name=( … )` and of patterns such as `!( … )`. */
  #arrayOrPattern(start: number): boolean {
    if (this.text[this.at + 1] !== '(') return false;
    const before = this.text.slice(start, this.at + 1);
    const array = /^[A-Za-z_]\w*(?:\[[^\n]*\])?\+?=$/.test(before);
    if (!array && !/[?*+@!]$/.test(before)) return false;
    this.at += 2;
    this.within(() => (array ? this.#words() : this.#balanced()));
    return true;
  }

  /** Words, over lines and with comments, up to the closing bracket of an array. */
  #words(): void {
    for (;;) {
      this.blanks(true);
      if (this.takes(')')) return;
      const { at } = this;
      this.word();
      if (this.at === at) throw new UnfinishedShellText('an array has no end');
    }
  }

  /** Anything up to the closing bracket, other pairs of brackets included. */
  #balanced(): void {
    for (let open = 1; open > 0; ) {
      this.step();
      if (this.ended) throw new UnfinishedShellText('a bracket is not closed');
      if (this.#quoted()) continue;
      if (this.sees('(')) open += 1;
      else if (this.sees(')')) open -= 1;
      this.at += 1;
    }
  }

  #upTo(sign: string, from: number): void {
    const end = this.text.indexOf(sign, from);
    if (end === -1) throw new UnfinishedShellText(`${sign} is not closed`);
    this.at = end + sign.length;
  }

  #doubleQuoted(): void {
    this.insists('"');
    for (;;) {
      this.step();
      if (this.ended) throw new UnfinishedShellText('a quote is not closed');
      if (this.takes('"')) return;
      if (this.sees('\\')) this.at += 2;
      else if (this.sees('`')) this.#backquoted();
      else if (this.sees('$')) this.#dollar(true);
      else this.at += 1;
    }
  }

  #backquoted(): void {
    this.#escapedUpTo('`', this.at + 1);
  }

  #escapedUpTo(sign: string, from: number): void {
    for (this.at = from; !this.takes(sign); this.at += this.sees('\\') ? 2 : 1) {
      this.step();
      if (this.ended) throw new UnfinishedShellText(`${sign} is not closed`);
    }
  }

  #dollar(quoted: boolean): void {
    if (this.takes('$((')) {
      if (this.arithmetic()) return;
      this.at -= 1;
      this.within(() => this.commands(inRoundBrackets));
    } else if (this.takes('$(')) {
      this.within(() => this.commands(inRoundBrackets));
    } else if (this.takes('${')) {
      this.within(() => this.#parameter(quoted));
    } else if (!quoted && this.sees("$'")) {
      this.#escapedUpTo("'", this.at + 2);
    } else {
      this.at += 1;
    }
  }

  /** The rest of `${ … }`. An apostrophe in it begins a quote, in double quotes too. */
  #parameter(quoted: boolean): void {
    for (;;) {
      this.step();
      if (this.ended) throw new UnfinishedShellText('a brace is not closed');
      if (this.takes('}')) return;
      if (this.sees('$')) this.#dollar(quoted);
      else if (!this.#quoted()) this.at += 1;
    }
  }
}

const inRoundBrackets: ReadonlySet<string> = new Set([')']);

/** A word without its quotes, as the end of a here-document has to be. */
function unquoted(word: string): string {
  return word.replaceAll(
    /\\(.)|\$?'([^']*)'|\$?"((?:[^"\\]|\\.)*)"/gs,
    (_match, escaped?: string, single?: string, double?: string) => escaped ?? single ?? (double ?? '').replaceAll(/\\([$`"\\])/g, '$1'),
  );
}
