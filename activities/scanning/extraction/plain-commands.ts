import type { Part, Redirect, SimpleStatement, Statement, Word } from './shell-syntax.ts';
import { decodeAnsi } from './ansi-quoting.ts';
import { tellingCommands } from './rough-windows.ts';

const longestRough = 524_288;
const longestLine = 65_536;

const reserved = new Set([
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'for',
  'while',
  'until',
  'do',
  'done',
  'case',
  'esac',
  'in',
  'function',
  'select',
  'coproc',
  'time',
  '{',
  '}',
  '!',
  '[[',
  ']]',
  '((',
]);
const assignmentPattern = /^([A-Za-z_]\w*)(\+?)=/;
const stops = new Set([' ', '\t', '\n', '\r', '|', '&', ';', '<', '>', '(', ')', '']);

/**
 * Reads a program that holds nothing but words, quotes, plain variables, redirects and the operators between
 * commands, which most commands of a trajectory do, many times faster than a grammar. Gives undefined as soon
 * as anything else turns up: that program is for the grammar.
 */
export function readPlainCommands(source: string): Statement[] | undefined {
  return new PlainReader(source, false).program();
}

/**
 * Reads what no grammar could: never gives up, takes every construct it does not know for a border between
 * commands. It may see commands where there are none; it misses none that is written as plain words.
 */
export function readRoughly(source: string): Statement[] {
  const text = source.length > longestRough ? tellingCommands(source) : source;
  return text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .flatMap((line) => roughPieces(line).flatMap((piece) => new PlainReader(piece, true).program() ?? []));
}

/** Command lines that stand in quotes where a shell or a language would run them: behind `-c`, `eval`, a parenthesis. */
const quotedLine =
  /(?:-[a-z]*c[ \t]+|\beval[ \t]+|[(,=[][ \t]*)[frbu]{0,2}["'`]{1,3}[ \t]*((?:git|gh|curl|wget|pip3?|npm|cat|find|grep|sh|bash)[ \t][^"'`\n]{1,400})/g;

function roughPieces(line: string): string[] {
  const near = line.length > longestLine ? line.slice(0, Math.max(line.lastIndexOf(' ', longestLine), 1)) : line;
  const far = line.length > longestLine ? tellingCommands(line.slice(near.length)).split('\n') : [];
  const pieces = near.split(/\$\(|`|[()]|(?:^|[\s;])(?:if|then|else|elif|do|while|until|coproc|time|!|\{|\})(?=\s|$)|;;/);
  const quoted = [...near.matchAll(quotedLine)].map((match) => match[1] ?? '');
  return [...pieces, ...quoted, ...far].filter((piece) => piece.trim() !== '');
}

class PlainReader {
  readonly #source: string;
  readonly #tolerant: boolean;
  #at = 0;
  #failed = false;

  constructor(source: string, tolerant: boolean) {
    this.#source = source;
    this.#tolerant = tolerant;
  }

  program(): Statement[] | undefined {
    const statements: Statement[] = [];
    let stages: Statement[] = [];
    const close = () => {
      const [only] = stages;
      if (stages.length > 1) statements.push({ kind: 'pipeline', stages });
      else if (only !== undefined) statements.push(only);
      stages = [];
    };
    while (!this.#failed && this.#at < this.#source.length) {
      const command = this.#command();
      if (command !== undefined) stages.push(command);
      const piped = this.#operator();
      if (!piped) close();
    }
    if (this.#failed) return undefined;
    close();
    return statements;
  }

  /** Steps over the operator behind a command; true for a pipe. */
  #operator(): boolean {
    const source = this.#source;
    const char = source.charAt(this.#at);
    if (char === '') return false;
    if (char === '(' || char === ')') {
      this.#unknown();
      this.#at += 1;
      return false;
    }
    if (source.startsWith('||', this.#at) || source.startsWith('&&', this.#at) || source.startsWith(';;', this.#at)) {
      if (source.startsWith(';;', this.#at)) this.#unknown();
      this.#at += 2;
      return false;
    }
    if (char === '|') {
      this.#at += source.charAt(this.#at + 1) === '&' ? 2 : 1;
      while (/\s/.test(source.charAt(this.#at))) this.#at += 1;
      return true;
    }
    this.#at += 1;
    return false;
  }

  #command(): SimpleStatement | undefined {
    const statement: SimpleStatement = { kind: 'simple', assignments: [], words: [], redirects: [], text: '' };
    this.#blanks();
    const start = this.#at;
    for (;;) {
      this.#blanks();
      const char = this.#source.charAt(this.#at);
      if (char === '' || char === '\n' || char === '|' || char === ';' || char === '(' || char === ')') break;
      if (char === '&' && this.#source.charAt(this.#at + 1) !== '>') break;
      if (char === '#') {
        this.#comment();
        break;
      }
      const redirect = this.#redirect();
      if (redirect !== undefined) statement.redirects.push(...redirect);
      else this.#place(statement, this.#at, this.#word());
      if (this.#failed) return undefined;
    }
    if (statement.words.length + statement.assignments.length + statement.redirects.length === 0) return undefined;
    statement.text = this.#source.slice(start, this.#at).trim();
    return statement;
  }

  #place(statement: SimpleStatement, start: number, word: Word): void {
    if (statement.words.length > 0) {
      statement.words.push(word);
      return;
    }
    const raw = this.#source.slice(start, this.#at);
    const assignment = assignmentPattern.exec(raw);
    if (assignment?.[1] !== undefined) {
      const [first, ...rest] = word;
      const head = first?.kind === 'text' ? first.text.slice(assignment[0].length) : '';
      const value: Word = [{ kind: 'text', text: head, quoted: true }, ...rest];
      statement.assignments.push({ name: assignment[1], append: assignment[2] === '+', value });
      return;
    }
    if (reserved.has(raw)) this.#unknown();
    statement.words.push(word);
  }

  #redirect(): Redirect[] | undefined {
    const match = /^(?:\d*|&)(<<<|<<|>>|>\||<>|>&|<&|<|>)[ \t]*/.exec(this.#source.slice(this.#at, this.#at + 24));
    const operator = match?.[1];
    if (match === null || operator === undefined) return undefined;
    if (operator === '<<' || this.#source.charAt(this.#at + match[0].length) === '(') this.#unknown();
    this.#at += match[0].length;
    const target = this.#word();
    if (operator === '<<<') return [{ kind: 'text', text: target }];
    if (operator === '<&' || (operator === '>&' && /^[\d-]*$/.test(staticText(target)))) return [];
    return [{ kind: operator === '<' || operator === '<>' ? 'read' : operator === '>>' ? 'append' : 'write', target }];
  }

  #word(): Word {
    const parts: Part[] = [];
    let text = '';
    const flush = () => {
      if (text !== '') parts.push({ kind: 'text', text, quoted: false });
      text = '';
    };
    const quote = (quoted: string) => {
      flush();
      parts.push({ kind: 'text', text: quoted, quoted: true });
    };
    while (!stops.has(this.#source.charAt(this.#at))) {
      const char = this.#source.charAt(this.#at);
      if (char === '\\') {
        const next = this.#source.charAt(this.#at + 1);
        if (next !== '\n') quote(next);
        this.#at += 2;
      } else if (char === "'") {
        quote(this.#single());
      } else if (char === '"') {
        flush();
        parts.push(...this.#double());
      } else if (char === '$') {
        flush();
        parts.push(...this.#dollar(false));
      } else if (char === '`') {
        this.#unknown();
        this.#at += 1;
      } else {
        text += char;
        this.#at += 1;
      }
      if (this.#failed) break;
    }
    flush();
    return this.#tolerant ? withoutLooseEnds(parts) : parts;
  }

  #single(): string {
    const end = this.#source.indexOf("'", this.#at + 1);
    if (end === -1) {
      // Read roughly, a quote that nothing closes is no quote.
      this.#unknown();
      this.#at += 1;
      return '';
    }
    const text = this.#source.slice(this.#at + 1, end);
    this.#at = end + 1;
    return text;
  }

  #double(): Part[] {
    const parts: Part[] = [];
    let text = '';
    const start = this.#at;
    this.#at += 1;
    for (;;) {
      const char = this.#source.charAt(this.#at);
      if (char === '' || char === '`') {
        this.#unknown();
        if (char === '') {
          this.#at = start + 1;
          return [];
        }
        this.#at += 1;
        if (this.#failed) break;
      } else if (char === '"') {
        this.#at += 1;
        break;
      } else if (char === '\\') {
        const next = this.#source.charAt(this.#at + 1);
        text += next === '\n' ? '' : /[$`"\\]/.test(next) ? next : `\\${next}`;
        this.#at += 2;
      } else if (char === '$') {
        if (text !== '') parts.push({ kind: 'text', text, quoted: true });
        parts.push(...this.#dollar(true));
        text = '';
        if (this.#failed) break;
      } else {
        text += char;
        this.#at += 1;
      }
    }
    if (text !== '' || parts.length === 0) parts.push({ kind: 'text', text, quoted: true });
    return parts;
  }

  #dollar(quoted: boolean): Part[] {
    const rest = this.#source.slice(this.#at, this.#at + 4096);
    const ansi = quoted ? null : /^\$'((?:[^'\\]|\\[\s\S])*)'/.exec(rest);
    if (ansi?.[1] !== undefined) {
      this.#at += ansi[0].length;
      return [{ kind: 'text', text: decodeAnsi(ansi[1]), quoted: true }];
    }
    const plain = /^\$(?:\{([A-Za-z_]\w*|[0-9@*#?!$-])\}|([A-Za-z_]\w*|[0-9@*#?!$-]))/.exec(rest);
    const name = plain?.[1] ?? plain?.[2];
    if (plain !== null && name !== undefined) {
      this.#at += plain[0].length;
      return [{ kind: 'variable', expression: name, quoted }];
    }
    if (/^\$[^\s'"A-Za-z_0-9({`@*#?!-]/.test(rest) || rest === '$' || /^\$[\s]/.test(rest) || (quoted && rest.startsWith('$"'))) {
      this.#at += 1;
      return [{ kind: 'text', text: '$', quoted }];
    }
    this.#unknown();
    this.#at += 1;
    return [];
  }

  #blanks(): void {
    for (;;) {
      const char = this.#source.charAt(this.#at);
      if (char === ' ' || char === '\t' || char === '\r') this.#at += 1;
      else if (char === '\\' && this.#source.charAt(this.#at + 1) === '\n') this.#at += 2;
      else return;
    }
  }

  #comment(): void {
    const end = this.#source.indexOf('\n', this.#at);
    this.#at = end === -1 ? this.#source.length : end;
  }

  #unknown(): void {
    if (!this.#tolerant) this.#failed = true;
  }
}

/** What was opened before this piece is closed in it: the brackets and quotes that end its words are none of theirs. */
function withoutLooseEnds(parts: Part[]): Part[] {
  const last = parts.at(-1);
  if (last?.kind !== 'text' || last.quoted || !/[}\])"'`,]$/.test(last.text)) return parts;
  const whole = staticText(parts);
  if (/[{[(]/.test(whole) && !/["'`,]$/.test(last.text)) return parts;
  const text = last.text.replace(/[}\])"'`,]+$/, '');
  const rest = parts.slice(0, -1);
  return text === '' ? rest : [...rest, { ...last, text }];
}

function staticText(word: Word): string {
  return word.map((part) => (part.kind === 'text' ? part.text : 'x')).join('');
}
