import { randomBytes } from 'node:crypto';
import { quote } from '../../platform/quote.ts';
import { type Hunk, parsePatch } from '../patches/patch.ts';
import { restoreTestSections } from '../patches/test-sections.ts';
import type { JobContainer } from '../sandbox/index.ts';
import { callsWith, inPortions } from './path-lists.ts';
import type { Restoration } from './restoration.ts';
import { verifierFolder, type WorkspaceShell } from './workspace-shell.ts';

type Sections = Restoration['sections'];

/** Puts the test sections of build files back as they are at the base commit. Gives the files that had to be written again. */
export async function restoreSections(job: JobContainer, shell: WorkspaceShell, sections: Sections): Promise<string[]> {
  const kinds = new Map(sections.map(({ path, kind }) => [path, kind]));
  const rewritten: string[] = [];
  for (const paths of inPortions(kinds.keys())) {
    const files = await readFiles(shell, paths);
    const written: [string, string][] = [];
    const replaced: string[] = [];
    for (const { path, base, now, hunks } of files) {
      const kind = kinds.get(path);
      if (kind === undefined) continue;
      const content = now === null ? null : restoreTestSections(kind, base ?? '', now, base === null ? [wholeFile(now)] : hunks);
      if (content === null) replaced.push(path);
      else if (content !== now) written.push([path, content]);
    }
    await job.putFiles(written.map(([, content], at) => [`${verifierFolder}/restored.${at}`, content]));
    // cat keeps the mode of the file.
    const writing = written.map(([path], at) => `cat "$TM/restored.${at}" >${quote(path)} || exit 3\n`).join('');
    if (written.length + replaced.length > 0) await shell(`${callsWith('restore', replaced)}${writing}`);
    rewritten.push(...written.map(([path]) => path), ...replaced);
  }
  return rewritten;
}

interface ReadFile {
  path: string;
  /** Null where there is no such file. */
  base: string | null;
  now: string | null;
  /** From `base` to `now`, without context. */
  hunks: Hunk[];
}

async function readFiles(shell: WorkspaceShell, paths: string[]): Promise<ReadFile[]> {
  const mark = `---${randomBytes(12).toString('hex')}`;
  const words = paths.map(quote).join(' ');
  const contents = await shell(`contents ${mark} ${words}`);
  const diff = await shell(`repo diff --no-ext-diff --no-textconv --no-color --no-renames --text --unified=0 "$BASE" -- ${words}`);
  const changes = new Map(parsePatch(diff.stdout).map((file) => [file.newPath ?? file.oldPath, file.hunks]));
  const pieces = contents.stdout.split(`${mark} `).slice(1);
  return paths.map((path, at) => ({
    path,
    now: contentOf(pieces[2 * at]),
    base: contentOf(pieces[2 * at + 1]),
    hunks: changes.get(path) ?? [],
  }));
}

/** Behind the line that says what it is; a line break was added. */
function contentOf(piece: string | undefined): string | null {
  if (piece === undefined || piece.startsWith('none\n')) return null;
  return piece.slice(piece.indexOf('\n') + 1, -1);
}

function wholeFile(content: string): Hunk {
  return {
    oldStart: 0,
    newStart: 1,
    lines: content
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => `+${line}`),
  };
}
