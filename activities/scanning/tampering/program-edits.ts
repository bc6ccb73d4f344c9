import type { Change } from './change.ts';
import type { FileEffects } from './patch-text.ts';
import { plainPattern } from './stream-edits.ts';
import { literalText } from '../extraction/literal-text.ts';

interface Literal {
  text: string;
  start: number;
  end: number;
  /** The code right before it. */
  lead: string;
  pattern: boolean;
}

const longestCode = 131_072;
const mostLiterals = 2_000;

const writes =
  /\bfileinput\b|\binplace\b|\bwrite|\bopen\s*\([^)]*,\s*(?:mode\s*=\s*)?["'][wax]|\bFile\.|\bfs\.|\bfile_put_contents|\bdump\s*\(|\bsave\s*\(|\bputs\b|\.(?:unlink|rename|remove|rmtree|move|copy)|\b(?:unlink|rmSync|rm|delete|rename)\b/;
const replaces = /(?:\breplace(?:All|_all|n)?|\bsubn?|\bg?sub!?|\bpreg_replace|\bstr_replace|\bReplaceAll\w*|\bstr_replace_all)\s*\(\s*$/;
const puts =
  /(?:\.write(?:_text|_bytes|lines)?|\bwriteFile(?:Sync)?|\bFile\.write|\bfile_put_contents|\.puts|\bappendFile(?:Sync)?|\.insert|\.append|\.extend|\bPath\([^)]*\)\.write_text)\s*\(\s*(?:[\w.\s[\]+]+,\s*|["'`][^"'`\n]*["'`],\s*|\[)?$/;
const joins = /\+\s*$|=\s*$|\breturn\s*$/;
const removes =
  /(?:\bos\.(?:remove|unlink|Remove(?:All)?)|\bunlink(?:Sync)?|\b(?:fs|fsp|promises)\.(?:rm|rmdir)(?:Sync)?|\brmSync|\brmtree|\bFileUtils\.rm\w*|\bFile\.(?:delete|unlink)|\bFiles\.delete(?:IfExists)?\s*\(\s*(?:Path\.of|Paths\.get)|\bFile\.rm\w*!?|\bDeno\.remove(?:Sync)?|\bfs::remove_\w+)\s*[( ]\s*$|\bunlink\s+$/;
/** The same of a name that is not told: a loop over files that a pattern chose. */
const removesNamed =
  /(?:\bos\.(?:remove|unlink)|\bunlink(?:Sync)?|\brmSync|\brmtree|\bFileUtils\.rm\w*|\bFile\.(?:delete|unlink))\s*[( ]\s*[$A-Za-z_][\w.]*\s*[,);}]|\b[A-Za-z_]\w*\.unlink\s*\(|\.each\s*\{[^}]*\bdelete\b|\bforEach\s*\(\s*(?:fs\.)?(?:unlinkSync|rmSync)/;
const moves = /(?:\bos\.(?:rename|replace)|\bshutil\.move|\brenameSync|\bFileUtils\.mv|\bFile\.rename)\s*\(\s*$/;
const unlinks = /^\s*\)\s*\.unlink\s*\(/;

/** The changes of files in a program's text: its replacements and what it writes, by literal arguments. */
export function programEffects(code: string): FileEffects {
  const effects: FileEffects = { changes: [], removals: [] };
  if (code.length > longestCode || !writes.test(code)) return effects;
  const literals = literalsOf(code);
  const modules = moduleFiles(code);
  const paths = [...literals.filter((literal) => isPath(literal.text)).map(({ text, start }) => ({ text, start })), ...modules].sort(
    (a, b) => a.start - b.start,
  );
  const pathAt = (place: number) => (paths.findLast(({ start }) => start < place) ?? paths[0])?.text;
  const change = (literal: Literal, before: string, after: string, kind: Change['kind']) => {
    const path = pathAt(literal.start);
    if (path !== undefined) effects.changes.push({ path, before, after, kind });
  };
  const taken = new Set<Literal>();
  for (const { before, after, start } of replacedByName(code, literals, taken)) {
    const path = pathAt(start);
    if (path !== undefined) effects.changes.push({ path, before, after, kind: 'edit' });
  }
  for (const { start, ...cut } of cuts(code, literals)) {
    const path = pathAt(start);
    if (path !== undefined) effects.changes.push({ path, kind: 'edit', ...cut });
  }
  for (const [index, literal] of literals.entries()) {
    if (taken.has(literal)) continue;
    const next = literals[index + 1];
    const gap = next === undefined ? '' : code.slice(literal.end, next.start);
    if (replaces.test(literal.lead)) {
      if (next !== undefined && /^\s*[gimsu]*\s*,\s*(?:[rfbu]{1,2})?$/.test(gap)) {
        taken.add(next);
        const before = literal.pattern || /\bre\.|sub|preg/.test(literal.lead) ? plainPattern(literal.text) : literal.text;
        change(literal, before, groupless(next.text), 'edit');
      } else
        change(
          literal,
          literal.pattern ? plainPattern(literal.text) : literal.text,
          code.slice(literal.end, literal.end + 300).replace(/^\s*\w*\s*,/, ''),
          'edit',
        );
    } else if (removes.test(literal.lead) && isPath(literal.text)) effects.removals.push({ path: literal.text, how: 'removed' });
    else if (moves.test(literal.lead) && isPath(literal.text))
      effects.removals.push({ path: literal.text, how: 'moved', ...(next === undefined ? {} : { to: next.text }) });
    else if (isPath(literal.text)) {
      if (unlinks.test(code.slice(literal.end, literal.end + 20))) effects.removals.push({ path: literal.text, how: 'removed' });
    } else if (!taken.has(literal) && (puts.test(literal.lead) || (joins.test(literal.lead) && literal.text.includes('\n'))))
      change(
        literal,
        '',
        literal.text,
        puts.test(literal.lead) && /write|put/i.test(literal.lead) && !/insert|append|extend/.test(literal.lead) && !/["']a["']/.test(code)
          ? 'whole'
          : 'append',
      );
  }
  effects.removals.push(...namedRemovals(code, literals));
  return effects;
}

/** Files that a program chose by a pattern or keeps under a name, where it deletes what it has under a name. */
function namedRemovals(code: string, literals: Literal[]): FileEffects['removals'] {
  if (!removesNamed.test(code)) return [];
  return literals.flatMap(({ text, lead }): FileEffects['removals'] => {
    const folder = /["'`]([\w./-]+)["'`]\s*\)\s*\.r?glob\(\s*$/.exec(lead)?.[1];
    const path = folder === undefined ? text : `${folder.replace(/\/$/, '')}/${text}`;
    const chosen = folder !== undefined || /(?:glob(?:Sync)?\s*\(|Dir\[|\bin\s*[([]|=\s*\[?|,)\s*$/.test(lead);
    return chosen && (isPath(path) || isPath(text) || /^[\w.-]+\/[\w./*-]*\*$/.test(path)) ? [{ path, how: 'removed' }] : [];
  });
}

const named = /(?:^|[\s;,(])([A-Za-z_]\w*)\s*(?::\s*\w+\s*)?=\s*\(?\s*$/;
const byName = /(?:\breplace(?:All|_all|n)?|\bReplaceAll\w*|\bg?sub!?)\s*\(\s*([A-Za-z_]\w*)\s*,\s*([A-Za-z_]\w*)\s*[,)]/g;

/** Replacements whose texts stand under names: `s.replace(old, new)` with `old = '…'`, or in a list of pairs that a loop goes through. */
function replacedByName(code: string, literals: Literal[], taken: Set<Literal>): { before: string; after: string; start: number }[] {
  const calls = [...code.matchAll(byName)];
  if (calls.length === 0) return [];
  const values = literals.flatMap((literal) => {
    const name = named.exec(literal.lead)?.[1];
    return name === undefined ? [] : [{ name, literal }];
  });
  const valueOf = (name: string, place: number) =>
    (values.findLast((one) => one.name === name && one.literal.start < place) ?? values.find((one) => one.name === name))?.literal;
  return calls.flatMap(({ 1: from = '', 2: to = '', index: start }) => {
    const before = valueOf(from, start);
    const after = valueOf(to, start);
    if (before === undefined || after === undefined) return pairs(code, literals, taken);
    taken.add(before).add(after);
    return [{ before: before.text, after: after.text, start }];
  });
}

function pairs(code: string, literals: Literal[], taken: Set<Literal>): { before: string; after: string; start: number }[] {
  return literals.flatMap((literal, index) => {
    const next = literals[index + 1];
    if (next === undefined || taken.has(literal) || !/[([{,]\s*$/.test(literal.lead)) return [];
    if (!/^\s*[,:]\s*$/.test(code.slice(literal.end, next.start)) || !/^\s*,?\s*[)\]}]/.test(code.slice(next.end, next.end + 20)))
      return [];
    taken.add(literal).add(next);
    return [{ before: literal.text, after: next.text, start: literal.start }];
  });
}

type Cut = Pick<Change, 'before' | 'after' | 'lines' | 'until' | 'untilBefore'> & { start: number };

/** Passages that a program cuts out of a list of lines by their numbers, or out of a text between two places that it looks for. */
function cuts(code: string, literals: Literal[]): Cut[] {
  const found: Cut[] = [];
  const numbered = (from: string | undefined, to: string | undefined, start: number) => {
    if (Number(to) > Number(from)) found.push({ before: '', after: '', lines: { from: Number(from) + 1, to: Number(to) }, start });
  };
  for (const { 1: from, 2: to, index } of code.matchAll(/\bdel\s+\w+\[(\d+):(\d+)\]/g)) numbered(from, to, index);
  for (const { 1: from, 2: to, index } of code.matchAll(/\[:(\d+)\]\s*\+\s*[^\n]{0,80}?\[(\d+):\]/g)) numbered(from, to, index);
  for (const { 1: from, 2: count, index } of code.matchAll(/\.splice\(\s*(\d+)\s*,\s*(\d+)\s*\)/g))
    numbered(from, String(Number(from) + Number(count)), index);
  for (const { text, start, end, lead } of literals)
    if (
      text.trim() !== '' &&
      /\.(?:r?split|r?partition)\(\s*$/.test(lead) &&
      /^\s*(?:,\s*\d\s*)?\)\s*\[0\]/.test(code.slice(end, end + 20))
    )
      found.push({ before: text, after: '', until: '', start });
  if (!/\[\s*:\s*\w+\s*\]\s*\+|\.slice\(\s*0\s*,|\.substring\(\s*0\s*,/.test(code)) return found;
  const sought = literals.filter((literal) => /\.(?:r?index|r?find|indexOf|lastIndexOf|search)\s*\(\s*$/.test(literal.lead));
  const [first, last] = sought;
  if (first !== undefined && first.text.trim() !== '')
    found.push({ before: first.text, after: '', until: last?.text ?? '', untilBefore: true, start: first.start });
  return found;
}

function groupless(text: string): string {
  return text.replace(/\\(?:g<)?\d>?|\$\d/g, ' ');
}

function isPath(text: string): boolean {
  return (
    text.length < 240 &&
    (/^(?:[\w.@~*$[\]{}-]*\/)*[\w.@*-]*\.[A-Za-z]\w{0,11}$/.test(text) ||
      /^(?:[\w.~-]*\/)*(?:Makefile|Rakefile|Dockerfile|justfile|BUILD|\.\w+rc|\.rspec|[\w-]+)$/.test(text)) &&
    (/[/.]/.test(text) ||
      /^(?:(?:GNUm|M)akefile|(?:Rake|Earth|Jenkins|Docker|Gem|Task|Guard|Tilt|Fast)file|justfile|BUILD|DESCRIPTION|NAMESPACE)$/.test(
        text,
      )) &&
    !/^\.\w+$/.test(text.replace(/^\.(?:rspec|busted|\w+rc)$/, 'x')) &&
    !/^\d/.test(text)
  );
}

/** Files that are named by a module: `unittest.case.__file__`, under its own or another name. */
function moduleFiles(code: string): { text: string; start: number }[] {
  if (!/__file__|getsourcefile|getfile|sysconfig|require\.resolve|site\.getsitepackages/.test(code)) return [];
  const names = new Map<string, string>();
  for (const match of code.matchAll(/\bimport\s+([\w.]+)(?:\s+as\s+(\w+))?((?:\s*,\s*[\w.]+(?:\s+as\s+\w+)?)*)/g)) {
    names.set(match[2] ?? match[1] ?? '', match[1] ?? '');
    for (const more of (match[3] ?? '').matchAll(/([\w.]+)(?:\s+as\s+(\w+))?/g)) names.set(more[2] ?? more[1] ?? '', more[1] ?? '');
  }
  for (const match of code.matchAll(/\bfrom\s+([\w.]+)\s+import\s+(\w+)(?:\s+as\s+(\w+))?/g))
    names.set(match[3] ?? match[2] ?? '', `${match[1] ?? ''}.${match[2] ?? ''}`);
  const files = [...code.matchAll(/\b([\w.]+)\.__file__|\bget(?:source)?file\s*\(\s*([\w.]+)|\brequire\.resolve\(\s*['"]([^'"]+)/g)];
  return files.flatMap((match) => {
    const name = match[1] ?? match[2];
    const module = name === undefined ? undefined : (names.get(name) ?? names.get(name.split('.')[0] ?? ''));
    if (match[3] !== undefined) return [{ text: `node_modules/${match[3]}.js`, start: match.index }];
    return module === undefined ? [] : [{ text: `site-packages/${module.replaceAll('.', '/')}.py`, start: match.index }];
  });
}

/** All string literals of a program, and patterns where one may stand; comments are left out. */
function literalsOf(code: string): Literal[] {
  const literals: Literal[] = [];
  let at = 0;
  while (at < code.length && literals.length < mostLiterals) {
    const char = code.charAt(at);
    if (char === '"' || char === "'" || char === '`') {
      const triple = code.startsWith(char.repeat(3), at) ? char.repeat(3) : char;
      const raw = /[rR][bB]?$/.test(code.slice(Math.max(0, at - 2), at));
      const end = endOf(code, at + triple.length, triple, char !== '`' && triple.length === 1);
      const body = code.slice(at + triple.length, end);
      const prefix = /(?:^|\W)([rRbBfFuU]{1,2})$/.exec(code.slice(Math.max(0, at - 3), at))?.[1] ?? '';
      literals.push({
        text: raw ? body : literalText(body, { bare: true }).replaceAll('\r', ''),
        start: at - prefix.length,
        end: end + triple.length,
        lead: code.slice(Math.max(0, at - prefix.length - 80), at - prefix.length),
        pattern: false,
      });
      at = end + triple.length;
    } else if (
      char === '/' &&
      /[(,=:]\s*$/.test(code.slice(Math.max(0, at - 6), at)) &&
      code.charAt(at + 1) !== '/' &&
      code.charAt(at + 1) !== '*'
    ) {
      const end = endOf(code, at + 1, '/', true);
      literals.push({ text: code.slice(at + 1, end), start: at, end: end + 1, lead: code.slice(Math.max(0, at - 80), at), pattern: true });
      at = end + 1;
    } else if (char === '#' && /(?:^|\s)$/.test(code.slice(Math.max(0, at - 1), at)) && !code.startsWith('#{', at)) {
      const end = code.indexOf('\n', at);
      at = end === -1 ? code.length : end;
    } else at += 1;
  }
  return literals;
}

function endOf(code: string, from: number, closing: string, oneLine: boolean): number {
  for (let at = from; at < code.length; at += 1) {
    const char = code.charAt(at);
    if (char === '\\') at += 1;
    else if (code.startsWith(closing, at)) return at;
    else if (oneLine && char === '\n') return at;
  }
  return code.length;
}
