import { isRecord } from '../../../../schemas/is-record.ts';
import type { Action } from './action.ts';
import { afterNames, beforeNames, contentNames, pathNames } from './argument-names.ts';
import { plainName, type ToolArguments, type ToolCall } from './tool-call.ts';

const readingWords = [
  'read',
  'readlines',
  'hexdump',
  'strings',
  'less',
  'view',
  'open',
  'cat',
  'show',
  'get',
  'load',
  'peek',
  'head',
  'tail',
  'scroll',
  'goto',
];
const listingWords = ['list', 'ls', 'tree', 'dir'];
const makingWords = [
  'write',
  'create',
  'save',
  'edit',
  'replace',
  'insert',
  'append',
  'update',
  'multiedit',
  'overwrite',
  'modify',
  'rewrite',
];
const fileWords = ['file', 'files', 'read', 'notebook', 'document', 'image', 'resource'];
const sourceNames = ['source', 'src', 'sourcepath', 'from', 'frompath', 'oldpath', 'origin', 'oldfilename', 'sourcefile'];
const targetNames = [
  'destination',
  'dest',
  'dst',
  'destinationpath',
  'to',
  'topath',
  'newpath',
  'target',
  'targetpath',
  'newfilename',
  'newname',
];
const folderNames = [
  'directory',
  'dir',
  'dirpath',
  'directorypath',
  'folder',
  'folderpath',
  'targetdirectory',
  'relativeworkspacepath',
  'root',
  'location',
];

/** Tools that read, write, change, list, move or remove files, by their arguments first. */
export function fileActions(call: ToolCall): Action[] | undefined {
  const { args, words } = call;
  const says = (list: readonly string[]) => list.some((word) => words.has(word));
  const from = args.text(...sourceNames);
  const to = args.text(...targetNames);
  if (from !== undefined && to !== undefined && (words.has('move') || words.has('rename') || words.has('copy') || words.has('link')))
    return [{ kind: 'amounts_to', argv: [words.has('copy') ? 'cp' : words.has('link') ? 'ln' : 'mv', from, to] }];
  const paths = pathsOf(args, says(readingWords) || says(makingWords));
  const folder = args.text(...folderNames);
  const [path] = paths;
  if (path !== undefined && (words.has('delete') || words.has('remove') || words.has('unlink')))
    return [{ kind: 'amounts_to', argv: ['rm', '-r', ...paths] }];
  if (words.has('mkdir') || (words.has('create') && (words.has('directory') || words.has('folder'))))
    return [{ kind: 'amounts_to', argv: ['mkdir', '-p', path ?? folder ?? '.'] }];
  if (says(listingWords) && !says(['read', 'search'])) {
    return [{ kind: 'amounts_to', argv: ['ls', ...(words.has('tree') || args.isTrue('recursive') ? ['-R'] : []), path ?? folder ?? '.'] }];
  }
  if (path === undefined) return undefined;
  const changed = changes(args, path, says(makingWords));
  if (changed.length > 0) return changed;
  const opens = onlyPlaces(args) && (words.has('edit') || words.has('update'));
  if (says(makingWords) && !says(['view', 'read']) && !opens) return [{ kind: 'write', path, text: '' }];
  const reads = opens || says(readingWords) || says(fileWords) || onlyPlaces(args);
  return reads ? paths.map((one): Action => ({ kind: 'read', path: one })) : undefined;
}

/** The paths that a call names: by the names of arguments, in lists of objects, or else by what they look like. */
function pathsOf(args: ToolArguments, about: boolean): string[] {
  const named = args.texts(...pathNames);
  if (named.length > 0) return named.map(localPath);
  const nested = args.names.flatMap((name) => args.objects(name).flatMap((one) => pickText(one, pathNames) ?? []));
  if (nested.length > 0) return nested.map(localPath);
  return about ? args.everyText().filter(isAbsolutePath).map(localPath) : [];
}

/** Text that can be nothing but the path of a file. */
export function isAbsolutePath(text: string): boolean {
  return /^(?:file:\/\/)?(?:~|\.{1,2})?\/[\w.~@+-][^\s'"<>|;&]*$/.test(text) && !/^\/[a-z]?$/.test(text);
}

/** `file:///a/b` is the file `/a/b`. */
export function localPath(path: string): string {
  return path.replace(/^file:\/\/(?:localhost)?(?=\/)/, '');
}

/** Lists of changes, by the names that they have in a call or beside the file that they belong to. */
const changeLists = ['edits', 'changes', 'replacements', 'replacementchunks', 'chunks', 'operations', 'hunks', 'modifications'];

/** The changes in a list, each with a file of its own or of the call, or of one file of several. */
function listedEdits(args: ToolArguments, path: string): Action[] {
  const editsIn = (edits: readonly Record<string, unknown>[], file: string) =>
    edits.flatMap((edit): Action[] => {
      const own = pickText(edit, beforeNames);
      const after = pickText(edit, [...afterNames, ...contentNames]);
      return after === undefined ? [] : [{ kind: 'edit', path: localPath(pickText(edit, pathNames) ?? file), before: own ?? '', after }];
    });
  const edits = editsIn(args.objects(...changeLists), path);
  if (edits.length > 0) return edits;
  return args.objects('files', 'file', 'args').flatMap((one) => {
    const files = [one, ...records(one['file'])];
    return files.flatMap((file): Action[] => {
      const own = pickText(file, pathNames);
      if (own === undefined) return [];
      const listed = editsIn(
        Object.entries(file).flatMap(([key, value]) => (changeLists.includes(plainName(key)) ? records(value) : [])),
        localPath(own),
      );
      const diffs = records(file['diff']).flatMap((diff) => pickText(diff, contentNames) ?? []);
      const diff = typeof file['diff'] === 'string' ? [file['diff']] : diffs;
      return [
        ...listed,
        ...diff.flatMap((text) => diffEdits(text)).map((edit): Action => ({ kind: 'edit', path: localPath(own), ...edit })),
      ];
    });
  });
}

function records(value: unknown): Record<string, unknown>[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => isRecord(one));
}

function changes(args: ToolArguments, path: string, makes: boolean): Action[] {
  const edits = listedEdits(args, path);
  if (edits.length > 0) return edits;
  const after = args.value(...afterNames) === undefined ? undefined : args.text(...afterNames);
  // Where nothing is put, these are words of a search.
  const before = args.text(...beforeNames.filter((name) => name !== 'from' && (name !== 'search' || after !== undefined)));
  if (after !== undefined && (before !== undefined || makes)) return [{ kind: 'edit', path, before: before ?? '', after }];
  if (before !== undefined && args.has('newstring')) return [{ kind: 'edit', path, before, after: '' }];
  const diff = args.text('diff', 'patch', 'udiff', 'unifieddiff', 'searchreplaceblock', 'searchreplaceblocks');
  if (diff !== undefined) return diffEdits(diff).map((edit): Action => ({ kind: 'edit', path, ...edit }));
  const content = args.text(...contentNames);
  const sketch = makes && content === undefined ? args.text('code') : undefined;
  if (sketch !== undefined) return [{ kind: 'edit', path, before: '', after: sketch }];
  return content !== undefined && (makes || args.has('content') || args.has('contents') || args.has('filetext'))
    ? [{ kind: 'write', path, text: content }]
    : [];
}

function pickText(record: Record<string, unknown>, names: readonly string[]): string | undefined {
  for (const [key, value] of Object.entries(record)) if (typeof value === 'string' && names.includes(plainName(key))) return value;
  return undefined;
}

/** Both sides of blocks that replace text, of a diff without names, or else the text as it is put. */
function diffEdits(diff: string): { before: string; after: string }[] {
  const blocks = [...diff.matchAll(/^[<-]{5,}[^\n]*\n([\s\S]*?)^=+\n([\s\S]*?)^(?:>{5,}|\+{5,})\s*(?:REPLACE|updated)?/gm)];
  if (blocks.length > 0) return blocks.map((block) => ({ before: (block[1] ?? '').replace(/^[-=]{5,}\n/m, ''), after: block[2] ?? '' }));
  const lines = diff.split('\n').filter((line) => !/^(?:\+\+\+|---|@@|diff |index )/.test(line));
  if (!lines.some((line) => /^[+-]/.test(line))) return [{ before: '', after: diff }];
  const side = (sign: string) => lines.flatMap((line) => (line.startsWith(sign) || line.startsWith(' ') ? [line.slice(1)] : [])).join('\n');
  return [{ before: side('-'), after: side('+') }];
}

/** Whether a call says nothing but a place and what part of it: a path with offsets, lines or flags. */
function onlyPlaces(args: ToolArguments): boolean {
  return Object.entries(args.given).every(([key, value]) => {
    const name = plainName(key);
    if (pathNames.includes(name)) return true;
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) return true;
    if (Array.isArray(value)) return value.every((item) => typeof item === 'number' || isRecord(item));
    return /^(?:.*line.*|.*range.*|offset|limit|start|end|encoding|explanation|description|reason|mode|format|page|pages|toolsummary|security.*|symbol|.*summary|head|tail|view)$/.test(
      name,
    );
  });
}
