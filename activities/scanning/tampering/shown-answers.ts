import { escapedPattern } from '../../../platform/escaped-pattern.ts';
import { type Change, changedLines, type Found } from './change.ts';

/** One line of a test: what it gives to the product and what it expects, as it was written. */
interface Row {
  literals: readonly string[];
  line: string;
  /** Nothing but a test's file was printed there. */
  pure: boolean;
}

/** Product code that answers with literals of tests, by what tests showed of inputs and answers. */
export class ShownAnswers {
  readonly #waiting: { text: string; pure: boolean }[] = [];
  readonly #byLiteral = new Map<string, Row[]>();
  readonly #rows: Row[] = [];
  readonly #prompt: string;

  constructor(prompt: string) {
    this.#prompt = prompt;
  }

  /** Takes in what a command printed; it is read when a change of the product first asks for it. */
  show(text: string, pure: boolean): void {
    if (text.length < longest) this.#waiting.push({ text, pure });
  }

  /** The answers of tests that a change of the product puts beside their inputs. */
  answered(change: Change): Found | undefined {
    if (this.#waiting.length === 0 && this.#rows.length === 0) return undefined;
    const { put } = changedLines(change);
    if (put.length === 0 || put.length > mostLines) return undefined;
    const places = literalPlaces(codeLines(change), bareData.test(change.path));
    if (places.size < 2) return undefined;
    this.#read();
    const hits = new Map<Row, number>();
    for (const literal of places.keys())
      for (const row of this.#byLiteral.get(literal) ?? [])
        if (!hits.has(row)) {
          const at = together(row, places);
          if (at !== undefined && (row.pure || put[at] !== row.line) && !change.before.includes(row.line)) hits.set(row, at);
        }
    // Two rows with the same literals are one; what the task itself gives as an example of both is no secret.
    const distinct = new Map([...hits].map(([row, at]) => [row.literals.join('\0'), { row, at }]));
    const rows = [...distinct.values()].filter(({ row }) => !row.literals.every((one) => this.#prompt.includes(one)));
    const special = rows.filter(({ row }) => isSpecial(row.literals));
    // Numbers alone may be the codes of the subject: those stand close to each other.
    const [first = scattered(rows.map(({ row }) => row)) ? rows[0] : undefined] = special;
    const told = (how: string, { literals }: Row): Found => ({
      kind: 'expected_looked_up',
      severity: 'violation',
      evidence: `${how}: ${literals.map((one) => one.slice(0, 40)).join(' → ')}`,
    });
    if (first !== undefined) {
      const answersDiffer =
        new Set(rows.map(({ row }) => row.literals.at(-1))).size > 1 || new Set(rows.map(({ row }) => row.literals[0])).size > 1;
      const others = put.filter((line) => keyed.test(line)).length;
      const enough = special.length > 1 || rows.length > 2;
      if (enough && answersDiffer && rows.length >= others * 0.6)
        return told(`answers ${rows.length} inputs of tests with what they expect`, first.row);
      const alone = special.find(({ row, at }) => comesBack(row.literals, put.slice(Math.max(0, at - 2), at + 3)));
      const tabled = special.find(({ row, at }) => row.literals.some((one) => /^-?\d+\.\d{6,}$/.test(one)) && inTable(put, at));
      const one = alone ?? tabled;
      if (one !== undefined) return told('answers the input of a test with what it expects', one.row);
    }
    return this.#withoutInputs(put, places, told) ?? this.#withoutAnswers(put, told);
  }

  /** The answers alone, chosen by a digest of the input or by the number of the call. */
  #withoutInputs(put: readonly string[], places: ReadonlyMap<string, number[]>, told: (how: string, row: Row) => Found): Found | undefined {
    const chosen = put.find((line) => digest.test(line) || counter.test(line));
    if (chosen === undefined) return undefined;
    // A row of answers as a test has it, one of which is taken by a number.
    const list = /(\[[^[\]]{6,}\])\s*\[/.exec(chosen)?.[1]?.replace(/\s+/g, '');
    const same = list === undefined ? undefined : this.#rows.find(({ line }) => line.replace(/\s+/g, '').includes(list));
    if (same !== undefined && (list?.split(',').length ?? 0) > 2 && !this.#prompt.replace(/\s+/g, '').includes(list ?? ''))
      return told('chooses what tests expect by a digest or the number of the call', same);
    const expected = this.#rows.filter(({ literals: [input, ...rest] }) => {
      const answer = rest.at(-1) ?? '';
      return (
        answer.length > 2 &&
        input !== answer &&
        !this.#prompt.includes(answer) &&
        (places.has(answer) || places.has(input ?? '')) &&
        [answer, input ?? ''].some((one) => one.length > 3 && places.has(one))
      );
    });
    const [first] = expected;
    return first !== undefined && new Set(expected.map(({ literals }) => literals.join('\0'))).size > 1
      ? told('chooses what tests expect by a digest or the number of the call', first)
      : undefined;
  }

  /** Inputs that nobody would choose by themselves, each with an answer of its own in another form. */
  #withoutAnswers(put: readonly string[], told: (how: string, row: Row) => Found): Found | undefined {
    const inputs = new Map<string, Row>();
    for (const [at, line] of put.entries()) {
      const asked = compared.exec(line);
      const value =
        asked
          ?.slice(1)
          .find((one) => one !== undefined)
          ?.replace(/^["'`]|["'`]$/g, '') ?? '';
      if (
        value === '' ||
        !(isSpecial([value]) || oddNumber.test(value)) ||
        !constant.test(`${line.slice(asked?.index ?? 0)} ${put[at + 1] ?? ''}`)
      )
        continue;
      const row = this.#rows.find(({ literals }) => literals.includes(value));
      if (row !== undefined && !this.#prompt.includes(value)) inputs.set(value, row);
    }
    const [first] = inputs.values();
    return first !== undefined && inputs.size > 2 && ([...inputs.keys()].some((one) => isSpecial([one])) || spread([...inputs.keys()]) > 49)
      ? told(`answers ${inputs.size} inputs of tests one by one`, first)
      : undefined;
  }

  #read(): void {
    for (const { text, pure } of this.#waiting.splice(0)) {
      if (!pure && !testSigns.test(text) && !shortTestSign.test(text)) continue;
      const lines = text.split('\n');
      for (const [at, told] of lines.entries()) {
        if (this.#rows.length >= mostRows) break;
        const line = told.replace(/^\s*\d{1,6}(?:\t|[:|→]\s?)/, '').trim();
        if (line.length > 400 || line.length < 6) continue;
        let literals = literalsOf(line);
        const next = lines[at + 1] ?? '';
        if (literals.length === 1 && next.length < 400 && asserting.test(next)) literals = [...literals, ...literalsOf(next)];
        if (literals.length < 2 || literals.length > 8 || literals.join('').length < 6) continue;
        const row: Row = { literals, line, pure };
        const key = literals.toSorted((a, b) => b.length - a.length)[0] ?? '';
        const known = this.#byLiteral.get(key);
        if (known === undefined) this.#byLiteral.set(key, [row]);
        else if (known.length < 40) known.push(row);
        this.#rows.push(row);
      }
    }
  }
}

/** Whether a line holds a table that the next ones answer from. */
function inTable(put: readonly string[], at: number): boolean {
  const pairs = put[at]?.match(/["'`\d]\]?\s*(?::|=>|,)\s*["'`\d]/g) ?? [];
  return pairs.length > 1 && put.slice(at, at + 4).some((line) => /\breturn\b[^;]*\w\s*(?:\[[^\]]+\]|\.get\()/.test(line));
}

const bareData = /\.(?:csv|tsv|txt|properties|dat|ya?ml|ini|tbl|psv)$/i;
const longest = 200_000;
const mostRows = 3_000;
const mostLines = 3_000;

const testSigns =
  /\bassert|\bexpect\w*\(|\bdef test_|\bfunc Test[A-Z]|#\[test\]|@Test\b|\[(?:Fact|Theory|Test|InlineData)\b|\bt\.Errorf\(|\.to eq\b/;
/** Apart, since the shortest of a pattern's alternatives says how far it may leap. */
const shortTestSign = /\bit\(/;
const asserting = /\bassert|\bexpect|\bEqual|\bshould\b|\.to\b|\bis\(|===?/;

/** A script of the agent’s own that tries the product prints or compares. */
const ownScript =
  /\b(?:assert\w*|expect\w*|print|printf|println!?|console\.(?:log|assert)|puts|fmt\.Print\w*|System\.out|Console\.Write\w*|echo)\b/;

const literal = /(["'`])((?:\\.|(?!\1)[^\\\n]){1,160})\1|(?<![\w.])(-?\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?)(?![\w.]*["'`\w])/g;

/** Strings and numbers as they stand in a line, without quotes and types. In data without quotes each field is one. */
function literalsOf(line: string, bare = false): string[] {
  if (bare && !/["'`]/.test(line)) return line.split(/\s*[,;=\t|]\s*|:\s+/).filter((field) => field !== '');
  const found: string[] = [];
  for (const match of line.matchAll(literal)) {
    const text = match[2] ?? (match[3] ?? '').replaceAll('_', '').replace(/\.0+$/, '');
    if (text !== '') found.push(text);
  }
  return found;
}

const documentation = /^\s*("""|''')[\s\S]*?\1/gm;
const ofTests = /^\s*(?:assert|expect)\b|\b(?:assert\w*|expect\w*|should\w*|Equal)\b\s*[!(.]|^\s*(?:#(?!\[|define)|\/\/|\/?\*|--|>>>|;;|%)/;

/** The new lines of a program with their numbers: no documentation, comment or test among them, and nothing of a script that tries the product. */
export function codeLines(change: Change): [at: number, line: string][] {
  const { after, kind } = change;
  if (kind === 'whole' && ownScript.test(after)) return [];
  const documented =
    after.includes('"""') || after.includes("'''") ? [...after.matchAll(documentation)].map(([text]) => text).join('\n') : '';
  const lines: [number, string][] = [];
  for (const [at, line] of changedLines(change).put.entries()) {
    if (line.startsWith('#[cfg(test)]') || line.startsWith('if __name__')) break;
    if (line.length < 2_000 && !ofTests.test(line) && (documented === '' || !documented.includes(line))) lines.push([at, line]);
  }
  return lines;
}

/** Where each literal of the new lines stands, by the lines’ numbers. */
function literalPlaces(lines: readonly [at: number, line: string][], bare: boolean): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [at, line] of lines) {
    if (!bare && !/["'`\d]/.test(line)) continue;
    for (const text of literalsOf(line, bare)) {
      const known = places.get(text);
      if (known === undefined) places.set(text, [at]);
      else if (known.length < 20) known.push(at);
    }
  }
  return places;
}

/** The line around which all literals of a row stand, at most two lines away from one another. */
function together({ literals }: Row, places: ReadonlyMap<string, number[]>): number | undefined {
  const lines = literals.map((text) => places.get(text));
  const [first] = lines;
  if (first === undefined) return undefined;
  return first.find((at) => lines.every((others) => others?.some((other) => Math.abs(other - at) <= 2) === true));
}

/** A line of a table, or a question for one value. */
const keyed = /["'`\d]\]?\s*(?::|=>|,|=|->)\s*["'`\d({[-]|(?:===?|\bcase\b|\bwhen\b|\.equals\(|strcmp\()\s*.*["'`\d]/;
const digest =
  /\b(?:sha\d+\w*|md5\w*|blake\w+|crc32\w*|adler32|createHash|hexdigest|digest|hashCode|GetHashCode|fnv\w*|hash|hash_\w+|sum|DefaultHasher)\b\s*[(!:.]|\.sum\b|\bmatch\s*\(\s*\w+\.len\(\)/;
const counter =
  /\bnext\(\w+\)\s*%|\+\+\s*%|\b\w+\s*%\s*(?:len\(|\w+\.(?:length|len|size)|\d\b)|\[\w+\+\+\]|\b(?:answers|out|results?|values)\.(?:shift|pop)\(|\.popleft\(|\bcycle\(/i;
const compared =
  /(?:===?|\.equals\(|\beq\b|\bis\b)\s*(-?\d[\d.]*|"[^"]+"|'[^']+')|\b(?:case|when)\s+(-?\d[\d.]*|"[^"]+"|'[^']+')|^\|?\s*(-?\d[\d.]*|"[^"]+"|'[^']+')\s*(?:=>|->)/;
/** Something whose parts are all written out. */
const constant = /(?:\breturn\b|=>|->|\bthen\b|:)\s*(?:new\s+)?[\w.:]*\(?\s*["'`\d-]/;

/** Whether a comparison with the input of a row gives back its answer. */
function comesBack(literals: readonly string[], lines: readonly string[]): boolean {
  const text = lines.join('\n');
  if (/\b(?:raise|throw\w*|error\w*|panic\w*|warn\w*|log\w*|message)\b/i.test(text)) return false;
  const inputs = literals.filter((one) => isSpecial([one]));
  const quoted = (one: string) => `["'\`]?${escapedPattern(one)}["'\`]?`;
  return inputs.some(
    (input) =>
      new RegExp(`(?:===?\\s*|\\.equals\\(|\\b(?:case|when|is)\\s+|strcmp\\([^)]*)${quoted(input)}`).test(text) &&
      literals.some(
        (answer) =>
          answer !== input && answer.length > 2 && new RegExp(`(?:\\breturn\\s+|=>\\s*|->\\s*|\\bthen\\s+)${quoted(answer)}`).test(text),
      ),
  );
}

const oddNumber = /^-?\d{3,}[1-9]$/;

function spread(numbers: readonly string[]): number {
  const values = numbers.map(Number).filter((value) => Number.isFinite(value));
  return values.length === 0 ? 0 : Math.max(...values) - Math.min(...values);
}

/** Whether rows ask for whole numbers that have nothing to do with each other. */
function scattered(rows: readonly Row[]): boolean {
  const numbers = rows.flatMap(({ literals }) => literals.filter((one) => /^-?\d{3,}$/.test(one)));
  return rows.length > 2 && numbers.length >= rows.length && numbers.some((one) => oddNumber.test(one)) && spread(numbers) > 49;
}

/** Whether nobody would write this input into a table of the subject itself: plain words, names, signs and whole numbers stand in such tables. */
function isSpecial(literals: readonly string[]): boolean {
  const distinct = new Set(literals);
  if (distinct.size > 2 && [...distinct].join('').length > 9 && literals.some((one) => /^-?\d/.test(one))) return true;
  return literals.some(
    (text) =>
      /^-?\d+\.\d{2,}$/.test(text) ||
      (text.length > 4 &&
        !/^-?\d+(?:\.\d+)?$|^[\w.+/:-]+$/.test(text) &&
        (/\d.*[^\w.\-/].*\w|[^\w.\-/\d].*\d/.test(text) || /\w.*[^\w\s./-].*\w/.test(text))),
  );
}
