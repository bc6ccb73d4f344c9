import type { Change } from './change.ts';
import type { FileEffects } from './patch-text.ts';
import { plainPattern } from './stream-edits.ts';

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
  /\bwrite|\bopen\s*\([^)]*,\s*(?:mode\s*=\s*)?["'][wax]|\bFile\.|\bfs\.|\bfile_put_contents|\bdump\s*\(|\bsave\s*\(|\bputs\b|\.(?:unlink|rename|remove|rmtree|move|copy)/;
const replaces = /(?:\breplace(?:All|_all|n)?|\bsubn?|\bg?sub!?|\bpreg_replace|\bstr_replace|\bReplaceAll\w*|\bstr_replace_all)\s*\(\s*$/;
const puts =
  /(?:\.write(?:_text|_bytes|lines)?|\bwriteFile(?:Sync)?|\bFile\.write|\bfile_put_contents|\.puts|\bappendFile(?:Sync)?|\.insert|\.append|\.extend|\bPath\([^)]*\)\.write_text)\s*\(\s*(?:[\w.\s[\]+]+,\s*|\[)?$/;
const joins = /\+\s*$|=\s*$|\breturn\s*$/;
const removes = /(?:\bos\.(?:remove|unlink)|\bunlink(?:Sync)?|\brmSync|\brmtree|\bFileUtils\.rm\w*|\bFile\.delete)\s*\(\s*$/;
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
  for (const [index, literal] of literals.entries()) {
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
  return effects;
}

function groupless(text: string): string {
  return text.replace(/\\(?:g<)?\d>?|\$\d/g, ' ');
}

function isPath(text: string): boolean {
  return (
    text.length < 240 &&
    (/^(?:[\w.@~*$[\]{}-]*\/)*[\w.@*-]*\.[A-Za-z]\w{0,11}$/.test(text) ||
      /^(?:[\w.~-]*\/)*(?:Makefile|Rakefile|Dockerfile|justfile|BUILD|\.\w+rc|\.rspec|[\w-]+)$/.test(text)) &&
    (/[/.]/.test(text) || /^(?:Makefile|Rakefile|justfile|BUILD)$/.test(text)) &&
    !/^\.\w+$/.test(text.replace(/^\.(?:rspec|\w+rc)$/, 'x')) &&
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
        text: raw ? body : unescaped(body),
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

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '' };

function unescaped(text: string): string {
  return text.includes('\\') ? text.replace(/\\([\s\S])/g, (_, char: string) => escapes[char] ?? (char === '\n' ? '' : char)) : text;
}
