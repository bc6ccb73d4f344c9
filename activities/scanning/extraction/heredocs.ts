/** A here-document taken out of its program. */
export interface Heredoc {
  body: string;
  /** False for a quoted delimiter: the body is literal. */
  expands: boolean;
  /** The operator as written, to show commands as they were. */
  operator: string;
}

export interface LiftedProgram {
  source: string;
  heredocs: Heredoc[];
}

const placeholderPattern = /TMHEREDOC(\d+)X/;

/** The file name that stands in a lifted program for the here-document of this number. */
function heredocPlaceholder(number: number): string {
  return `TMHEREDOC${number}X`;
}

export function heredocNumber(word: string): number | undefined {
  const match = placeholderPattern.exec(word);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

/**
 * Takes here-documents out of a program and joins continued lines. Each `<<WORD` becomes a redirect from a
 * placeholder file, because the Bash grammar loses the commands that follow such an operator on its line.
 */
export function liftHeredocs(program: string): LiftedProgram {
  if (!program.includes('<<') && !program.includes('\\\n')) return { source: program, heredocs: [] };
  return new Lifter(program).lift();
}

type Context = 'code' | 'double' | 'parenthesis' | 'backtick' | 'arithmetic' | 'parameter';

interface Pending {
  delimiter: string;
  stripsTabs: boolean;
  heredoc: Heredoc;
}

class Lifter {
  readonly #program: string;
  readonly #heredocs: Heredoc[] = [];
  readonly #contexts: Context[] = ['code'];
  #pending: Pending[] = [];
  #at = 0;
  #source = '';

  constructor(program: string) {
    this.#program = program;
  }

  lift(): LiftedProgram {
    while (this.#at < this.#program.length) this.#step();
    return { source: this.#source, heredocs: this.#heredocs };
  }

  #step(): void {
    const program = this.#program;
    const char = program.charAt(this.#at);
    const context = this.#contexts.at(-1) ?? 'code';
    if (char === '\\') return this.#escape();
    if (context === 'double') return this.#inDouble(char);
    if (char === "'" && context !== 'arithmetic') return this.#single(program.charAt(this.#at - 1) === '$');
    if (char === '"') return this.#enter('double', 1);
    if (char === '`') return context === 'backtick' ? this.#leave(1) : this.#enter('backtick', 1);
    if (program.startsWith('$((', this.#at)) return this.#enter('arithmetic', 3);
    if (program.startsWith('$(', this.#at)) return this.#enter('parenthesis', 2);
    if (program.startsWith('${', this.#at)) return this.#enter('parameter', 2);
    if (context === 'parameter' && char === '}') return this.#leave(1);
    if (context === 'arithmetic') return program.startsWith('))', this.#at) ? this.#leave(2) : this.#copy(1);
    if (program.startsWith('((', this.#at) && /(^|[\s;&|])$/.test(program.charAt(this.#at - 1))) return this.#enter('arithmetic', 2);
    if (char === '(') return this.#enter('parenthesis', 1);
    if (char === ')' && context === 'parenthesis') return this.#leave(1);
    if (char === '#' && /^[\s;&|(]?$/.test(program.charAt(this.#at - 1))) return this.#comment();
    if (char === '\n') return this.#newline();
    if (program.startsWith('<<<', this.#at)) return this.#copy(3);
    if (program.startsWith('<<', this.#at)) return this.#operator();
    this.#plain();
  }

  /** Copies everything up to the next character that may mean something. */
  #plain(): void {
    const rest = /[\\'"`$()#\n<}]/g;
    rest.lastIndex = this.#at + 1;
    const next = rest.exec(this.#program);
    this.#copy((next?.index ?? this.#program.length) - this.#at);
  }

  #inDouble(char: string): void {
    if (char === '"') return this.#leave(1);
    if (char === '`') return this.#enter('backtick', 1);
    if (this.#program.startsWith('$((', this.#at)) return this.#enter('arithmetic', 3);
    if (this.#program.startsWith('$(', this.#at)) return this.#enter('parenthesis', 2);
    if (this.#program.startsWith('${', this.#at)) return this.#enter('parameter', 2);
    const rest = /[\\"`$]/g;
    rest.lastIndex = this.#at + 1;
    const next = rest.exec(this.#program);
    this.#copy((next?.index ?? this.#program.length) - this.#at);
  }

  #copy(length: number): void {
    this.#source += this.#program.slice(this.#at, this.#at + length);
    this.#at += length;
  }

  #enter(context: Context, length: number): void {
    this.#contexts.push(context);
    this.#copy(length);
  }

  #leave(length: number): void {
    if (this.#contexts.length > 1) this.#contexts.pop();
    this.#copy(length);
  }

  #escape(): void {
    if (this.#program.charAt(this.#at + 1) === '\n') this.#at += 2;
    else this.#copy(2);
  }

  #single(ansi: boolean): void {
    let end = this.#at + 1;
    while (end < this.#program.length && this.#program.charAt(end) !== "'") end += ansi && this.#program.charAt(end) === '\\' ? 2 : 1;
    this.#copy(end + 1 - this.#at);
  }

  #comment(): void {
    const end = this.#program.indexOf('\n', this.#at);
    this.#at = end === -1 ? this.#program.length : end;
  }

  #operator(): void {
    const match = /^<<(-?)[ \t]*((?:'[^'\n]*'|"[^"\n]*"|\\.|[^\s'"\\;&|<>()`])+)/.exec(this.#program.slice(this.#at, this.#at + 300));
    if (match === null) return this.#copy(2);
    const [operator, dash, word = ''] = match;
    const delimiter = word.replace(/\\(.)/g, '$1').replace(/['"]/g, '');
    const heredoc = { body: '', expands: !/['"\\]/.test(word), operator };
    this.#source += `<${heredocPlaceholder(this.#heredocs.length)} `;
    this.#heredocs.push(heredoc);
    this.#pending.push({ delimiter, stripsTabs: dash === '-', heredoc });
    this.#at += operator.length;
  }

  #newline(): void {
    this.#copy(1);
    for (const pending of this.#pending) this.#body(pending);
    this.#pending = [];
  }

  #body({ delimiter, stripsTabs, heredoc }: Pending): void {
    const lines: string[] = [];
    while (this.#at < this.#program.length) {
      const end = this.#program.indexOf('\n', this.#at);
      const stop = end === -1 ? this.#program.length : end;
      const raw = this.#program.slice(this.#at, stop);
      const line = stripsTabs ? raw.replace(/^\t+/, '') : raw;
      const closed = line.replace(/\r$/, '') === delimiter;
      // The closing line's own newline stays, so that what follows is a new statement.
      this.#at = closed ? stop : Math.min(stop + 1, this.#program.length);
      if (closed) break;
      // `)` right behind the delimiter closes a substitution: bash accepts it with a warning.
      if (line.startsWith(delimiter) && /^\s*\)/.test(line.slice(delimiter.length)) && this.#contexts.at(-1) === 'parenthesis') {
        this.#at = stop - (raw.length - raw.indexOf(delimiter) - delimiter.length);
        break;
      }
      lines.push(line);
    }
    heredoc.body = lines.length === 0 ? '' : `${lines.join('\n')}\n`;
  }
}
