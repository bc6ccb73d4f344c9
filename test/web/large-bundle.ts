import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePageBundle } from '../../platform/page-bundle.ts';
import { writeBundle } from '../../web/server/bundle/write-bundle.ts';
import { openView } from '../../web/server/files/open-view.ts';
import { serveFolder } from './browser/static-server.ts';

/** A bundle of one run with so many turns and of one with a result of 50 MB, on a plain web server. */
export async function serveLargeBundle(folder: string, count: number): ReturnType<typeof serveFolder> {
  const path = join(folder, 'large.jsonl');
  const turns = Array.from({ length: count }, (_, number) => ({ role: 'assistant', content: `number ${number}` }));
  const called = { id: 'a', type: 'function', function: { name: 'bash', arguments: '{"command":"cat x"}' } };
  const result = [
    { role: 'assistant', content: '', tool_calls: [called] },
    { role: 'tool', tool_call_id: 'a', content: `<script>${'y'.repeat(50_000_000)}` },
  ];
  writeFileSync(path, [turns, result].map((messages, id) => `${JSON.stringify({ id: `run-${id}`, messages })}\n`).join(''));
  const view = await openView([path]);
  await view.read;
  const out = join(folder, 'large');
  await writeBundle({ source: view, paths: [path], pages: (await ensurePageBundle()).path, out, limits: { rows: 10, bytes: 1e9 } });
  await view.close();
  return await serveFolder(out);
}
