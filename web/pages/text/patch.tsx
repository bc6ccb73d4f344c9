import { parsePatch } from 'diff';
import { Lines, Shown } from './shown.tsx';

type File = ReturnType<typeof parsePatch>[number];

/** Lines of a patch that are shown as such; a longer one is shown plain. */
const mostLines = 3000;

/** A patch file by file, added and removed lines by sign and colour; what is no patch as plain text. */
export function Patch({ text }: { text: string }) {
  const files = filesOf(text);
  if (files === undefined) return <Lines text={text} />;
  return (
    <div class="patch">
      {files.map((file) => (
        <div class="patch-file">
          <p class="patch-name">
            <Shown text={nameOf(file)} />
          </p>
          <pre class="lines" dir="ltr">
            {file.hunks.map((hunk) => [
              <span class="hunk">{`@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@\n`}</span>,
              ...hunk.lines.map((line) => (
                <span class={line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : ''}>
                  <Shown text={`${line}\n`} />
                </span>
              )),
            ])}
          </pre>
        </div>
      ))}
    </div>
  );
}

/** Undefined for what is no patch, or would lose lines when shown as one. */
function filesOf(text: string): File[] | undefined {
  if (text.length > 150_000) return undefined;
  try {
    const files = parsePatch(text).filter((file) => file.hunks.length > 0);
    const lines = files.reduce((sum, file) => sum + file.hunks.reduce((inner, hunk) => inner + hunk.lines.length, 0), 0);
    const changed = text.split('\n').filter((line) => /^(?:\+(?!\+\+ )|-(?!-- ))/.test(line)).length;
    const shown = files.flatMap((file) => file.hunks.flatMap((hunk) => hunk.lines.filter((line) => /^[+-]/.test(line)))).length;
    return files.length === 0 || lines > mostLines || shown < changed ? undefined : files;
  } catch {
    return undefined;
  }
}

function nameOf({ oldFileName, newFileName, index }: File): string {
  const bare = (name: string | undefined) => name?.replace(/^[ab]\//, '');
  const [old, now] = [bare(oldFileName), bare(newFileName)];
  if (old === undefined || now === undefined) return index ?? 'a file';
  if (now === '/dev/null') return `${old} (removed)`;
  if (old === '/dev/null') return `${now} (new)`;
  return old === now ? now : `${old} → ${now}`;
}
