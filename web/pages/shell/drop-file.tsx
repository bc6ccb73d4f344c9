import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Site } from '../../../schemas/site.ts';
import { addressOf } from '../address.ts';
import { fetchJson } from '../fetch-json.ts';
import { changeHeader } from '../post-json.ts';
import { Shown } from '../text/shown.tsx';
import { site } from './site.ts';

/** What became of the file that was dropped last. */
const said = signal('');

/** Takes a file that is dropped on any page, or chosen: it opens beside what stands here. A site that takes none says how to view it. */
export function DropFile({ takes }: { takes: boolean }) {
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files') === true) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      const file = event.dataTransfer?.files[0];
      if (file === undefined) return;
      event.preventDefault();
      if (takes) void open(file);
      else said.value = `This site takes no files. To see it: tracemill view ${file.name}`;
    };
    addEventListener('dragover', over);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('drop', drop);
    };
  }, [takes]);
  return (
    <>
      {takes && (
        <label class="file">
          Open a file…
          <input
            class="unseen"
            type="file"
            onChange={({ currentTarget }) => {
              const [file] = currentTarget.files ?? [];
              if (file !== undefined) void open(file);
              currentTarget.value = '';
            }}
          />
        </label>
      )}
      <span role="status">
        <Shown text={said.value} />
      </span>
    </>
  );
}

async function open(file: File): Promise<void> {
  said.value = `reading ${file.name}…`;
  try {
    const headers = { 'content-type': 'application/octet-stream', [changeHeader]: '1' };
    const answer = await fetch(`data/files?name=${encodeURIComponent(file.name)}`, { method: 'POST', headers, body: file });
    if (!answer.ok) throw new Error(await answer.text());
    const { collection, rows }: { collection: string; rows: number } = await answer.json();
    const fresh = await fetchJson<Site>('site.json');
    if (fresh !== null) site.value = fresh.data;
    said.value = `${file.name}: ${rows} ${rows === 1 ? 'row' : 'rows'}`;
    location.hash = addressOf(['c', collection]);
  } catch (error) {
    said.value = `${file.name} is not shown: ${error instanceof Error ? error.message : 'the server does not answer'}`;
  }
}
