/** What is in front in a terminal and takes what is typed. */
export type Front = 'shell' | 'python' | 'javascript' | 'ruby' | 'pager' | 'editor' | 'database' | 'debugger' | 'other';

const mostKept = 20_000;
const mostHistory = 50;

/** Names of keys that end a line, and of those that change the line which is being typed. */
const enterKeys = /^(?:enter|return|c-m|c-j|kpenter|cr|lf|\^m|\^j|ctrl[+-](?:m|j))$/i;
const interrupts = /^(?:c-c|c-u|c-z|\^c|\^u|\^z|ctrl[+-](?:c|u|z)|control[+-]c|sigint)$/i;
const ends = /^(?:c-d|\^d|ctrl[+-]d|control[+-]d|eof)$/i;
const otherKeys =
  /^(?:[cms]-\S|\^[a-z[\]\\]|(?:ctrl|alt|meta|shift|control)[+-]\S+|escape|esc|left|right|down|home|end|pageup|pagedown|ppage|npage|pgup|pgdn|insert|ic|dc|delete|del|f\d{1,2}|btab|space|tab|up|bspace|backspace)$/i;
const tagged =
  /<(?:enter|return|cr|esc|escape|tab|space|bs|backspace|up|c-[a-z])>|\{(?:enter|return|esc|escape|tab|space|backspace|up)\}|\\x([0-9a-f]{2})|\p{Cc}/giu;

/** Lines that were entered, and the beginning of one that was not. */
export interface Typed {
  lines: string[];
  /** Text before the cursor that no Enter followed, where Enter may go without saying in this terminal. */
  pending: string;
}

/** A terminal that takes keystrokes: what is typed in one call may be entered in a later one. */
export class Terminal {
  front: Front = 'shell';
  /** Text of a shell program whose end is still to be typed. */
  open = '';
  #line = '';
  #searching = false;
  #pressesEnter = false;
  readonly #history: string[] = [];

  press(keys: readonly string[]): Typed {
    const lines: string[] = [];
    const enter = () => {
      const found = this.#searching ? this.#history.findLast((line) => line.includes(this.#line)) : undefined;
      const line = found ?? this.#line;
      this.#searching = false;
      this.#line = '';
      this.#pressesEnter = true;
      lines.push(line);
      if (line.trim() !== '') this.#history.push(line);
      if (this.#history.length > mostHistory) this.#history.shift();
    };
    for (const key of keys) this.#key(key, enter);
    const held = this.#pressesEnter ? '' : this.#line;
    return { lines, pending: held };
  }

  #key(key: string, enter: () => void): void {
    const name = key.trim();
    if (enterKeys.test(name)) return enter();
    if (this.#special(name)) return;
    const ended = /^([\s\S]*\S)\s+(?:Enter|C-m)$/.exec(key);
    this.#text(ended?.[1] ?? key, enter);
    if (ended !== null) enter();
  }

  /** Literal text, with newlines, control characters and names of keys in brackets inside it. */
  #text(text: string, enter: () => void): void {
    const plain = text.replace(/\\[nr]$/, '\n').replace(/\r\n?/g, '\n');
    let from = 0;
    for (const match of plain.matchAll(tagged)) {
      this.#append(plain.slice(from, match.index));
      from = match.index + match[0].length;
      const code = match[1] === undefined ? match[0].charCodeAt(0) : Number.parseInt(match[1], 16);
      const name = match[1] === undefined && match[0].length > 1 ? match[0].slice(1, -1) : nameOfCode(code);
      if (enterKeys.test(name)) enter();
      else if (!this.#special(name)) this.#append(match[0]);
    }
    this.#append(plain.slice(from));
  }

  #append(text: string): void {
    this.#line = `${this.#line}${text}`.slice(0, mostKept);
  }

  #special(name: string): boolean {
    if (interrupts.test(name)) {
      this.#line = '';
      this.open = '';
      this.#searching = false;
      if (this.front !== 'editor' && this.front !== 'python') this.front = 'shell';
    } else if (ends.test(name)) {
      if (this.#line === '') this.front = 'shell';
      this.open = '';
    } else if (/^(?:up|c-p)$/i.test(name)) this.#line = this.#history.at(-1) ?? '';
    else if (/^c-r$/i.test(name)) this.#searching = true;
    else if (/^space$/i.test(name)) this.#append(' ');
    else if (/^(?:bspace|backspace|bs|c-h)$/i.test(name)) this.#line = this.#line.slice(0, -1);
    else if (/^c-w$/i.test(name)) this.#line = this.#line.replace(/\S+\s*$/, '');
    else return otherKeys.test(name);
    return true;
  }
}

function nameOfCode(code: number): string {
  if (code === 10 || code === 13) return 'Enter';
  if (code === 9) return 'Tab';
  if (code === 127 || code === 8) return 'BSpace';
  if (code === 27) return 'Escape';
  return `C-${String.fromCharCode(code + 96)}`;
}
