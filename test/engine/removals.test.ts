import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { dockerEngine } from '../../activities/engine/docker-engine.ts';

it('asks the engine to remove a few containers at a time, however many are to go', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tracemill-engine-'));
  const socketPath = join(folder, 'engine.sock');
  let busy = 0;
  let most = 0;
  const removed = new Set<string>();
  const server = createServer((request, response) => {
    busy += 1;
    most = Math.max(most, busy);
    void sleep(5).then(() => {
      busy -= 1;
      removed.add(request.url ?? '');
      response.writeHead(204).end();
    });
  }).listen(socketPath);
  await once(server, 'listening');
  try {
    const engine = dockerEngine({ socketPath });
    await Promise.all(Array.from({ length: 100 }, (_, index) => engine.container(`c${index}`).remove()));
    expect(removed.size).toBe(100);
    expect(most).toBe(8);
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
