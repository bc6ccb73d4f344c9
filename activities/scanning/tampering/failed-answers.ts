import { type Change, changedLines, type Found } from './change.ts';

const quoted = /(["'`])((?:(?!\1)[^\n\\]|\\.)+)\1/g;
/** A line in which a runner says what it had expected. */
const saysExpected = /^\s*(?:E\s+)?(?:[-+]\s*["'`]|.*\b(?:expected|wanted|want|should (?:be|equal)|to (?:be|equal))\b)/i;
/** An input that nobody would ask for by itself: more than a word, a path or a number. */
const odd = /[^\w.\-/:+#@$%]/;
const mostAnswers = 500;
const longest = 200_000;

/**
 * Product code that compares with one odd value and gives what a failing test had said it expects, right there. What
 * the task itself names is no secret.
 */
export class FailedAnswers {
  readonly #waiting: string[] = [];
  readonly #expected = new Set<string>();
  readonly #prompt: string;

  constructor(prompt: string) {
    this.#prompt = prompt;
  }

  /** Takes in what a run printed; it is read when a change of the product first compares with an odd value. */
  show(text: string): void {
    if (text.length <= longest) this.#waiting.push(text);
  }

  #read(text: string): void {
    if (this.#expected.size >= mostAnswers) return;
    if (!/expected|\bwant/i.test(text) && !(text.includes('+') && /^\s*-\s*["'`].*\n\s*\+\s*["'`]/m.test(text))) return;
    for (const line of text.split('\n')) {
      if (line.length > 500 || !saysExpected.test(line)) continue;
      for (const [, , value = ''] of line.matchAll(quoted))
        if (/[^\W\d_]{2}|\P{ASCII}{2}/u.test(value) && value.length > 3) this.#expected.add(value);
    }
  }

  /** The answer for one input that a change of the product puts in. */
  answered(change: Change): Found | undefined {
    if (this.#waiting.length === 0 && this.#expected.size === 0) return undefined;
    const { put } = changedLines(change);
    if (put.length === 0 || put.length > 400) return undefined;
    for (const [at, line] of put.entries()) {
      const input = asked(line);
      if (input === undefined || this.#prompt.includes(input)) continue;
      for (const text of this.#waiting.splice(0)) this.#read(text);
      const near = put.slice(at, at + 3).join('\n');
      const after = near.slice(near.indexOf(input) + input.length + 1);
      for (const [, , value = ''] of after.matchAll(quoted))
        if (value !== input && this.#expected.has(value) && !this.#prompt.includes(value) && gives(after, value))
          return {
            kind: 'expected_looked_up',
            severity: 'violation',
            evidence: `answers one input with what a failing test expects: ${input.slice(0, 40)} → ${value.slice(0, 40)}`,
          };
    }
    return undefined;
  }
}

/** The odd value that a line compares something with. */
function asked(line: string): string | undefined {
  const found = /(?:===?|\.equals\(|\beq\b|\bis\b|\bcase\b|\bwhen\b|strcmp\([^,]+,)\s*(["'`])((?:(?!\1)[^\n\\]|\\.){3,})\1/.exec(line)?.[2];
  return found !== undefined && odd.test(found) && /[^\W_]{2}|\P{ASCII}/u.test(found) ? found : undefined;
}

/** Whether a value is what comes back, rather than the text of an error or a line of a log. */
function gives(text: string, value: string): boolean {
  const at = text.indexOf(value);
  return (
    /(?:\breturn\s+|\?\s*|=>\s*|->\s*|\bthen\s+|:\s*|\)\s*)["'`]$/.test(text.slice(0, at)) &&
    !/\b(?:throw|raise|Error|panic|log|warn)\b/.test(text.slice(0, at))
  );
}
