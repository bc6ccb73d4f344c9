import type { Action } from './action.ts';
import type { ToolCall } from './tool-call.ts';

const wrapped = /^\s*\*\*\* Begin Patch\b/m;
const unified = /^--- (?:a\/|\/)?\S+.*\n\+\+\+ (?:b\/|\/)?\S+/m;

/** Tools that apply a patch given as text: what each file of it gets. */
export function patchActions({ args, words }: ToolCall): Action[] | undefined {
  if (!words.has('patch') && !words.has('diff') && !args.has('patch') && !args.has('diff')) return undefined;
  const text = args.everyText().find((one) => wrapped.test(one) || unified.test(one));
  return text === undefined ? undefined : wrapped.test(text) ? sectionActions(text) : diffActions(text);
}

/** Sections of `*** Add File`, `*** Update File`, `*** Delete File`. */
function sectionActions(text: string): Action[] {
  const heads = [...text.matchAll(/^\*\*\* (Add|Update|Delete) File: (.+)$/gm)];
  return heads.flatMap((head, at): Action[] => {
    const [line, verb, name = ''] = head;
    const path = name.trim();
    if (verb === 'Delete') return [{ kind: 'amounts_to', argv: ['rm', path] }];
    const body = text.slice(head.index + line.length + 1, heads[at + 1]?.index ?? text.length).replace(/^\*\*\* End Patch[\s\S]*$/m, '');
    const moved = /^\*\*\* Move to: (.+)$/m.exec(body)?.[1]?.trim();
    const renames: Action[] = moved === undefined ? [] : [{ kind: 'amounts_to', argv: ['mv', path, moved] }];
    const target = moved ?? path;
    if (verb === 'Add') return [{ kind: 'write', path, text: side(body, '+') }];
    return [...renames, ...hunks(body.split(/^@@.*$/m), target)];
  });
}

function diffActions(text: string): Action[] {
  return text.split(/^(?=--- )/m).flatMap((file): Action[] => {
    const names = /^--- (\S+).*\n\+\+\+ (\S+)/m.exec(file);
    if (names === null) return [];
    const from = plainPath(names[1] ?? '');
    const to = plainPath(names[2] ?? '');
    const body = file.slice(names.index + names[0].length + 1).replace(/^diff --git [\s\S]*$/m, '');
    if (to === '/dev/null') return [{ kind: 'amounts_to', argv: ['rm', from] }];
    if (from === '/dev/null') return [{ kind: 'write', path: to, text: side(body, '+') }];
    return hunks(body.split(/^@@.*$/m), to);
  });
}

function hunks(bodies: string[], path: string): Action[] {
  return bodies
    .filter((body) => /^[+-]/m.test(body))
    .map((body) => ({ kind: 'edit', path, before: side(body, '-'), after: side(body, '+') }));
}

/** One side of a hunk, context lines included. */
function side(body: string, mark: '+' | '-'): string {
  return body
    .split('\n')
    .flatMap((line) => (line.startsWith(mark) || line.startsWith(' ') ? [line.slice(1)] : []))
    .join('\n');
}

function plainPath(path: string): string {
  return path.replace(/^[ab]\//, '');
}
