import { ShellText, UnfinishedShellText } from './shell-text.ts';

/** A part of a text, in UTF-16 units. */
export interface TextRange {
  start: number;
  end: number;
}

/**
 * The commands of a text as a shell reads them, one after another: each goes to the end of its line, or as far as quotes,
 * here-documents, compound commands and operators carry it over more lines. `a; b` is one. Null for a text that bash would
 * not take to its end, or would have to be asked about. Takes time linear in the text.
 */
export function shellCommands(text: string): TextRange[] | null {
  try {
    return new ShellCommands(text).all();
  } catch (error) {
    if (error instanceof UnfinishedShellText) return null;
    throw error;
  }
}

/** Words that only end or divide a compound command. */
const misplaced = new Set(['in', 'then', 'elif', 'else', 'fi', 'do', 'done', 'esac', '}']);

class ShellCommands extends ShellText {
  all(): TextRange[] {
    const ranges: TextRange[] = [];
    for (;;) {
      this.blanks(true);
      if (this.ended) return ranges;
      const start = this.at;
      this.#line();
      const end = start + this.text.slice(start, this.at).replace(/\n+$/, '').length;
      // A carriage return alone is what is left of an empty line.
      if (this.text.slice(start, end).trim() !== '') ranges.push({ start, end });
    }
  }

  /** Commands up to the end of a line. */
  #line(): void {
    while (!this.ended) {
      this.#chain();
      this.blanks(false);
      if (this.ended) return;
      if (this.sees('\n')) return this.newline();
      if (!this.#separator()) throw new UnfinishedShellText(`what stands at ${this.at} begins no command`);
      this.blanks(false);
      if (this.sees('\n')) return this.newline();
    }
  }

  protected commands(closers: ReadonlySet<string>): string {
    for (;;) {
      this.blanks(true);
      if (this.ended) throw new UnfinishedShellText('a compound command has no end');
      const closer = [...closers].find((sign) => (/^[a-z}]/.test(sign) ? this.#reserved() === sign : this.sees(sign)));
      if (closer !== undefined) {
        this.at += closer.length;
        return closer;
      }
      this.#chain();
      this.blanks(false);
      if (!closesCase(closers) || !this.sees(';;')) this.#separator();
    }
  }

  /** `;` or `&`; false where there is none. */
  #separator(): boolean {
    if (this.sees(';;') || this.sees(';&') || this.sees('&&')) return false;
    return this.takes(';') || this.takes('&');
  }

  /** Commands joined by `|`, `&&` and `||`, behind which a line may end. */
  #chain(): void {
    for (;;) {
      const { at } = this;
      this.#command();
      if (this.at === at) throw new UnfinishedShellText(`what stands at ${at} begins no command`);
      this.blanks(false);
      if (!this.takes('&&') && !this.takes('||') && !this.takes('|&') && !this.takes('|')) return;
      this.blanks(true);
    }
  }

  #command(): void {
    this.within(() => {
      const word = this.#reserved();
      if (this.sees('(')) this.#brackets();
      else if (word === undefined) return this.#simple();
      else this.#compound(word);
      this.#redirections();
    });
  }

  #brackets(): void {
    if (this.takes('((')) {
      if (this.arithmetic()) return;
      this.at -= 2;
    }
    this.insists('(');
    this.commands(closedBy(')'));
  }

  #compound(word: string): void {
    if (misplaced.has(word)) throw new UnfinishedShellText(`${word} at ${this.at} closes nothing`);
    this.at += word.length;
    switch (word) {
      case 'if':
        this.commands(closedBy('then'));
        for (let closer = 'elif'; closer !== 'fi'; ) {
          closer = this.commands(closer === 'else' ? closedBy('fi') : closedBy('elif', 'else', 'fi'));
          if (closer === 'elif') this.commands(closedBy('then'));
        }
        return;
      case 'while':
      case 'until':
        this.commands(closedBy('do'));
        this.commands(closedBy('done'));
        return;
      case 'for':
      case 'select':
        return this.#forEach();
      case 'case':
        return this.#cases();
      case '{':
        this.commands(closedBy('}'));
        return;
      case '[[':
        return this.#condition();
      case 'function':
        this.blanks(false);
        this.word();
        return this.#functionBody();
      case 'coproc':
        this.blanks(false);
        if (/^\w+[ \t]+[{(]/.test(this.text.slice(this.at, this.at + 200))) this.word();
        this.blanks(false);
        return this.#command();
      default:
        // `!` and `time` stand before a pipeline.
        this.blanks(false);
        if (word === 'time' && /^-p[ \t]/.test(this.text.slice(this.at, this.at + 3))) this.at += 2;
        this.blanks(false);
        if (!this.ended && !/[\n;&|)]/.test(this.text.charAt(this.at))) this.#command();
    }
  }

  #forEach(): void {
    this.blanks(false);
    if (this.takes('((')) {
      if (!this.arithmetic()) throw new UnfinishedShellText('the head of a loop has no end');
    } else {
      this.word();
    }
    this.blanks(true);
    if (this.#reserved() === 'in') {
      this.at += 2;
      this.#words();
    }
    this.blanks(false);
    this.takes(';');
    this.blanks(true);
    if (this.#reserved() === '{') {
      this.at += 1;
      this.commands(closedBy('}'));
    } else {
      if (this.#reserved() !== 'do') throw new UnfinishedShellText('a loop has no body');
      this.at += 2;
      this.commands(closedBy('done'));
    }
  }

  #words(): void {
    for (;;) {
      this.blanks(false);
      if (this.word() === '') return;
    }
  }

  #cases(): void {
    this.blanks(false);
    this.word();
    this.blanks(true);
    this.insists('in');
    for (;;) {
      this.blanks(true);
      if (this.#reserved() === 'esac') {
        this.at += 4;
        return;
      }
      this.takes('(');
      this.blanks(false);
      do {
        this.blanks(false);
        this.word();
        this.blanks(false);
      } while (this.takes('|'));
      this.insists(')');
      if (this.commands(inCase) === 'esac') return;
    }
  }

  /** The rest of `[[ … ]]`, with brackets, operators and regular expressions in it. */
  #condition(): void {
    for (;;) {
      this.blanks(true);
      if (this.ended) throw new UnfinishedShellText('a condition has no end');
      if (this.#reserved() === ']]') {
        this.at += 2;
        return;
      }
      if (this.word() === '') this.at += 1;
    }
  }

  /** Words and redirections; or the head of a function, and then its body. */
  #simple(): void {
    for (let count = 0; ; count += 1) {
      this.blanks(false);
      const redirected = this.#redirection();
      const word = redirected ? '' : this.word();
      if (redirected || word !== '') continue;
      if (count !== 1 || !/^\([ \t]*\)/.test(this.text.slice(this.at, this.at + 20))) return;
      return this.#functionBody();
    }
  }

  #functionBody(): void {
    this.blanks(false);
    if (this.takes('(')) {
      this.blanks(false);
      this.insists(')');
    }
    this.blanks(true);
    this.#command();
  }

  #redirections(): void {
    for (;;) {
      this.blanks(false);
      const { at } = this;
      // The number of what is redirected.
      this.at += /^(?:\d+|\{\w+\})(?=[<>])/.exec(this.text.slice(at, at + 40))?.[0].length ?? 0;
      if (this.#redirection()) continue;
      this.at = at;
      return;
    }
  }

  #redirection(): boolean {
    if (this.sees('<(') || this.sees('>(')) return false;
    if (this.sees('<<') && !this.sees('<<<')) {
      this.at += 2;
      this.document(this.takes('-'));
      return true;
    }
    if (!operators.some((operator) => this.takes(operator))) return false;
    this.blanks(false);
    if (this.word() === '') throw new UnfinishedShellText('a redirection leads nowhere');
    return true;
  }

  /** The reserved word that stands here at the beginning of a command. */
  #reserved(): string | undefined {
    reservedWord.lastIndex = this.at;
    return reservedWord.exec(this.text)?.[0];
  }
}

const reservedWord =
  /(?:if|then|elif|else|fi|for|while|until|do|done|case|esac|in|select|function|time|coproc|\{|\}|!|\[\[|\]\])(?=[ \t\n;&|()<>]|$)/y;

/** The longer ones first. */
const operators = ['<<<', '&>>', '&>', '<&', '<>', '<', '>>', '>&', '>|', '>'];

const closedBy = (...closers: string[]): ReadonlySet<string> => new Set(closers);
const inCase = closedBy(';;&', ';;', ';&', 'esac');

function closesCase(closers: ReadonlySet<string>): boolean {
  return closers.has(';;');
}
