import type { Change, Removal } from './change.ts';

export interface FileEffects {
  changes: Change[];
  removals: Removal[];
}

/** What the text of a patch does, file by file: unified diffs, and the envelope that names files by `*** Update File:`. */
export function patchEffects(text: string): FileEffects {
  const effects: FileEffects = { changes: [], removals: [] };
  let path: string | undefined;
  let from: string | undefined;
  let kind: Change['kind'] = 'edit';
  let before: string[] = [];
  let after: string[] = [];
  const flush = () => {
    if (path !== undefined && (before.length > 0 || after.length > 0))
      effects.changes.push({ path, before: before.join('\n').replace(/\n$/, ''), after: after.join('\n').replace(/\n$/, ''), kind });
    before = [];
    after = [];
  };
  for (const line of text.split('\n')) {
    const named = /^\*\*\* (Update|Add|Delete) File: (.+)$/.exec(line);
    const header = /^(---|\+\+\+) (?:[ab]\/)?([^\t\n]+)/.exec(line);
    if (named !== null) {
      flush();
      path = (named[2] ?? '').trim();
      kind = named[1] === 'Add' ? 'whole' : 'edit';
      if (named[1] === 'Delete') effects.removals.push({ path, how: 'removed' });
    } else if (header?.[1] === '---') {
      flush();
      from = header[2]?.trim();
      path = undefined;
    } else if (header !== null) {
      const to = header[2]?.trim();
      path = to === '/dev/null' ? undefined : to;
      kind = from === '/dev/null' ? 'whole' : 'edit';
      if (to === '/dev/null' && from !== undefined) effects.removals.push({ path: from, how: 'removed' });
    } else if (line.startsWith('*** Move to: ')) {
      if (path !== undefined) effects.removals.push({ path, how: 'moved', to: line.slice(13).trim() });
    } else if (line.startsWith('@@') || line.startsWith('***') || line.startsWith('diff --git')) {
      flush();
      const context = /^@@(?: -[\d,]+ \+[\d,]+ @@)?\s*(.*)$/.exec(line)?.[1];
      if (context !== undefined && context !== '' && path !== undefined) {
        before.push(context);
        after.push(context);
      }
    } else if (line.startsWith('-')) before.push(line.slice(1));
    else if (line.startsWith('+')) after.push(line.slice(1));
    else {
      before.push(line.replace(/^ /, ''));
      after.push(line.replace(/^ /, ''));
    }
  }
  flush();
  return effects;
}

/** Whether a text is such a patch. */
export function isPatch(text: string): boolean {
  return text.includes('*** Begin Patch') || /^--- \S.*\n\+\+\+ \S/m.test(text);
}
