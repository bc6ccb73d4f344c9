import type { ScriptedCall } from '../schemas/teacher-script.ts';

/**
 * A unified diff of text files as the editor calls that make the same change in a work tree at `workdir`: one
 * `str_replace` a hunk, `create` for a new file, `rm` for a deleted one; a file in which two hunks begin alike is patched by a
 * command, because an editor refuses what it finds twice. Renames and binary files are not understood.
 */
export function editsOf(patch: string, workdir: string): ScriptedCall[] {
  return patch
    .split(/^(?=diff --git )/m)
    .filter((section) => section.startsWith('diff --git '))
    .flatMap((section) => fileEdits(section, workdir));
}

function fileEdits(section: string, workdir: string): ScriptedCall[] {
  const path = /^\+\+\+ b\/(.+?)\t?$/m.exec(section)?.[1];
  const old = /^--- a\/(.+?)\t?$/m.exec(section)?.[1];
  if (path === undefined) return old === undefined ? [] : [{ run: `rm '${workdir}/${old}'` }];
  const hunks = section.split(/^(?=@@ )/m).slice(1);
  if (old === undefined) return [{ create: `${workdir}/${path}`, file_text: sides(hunks[0] ?? '').after }];
  const changes = hunks.map(sides);
  if (new Set(changes.map(({ before }) => before)).size < changes.length) {
    return [{ run: `cd ${workdir} && git apply - <<'END_OF_PATCH'\n${section.replace(/\n?$/, '\n')}END_OF_PATCH` }];
  }
  return changes.map(({ before, after }) => ({ str_replace: `${workdir}/${path}`, old_str: before, new_str: after }));
}

/** The text of a hunk before and after, without its header. */
function sides(hunk: string): { before: string; after: string } {
  const side = (marks: string) => {
    let text = '';
    let kept = false;
    for (const line of hunk.split('\n').slice(1)) {
      const mark = line[0];
      if (mark === '\\') {
        if (kept) text = text.slice(0, -1);
      } else if (mark !== undefined) {
        kept = marks.includes(mark);
        if (kept) text += `${line.slice(1)}\n`;
      }
    }
    return text;
  };
  return { before: side(' -'), after: side(' +') };
}
