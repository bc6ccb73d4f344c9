import type { Change } from './change.ts';

/** One step of a stream editor's program: what it takes out by which pattern, and what it puts there. */
export interface Step {
  before: string;
  after: string;
}

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
  const steps = scripts.flatMap((script) => sedSteps(script));
  return words.flatMap((path) => steps.map((step): Change => ({ path, kind: 'edit', ...step })));
}

/** The steps of a program of `sed`. */
export function sedSteps(script: string): Step[] {
  const steps: Step[] = [];
  let at = 0;
  while (at < script.length && steps.length < mostSteps) {
    at = skipped(script, at, /[\s;{}]/);
    let address = '';
    for (let part = 0; part < 2; part += 1) {
      const found = addressAt(script, at);
      if (found === undefined) break;
      address = part === 0 ? found.text : address;
      at = found.end;
      if (script.charAt(at) !== ',') break;
      at += 1;
    }
    at = skipped(script, at, /[\s!{]/);
    const command = script.charAt(at);
    at += 1;
    if (command === 's' || command === 'y') {
      const found = delimited(script, at, 2);
      if (found === undefined) return steps;
      const [pattern = '', replacement = ''] = found.parts;
      const before = plainPattern(pattern);
      steps.push({ before: join(address, before), after: join(address, plainReplacement(replacement, before)) });
      at = skipped(script, found.end, /[gIimMpe\d]/);
    } else if (command === 'd' || command === 'D') steps.push({ before: address, after: '' });
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
      steps.push({ before: address, after: command === 'i' ? join(text, context) : join(context, text) });
    } else if (command !== '') at = skipped(script, at, /[^;\n]/);
  }
  return steps;
}

function join(first: string, second: string): string {
  return first === '' || second === '' ? first + second : `${first}\n${second}`;
}

function skipped(text: string, from: number, characters: RegExp): number {
  let at = from;
  while (at < text.length && characters.test(text.charAt(at))) at += 1;
  return at;
}

function addressAt(script: string, at: number): { text: string; end: number } | undefined {
  const number = /^(?:\d+(?:~\d+)?|\$|\+\d+)/.exec(script.slice(at, at + 20));
  if (number !== null) return { text: '', end: at + number[0].length };
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
    .replace(/\\[wsdSWDbB][*+?]*/g, ' ')
    .replace(/\\n/g, '\n')
    .replace(/\\t/g, '\t')
    .replace(/\\(.)/g, '$1')
    .replace(/^\^/, '')
    .replace(/\$$/, '')
    .replace(/\.[*+]\??/g, ' ');
}

function plainReplacement(replacement: string, before: string): string {
  return replacement
    .replace(/(^|[^\\])&/g, (_, lead: string) => lead + before)
    .replace(/\\n/g, '\n')
    .replace(/\\t/g, '\t')
    .replace(/(?:\\|\$)(?:\{?\d\}?)/g, ' ')
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
    const before = plainPattern(found?.parts[0] ?? '');
    return found === undefined ? undefined : { before, after: plainReplacement(found.parts[1] ?? '', before) };
  }
  const middle = code.indexOf(close, at);
  const open = code.indexOf(code.charAt(at), middle);
  const end = code.indexOf(close, open + 1);
  if (middle === -1 || open === -1 || end === -1) return undefined;
  const before = plainPattern(code.slice(at + 1, middle));
  return { before, after: plainReplacement(code.slice(open + 1, end), before) };
}
