import type { EditedFile } from './edit-call.ts';
import { Lines, Shown } from './shown.tsx';

/** An edit that a call asked for: lines out and in by sign and colour, and what else the call said. */
export function Edit({ files, beside }: { files: readonly EditedFile[]; beside: string }) {
  return (
    <div class="patch edit">
      {files.map(({ path, hunks }, number) => (
        <div class="patch-file" key={number}>
          <p class="patch-name">
            <Shown text={path} />
          </p>
          {hunks.map(({ at, lines }, place) => (
            <pre class="lines" dir="ltr" key={place}>
              {at !== '' && (
                <span class="hunk">
                  <Shown text={`${at}\n`} />
                </span>
              )}
              {lines.map((line) => (
                <span class={line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : ''}>
                  <Shown text={`${line}\n`} />
                </span>
              ))}
            </pre>
          ))}
        </div>
      ))}
      {beside !== '' && <Lines text={beside} />}
    </div>
  );
}
