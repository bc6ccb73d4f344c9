import type { TranscriptHead, TurnChunk } from '../../../schemas/transcript.ts';
import type { TranscriptSource } from '../view-source.ts';
import type { FolderWriter } from './folder-writer.ts';

/** Writes a transcript as the files that its source answers with; holds one chunk at a time. `named` changes what the head says of files. */
export async function writeTranscript(
  source: TranscriptSource,
  files: FolderWriter,
  folder: string,
  named: (head: TranscriptHead) => TranscriptHead,
): Promise<void> {
  const head = await source.head();
  for (let page = 0; ; page += 1) {
    const index = await source.index(page);
    if (index === undefined) break;
    await files.json(`${folder}/index-${page}.json`, index);
    if (index.from + index.count >= head.turns) break;
  }
  for (let number = 0; number < Math.max(1, head.chunks); number += 1) {
    const chunk = await source.chunk(number);
    if (chunk === undefined) continue;
    await files.json(`${folder}/chunk-${number}.json`, chunk);
    for (const id of blobsOf(chunk)) await writeBlob(id);
  }
  if (head.patch !== null && 'blob' in head.patch) await writeBlob(head.patch.blob);
  // The version of a file says when it was written, which may not differ between equal bundles.
  await files.json(`${folder}/head.json`, { ...named(head), version: 'bundle', open: false });

  async function writeBlob(id: string): Promise<void> {
    const blob = await source.blob(id);
    if (blob !== undefined) await files.stream(`${folder}/blob/${id}.txt`, blob);
  }
}

function blobsOf({ turns }: TurnChunk): string[] {
  return turns.flatMap(({ parts }) => parts.flatMap(({ body }) => ('blob' in body ? [body.blob] : [])));
}
