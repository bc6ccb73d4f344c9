import { baseName } from '../base-name.ts';
import type { Action } from './action.ts';
import { fileNamePatternNames, pathNames, patternNames, placeNames } from './argument-names.ts';
import { localPath } from './file-tools.ts';
import type { ToolCall } from './tool-call.ts';

const searchWords = ['grep', 'ripgrep', 'rg', 'search', 'find', 'glob', 'ag', 'ack', 'locate', 'lookup', 'fd'];
const byName = ['glob', 'find', 'locate', 'fd'];
const byContent = ['grep', 'ripgrep', 'rg', 'ag', 'ack', 'text', 'content', 'code', 'codebase', 'dir'];
const fileNames = ['filename', 'name', 'namepattern', 'filename', 'filenamepattern'];
const mostAlternatives = 32;

/** Tools that look for text in files, or for files by name: as `grep` and `find` over the same place. */
export function searchActions(call: ToolCall): Action[] | undefined {
  const { args, words } = call;
  const says = (list: readonly string[]) => list.some((word) => words.has(word));
  // What is found is replaced: an edit.
  if (words.has('replace') && args.has('replace') && args.text(...pathNames) !== undefined) return undefined;
  if (!says(searchWords) && !(args.has('pattern') && placeNames.some((name) => args.has(name)))) return undefined;
  const globs = args.texts(...fileNamePatternNames);
  const names = says(byName) || words.has('file') || words.has('files');
  const patterns = [...new Set([...args.texts(...patternNames), ...(names ? args.texts(...fileNames) : [])])];
  const places = args.texts(...placeNames.filter((name) => !fileNames.includes(name))).map(localPath);
  if (patterns.length + globs.length === 0) return undefined;
  const where = places.length === 0 ? ['.'] : places;
  const out: Action[] = [];
  const textual = says(byContent) || !names || args.has('regex') || args.has('searchterm');
  const named = (names && !says(['grep', 'ripgrep', 'rg'])) || patterns.length === 0;
  if (textual && patterns.length > 0) for (const pattern of patterns) out.push({ kind: 'amounts_to', argv: textSearch(pattern, where) });
  if (named) for (const pattern of patterns) out.push(...nameSearches(pattern, where));
  for (const glob of globs) {
    out.push(...nameSearches(glob, where));
    // Text looked for in files of certain folders is read there.
    const inside = glob.replace(/^(?:\*\*\/)+/, '');
    if (inside.includes('/') && patterns[0] !== undefined)
      out.push({
        kind: 'amounts_to',
        argv: textSearch(
          patterns[0],
          where.map((place) => `${place}/${inside}`),
        ),
      });
  }
  return out;
}

function textSearch(pattern: string, where: string[]): string[] {
  return pattern.startsWith('-') ? ['grep', '-rn', '-e', pattern, ...where] : ['grep', '-rn', pattern, ...where];
}

/** A glob as `find` would look for it; one without any wildcard that names a whole path asks for that file. */
function nameSearches(pattern: string, where: string[]): Action[] {
  return alternatives(pattern).flatMap((one): Action[] => {
    const firstWild = one.search(/[*?[]/);
    const fixed = firstWild === -1 ? one.lastIndexOf('/') : one.lastIndexOf('/', firstWild);
    const root = fixed === -1 ? '' : fixed === 0 ? '/' : one.slice(0, fixed);
    const name = baseName(one);
    const middle = one.slice(fixed + 1, Math.max(fixed + 1, one.lastIndexOf('/'))).replace(/\*+/g, '*');
    const places =
      root.startsWith('/') || root.startsWith('~')
        ? [root]
        : where.map((place) => (root === '' ? place : `${place.replace(/\/$/, '')}/${root}`));
    const through = middle === '' || middle === '*' ? [] : ['-path', `*${middle}*/${name}`];
    return [{ kind: 'amounts_to', argv: ['find', ...places, '-name', name, ...through] }];
  });
}

/** The patterns that braces stand for. */
function alternatives(pattern: string): string[] {
  const open = [pattern];
  const out: string[] = [];
  for (let next = open.shift(); next !== undefined && out.length + open.length < mostAlternatives; next = open.shift()) {
    const brace = /\{([^{}]*,[^{}]*)\}/.exec(next);
    if (brace === null) out.push(next);
    else
      for (const piece of (brace[1] ?? '').split(','))
        open.push(`${next.slice(0, brace.index)}${piece}${next.slice(brace.index + brace[0].length)}`);
  }
  return [...out, ...open];
}
