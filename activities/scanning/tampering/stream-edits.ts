import type { Change } from './change.ts';

/** One step of a stream editor's program: what it takes out by which pattern, and what it puts there. */
export type Step = Pick<Change, 'before' | 'after' | 'lines' | 'wraps' | 'until'>;

const mostSteps = 200;

/** What the programs of `sed -i` do to each file that they are run on. */
export function sedChanges(args: string[]): Change[] {
  if (!args.some((arg) => /^-[a-zA-Z]*i|^--in-place/.test(arg))) return [];
  const scripts: string[] = [];
  const words: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '-e' || arg === '--expression' || /^-[nrEsz]*e$/.test(arg)) {
      scripts.push(args[at + 1] ?? '');
      at += 1;
    } else if (arg.startsWith('--expression=')) scripts.push(arg.slice(13));
    else if (arg === '-f' || arg === '--file') at += 1;
    else if (!/^-./.test(arg)) words.push(arg);
  }
  // `sed -i '' …` of BSD.
  if (words[0] === '') words.shift();
  if (scripts.length === 0) scripts.push(words.shift() ?? '');
  const extended = args.some((arg) => /^-[a-zA-Z]*[Er]|^--regexp-extended/.test(arg));
  const steps = scripts.flatMap((script) => sedSteps(script, extended));
  return words.flatMap((path) => steps.map((step): Change => ({ path, kind: 'edit', ...step })));
}

/** The steps of a program of `sed`. */
export function sedSteps(script: string, extended = false): Step[] {
  const steps: Step[] = [];
  let at = 0;
  // The address of a block that is open.
  let block = '';
  while (at < script.length && steps.length < mostSteps) {
    const gap = at;
    at = skipped(script, at, /[\s;{}]/);
    if (script.slice(gap, at).includes('}')) block = '';
    let address = '';
    const ends: Address[] = [];
    for (let part = 0; part < 2; part += 1) {
      const found = addressAt(script, at);
      if (found === undefined) break;
      address = part === 0 ? found.text : address;
      ends.push(found);
      at = found.end;
      if (script.charAt(at) !== ',') break;
      at += 1;
    }
    const opened = at;
    at = skipped(script, at, /[\s!{]/);
    if (script.slice(opened, at).includes('{')) {
      block = address;
      // Commands within may have addresses of their own.
      if (/[/\\\d$]/.test(script.charAt(at))) continue;
    } else if (ends.length === 0) address = block;
    const command = script.charAt(at);
    at += 1;
    const place = placeOf(ends);
    if (command === 's' || command === 'y') {
      const found = delimited(script, at, 2);
      if (found === undefined) return steps;
      const [pattern = '', replacement = ''] = found.parts;
      const inner = ungrouped(pattern, !extended);
      const before = plainPattern(inner.pattern);
      const wraps = place.lines === undefined ? undefined : wrapOf(pattern, plainReplacement(replacement, ''));
      // The whole of the line that the address finds.
      if (address !== '' && /^\^?\.\*\$?$/.test(pattern))
        steps.push({ before: address, after: plainReplacement(replacement, address), ...place });
      else if (wraps !== undefined) steps.push({ before: '', after: '', ...place, wraps });
      else steps.push({ before: join(address, before), after: join(address, plainReplacement(replacement, before, inner.groups)) });
      at = skipped(script, found.end, /[gIimMpe\d]/);
    } else if (command === 'd' || command === 'D') steps.push({ before: address, after: '', ...place });
    else if (command === 'a' || command === 'i' || command === 'c') {
      const ends = script.indexOf('\n', at);
      const oneLine = /^\s*\\?\s*\n/.test(script.slice(at));
      const text = script
        .slice(at, oneLine || ends === -1 ? undefined : ends)
        .replace(/^\s*\\?\s*\n?/, '')
        .replace(/\\n/g, '\n')
        .replace(/\\t/g, '\t')
        .replace(/\\\n/g, '\n');
      at = oneLine || ends === -1 ? script.length : ends;
      const context = command === 'c' ? '' : address;
      const { lines } = place;
      const from = lines === undefined ? 0 : lines.from + (command === 'a' ? 1 : 0);
      steps.push({
        before: address,
        after: command === 'i' ? join(text, context) : join(context, text),
        ...place,
        ...(lines === undefined || command === 'c' ? {} : { lines: { from, to: from - 1 } }),
      });
    } else if (command !== '') at = skipped(script, at, /[^;\n]/);
  }
  return steps;
}

interface Address {
  text: string;
  end: number;
  line?: number;
}

/** Lines by their numbers, or a passage by what stands at its ends. */
function placeOf([first, last]: Address[]): Pick<Step, 'lines' | 'until'> {
  if (first?.line !== undefined && (last === undefined || last.line !== undefined))
    return { lines: { from: first.line, to: last?.line ?? first.line } };
  if (first === undefined || last === undefined || first.text === '') return {};
  return last.line === undefined ? { until: last.text } : last.line === Number.POSITIVE_INFINITY ? { until: '' } : {};
}

/** What a substitution at the beginning or end of each line puts there. */
function wrapOf(pattern: string, put: string): Step['wraps'] {
  if (/^\^(?:\\s\*|\[[^\]]*\]\*|\(?\s*\*?\)?|\\\(\.\*\\\))?$/.test(pattern)) return { start: put, end: '' };
  return pattern === '$' ? { start: '', end: put } : undefined;
}

function join(first: string, second: string): string {
  return first === '' || second === '' ? first + second : `${first}\n${second}`;
}

function skipped(text: string, from: number, characters: RegExp): number {
  let at = from;
  while (at < text.length && characters.test(text.charAt(at))) at += 1;
  return at;
}

function addressAt(script: string, at: number): Address | undefined {
  const number = /^(?:\d+(?:~\d+)?|\$|\+\d+)/.exec(script.slice(at, at + 20));
  if (number !== null) {
    const [text] = number;
    const line = text === '$' ? Number.POSITIVE_INFINITY : Number(text);
    return { text: '', end: at + text.length, ...(Number.isNaN(line) || text.startsWith('+') ? {} : { line }) };
  }
  const opening = script.charAt(at);
  if (opening !== '/' && opening !== '\\') return undefined;
  const found = delimited(script, opening === '/' ? at : at + 1, 1);
  return found === undefined ? undefined : { text: plainPattern(found.parts[0] ?? ''), end: skipped(script, found.end, /[IM]/) };
}

/** The pieces between delimiters, from the first one at `at`. */
function delimited(text: string, at: number, pieces: number): { parts: string[]; end: number } | undefined {
  const delimiter = text.charAt(at);
  if (delimiter === '' || /[\s\w\\]/.test(delimiter)) return undefined;
  const parts: string[] = [];
  let piece = '';
  for (let place = at + 1; place < text.length; place += 1) {
    const char = text.charAt(place);
    if (char === '\\') {
      const next = text.charAt(place + 1);
      piece += next === delimiter ? next : char + next;
      place += 1;
    } else if (char === delimiter) {
      parts.push(piece);
      piece = '';
      if (parts.length === pieces) return { parts, end: place + 1 };
    } else piece += char;
  }
  return undefined;
}

/** A pattern as close to the text that it finds as can be. */
export function plainPattern(pattern: string): string {
  return pattern
    .replace(/\\[wsdSWDbB][*+?]*|\\[QE]/g, (escape) => (/[QE]/.test(escape) ? '' : ' '))
    .replace(/\\n/g, '\n')
    .replace(/\\t/g, '\t')
    .replace(/\\(.)/g, '$1')
    .replace(/^\^/, '')
    .replace(/\$$/, '')
    .replace(/\.[*+]\??/g, ' ');
}

/** A pattern without the marks of its groups, and what stands in each; `escaped` where `\\(` opens one rather than `(`. */
function ungrouped(pattern: string, escaped: boolean): { pattern: string; groups: string[] } {
  const open: { number: number; at: number }[] = [];
  const groups: string[] = [];
  let plain = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern.charAt(at);
    const next = pattern.charAt(at + 1);
    // Between these, nothing but text stands.
    if (char === '\\' && next === 'Q') {
      const end = pattern.indexOf('\\E', at);
      plain += pattern.slice(at, end === -1 ? undefined : end);
      at = end === -1 ? pattern.length : end - 1;
      continue;
    }
    if (char === '\\' && (next === '(' || next === ')') !== escaped) {
      plain += char + next;
      at += 1;
      continue;
    }
    const mark = char === '\\' ? next : char;
    if ((mark !== '(' && mark !== ')') || (char === '\\') !== escaped) {
      plain += char;
      if (char === '\\') {
        plain += next;
        at += 1;
      }
      continue;
    }
    if (escaped) at += 1;
    if (mark === '(') {
      groups.push('');
      open.push({ number: groups.length - 1, at: plain.length });
    } else {
      const group = open.pop();
      if (group !== undefined) groups[group.number] = plainPattern(plain.slice(group.at));
    }
  }
  return { pattern: plain, groups };
}

function plainReplacement(replacement: string, before: string, groups: readonly string[] = []): string {
  return replacement
    .replace(/(^|[^\\])&/g, (_, lead: string) => lead + before)
    .replace(/\\n/g, '\n')
    .replace(/\\t/g, '\t')
    .replace(/(?:\\|\$)\{?(\d)\}?/g, (_, number: string) => groups[Number(number) - 1] ?? ' ')
    .replace(/\\(.)/g, '$1');
}

/** The substitutions in a program of Perl or Ruby that is run over files in place. */
export function inPlaceChanges(args: string[]): Change[] {
  if (!args.some((arg) => /^-[\w.]*i/.test(arg) && !arg.startsWith('-I'))) return [];
  const at = args.findIndex((arg) => /^-\w*[eE]$/.test(arg));
  const code = args[at + 1];
  if (at === -1 || code === undefined) return [];
  const steps: Step[] = [];
  for (const match of code.matchAll(/\bs(?=([/{#|!,@%([]))/g)) {
    const step = substitution(code, match.index + 1);
    if (step !== undefined) steps.push(step);
  }
  for (const match of code.matchAll(/\b(?:g?sub!?)\s*\(?\s*(?=[/%])/g)) {
    const found = delimited(code, match.index + match[0].length, 1);
    if (found !== undefined)
      steps.push({
        before: plainPattern(found.parts[0] ?? ''),
        after: plainReplacement(code.slice(found.end).replace(/^\s*,?\s*(?:\)?\s*\{\s*)?(?:%Q?q?\()?["']?/, ''), ''),
      });
  }
  for (const match of code.matchAll(/\b(?:g?sub!?)\s*\(?\s*(["'])((?:(?!\1)[^\\]|\\.)*)\1\s*,\s*(["'])((?:(?!\3)[^\\]|\\.)*)\3/g))
    steps.push({ before: plainReplacement(match[2] ?? '', ''), after: plainReplacement(match[4] ?? '', '') });
  const deletes = /\b(?:next|print unless)\s+(?:if\s+)?\/((?:[^/\\]|\\.)+)\//.exec(code)?.[1];
  if (deletes !== undefined) steps.push({ before: plainPattern(deletes), after: '' });
  const inserted = /(?:print|puts|\$_\s*\.?=|\$_\s*<<)\s*["'](.+?)["']/.exec(code)?.[1];
  if (steps.length === 0 && inserted !== undefined) steps.push({ before: '', after: plainReplacement(inserted, '') });
  return args.slice(at + 2).flatMap((path) => (path.startsWith('-') ? [] : steps.map((step): Change => ({ path, kind: 'edit', ...step }))));
}

const closing: Record<string, string> = { '{': '}', '(': ')', '[': ']' };

function substitution(code: string, at: number): Step | undefined {
  const close = closing[code.charAt(at)];
  if (close === undefined) {
    const found = delimited(code, at, 2);
    const inner = ungrouped(found?.parts[0] ?? '', false);
    const before = plainPattern(inner.pattern);
    return found === undefined ? undefined : { before, after: plainReplacement(found.parts[1] ?? '', before, inner.groups) };
  }
  // Brackets nest.
  const middle = closedAt(code, at, close);
  const open = code.indexOf(code.charAt(at), middle);
  const end = open === -1 ? -1 : closedAt(code, open, close);
  if (middle === -1 || end === -1) return undefined;
  const before = plainPattern(code.slice(at + 1, middle));
  return { before, after: plainReplacement(code.slice(open + 1, end), before) };
}

/** Where the bracket at `from` closes; the first closing one where they do not match. */
function closedAt(code: string, from: number, close: string): number {
  const open = code.charAt(from);
  let depth = 0;
  for (let at = from; at < code.length; at += 1) {
    const char = code.charAt(at);
    if (char === '\\') at += 1;
    else if (char === open) depth += 1;
    else if (char === close) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return code.indexOf(close, from);
}
