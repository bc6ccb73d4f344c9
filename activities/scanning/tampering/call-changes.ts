import type { Call } from '../conversation.ts';
import type { FileWrite } from '../extraction/shell-session.ts';
import { dynamicText, type Statement } from '../extraction/shell-syntax.ts';
import type { Change } from './change.ts';
import { type FileEffects, isPatch, patchEffects } from './patch-text.ts';

/** Patches that stand in the arguments of a tool. */
export function patchesIn({ args, name, raw }: Call): FileEffects[] {
  if (!raw.includes('*** Begin Patch') && !/patch|diff/i.test(name)) return [];
  return (args === undefined ? [raw] : Object.values(args)).flatMap((text) => {
    if (typeof text !== 'string' || !isPatch(text)) return [];
    return [patchEffects(text.slice(Math.max(0, text.indexOf('*** Begin Patch'))))];
  });
}

/** A write as a change of what the agent itself had written there. */
export function changeOf({ path, text, append, before }: FileWrite): Change {
  if (append) return { path, kind: 'append', before: before ?? '', after: `${before ?? ''}${text}` };
  return { path, kind: 'whole', before: before ?? '', after: text };
}

/** The path with the directory, unless it says its own. */
export function inDirectory(directory: string, path: string): string {
  return directory === '' || /^[/~]/.test(path) || path.startsWith(dynamicText)
    ? path
    : `${directory.replace(/\/$/, '')}/${path.replace(/^\.\//, '')}`;
}

/** The commands of a shell function's body. */
export function textOf(body: readonly Statement[]): string {
  return body
    .map((statement) => {
      if (statement.kind === 'simple') return statement.text;
      return textOf(statement.kind === 'pipeline' ? statement.stages : statement.body);
    })
    .join('; ');
}
