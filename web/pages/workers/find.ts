import type { TurnChunk } from '../../../schemas/transcript.ts';
import { type FindReply, type FindRequest, type Hit, mostHits } from '../text/find-messages.ts';
import { occurrences } from '../text/ranges.ts';

/** Looks through a whole run, chunk by chunk, beside the page: texts that are shown cut as a whole, too. */
let current = 0;

self.addEventListener('message', ({ data }: MessageEvent<FindRequest>) => {
  current = data.number;
  void search(data);
});

/** Chunks that are fetched at once. */
const atOnce = 6;

async function search({ number, base, chunks, first, wanted }: FindRequest): Promise<void> {
  let kept = 0;
  let failed: string | null = null;
  const coming: Promise<Hit[]>[] = [];
  for (let step = 0; step < chunks; step += 1) {
    for (let ahead = coming.length; ahead < Math.min(chunks, step + atOnce); ahead += 1) {
      const next = hitsIn(base, (first + ahead) % chunks, wanted);
      // Looked at below, in its turn.
      next.catch(() => undefined);
      coming.push(next);
    }
    const chunk = (first + step) % chunks;
    let hits: Hit[] = [];
    try {
      hits = (await coming[step]) ?? [];
    } catch (error) {
      failed = `part ${chunk + 1} of the run: ${error instanceof Error ? error.message : 'not read'}`;
    }
    if (number !== current) return;
    const room = hits.slice(0, mostHits - kept);
    kept += room.length;
    const more = kept >= mostHits;
    const last = step === chunks - 1 || more;
    if (room.length > 0 || last || step % 8 === 0) {
      const reply: FindReply = { number, hits: room, done: last && !more ? chunks : step + 1, of: chunks, failed, more };
      self.postMessage(reply);
    }
    if (more) return;
  }
}

async function hitsIn(base: string, chunk: number, wanted: string): Promise<Hit[]> {
  const { turns }: TurnChunk = await (await answer(`${base}chunk-${chunk}.json`)).json();
  const hits: Hit[] = [];
  for (const { seq, parts } of turns) {
    for (const [part, { body }] of parts.entries()) {
      const text = 'blob' in body ? await (await answer(`${base}blob/${body.blob}.txt`)).text() : body.text;
      for (const { start } of occurrences(text, wanted, mostHits)) hits.push({ seq, part, start });
    }
  }
  return hits;
}

async function answer(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return response;
}
