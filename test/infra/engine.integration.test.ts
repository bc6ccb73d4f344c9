import { once } from 'node:events';
import { createServer } from 'node:http';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dockerEngine } from '../../activities/engine/docker-engine.ts';
import { isAlive, readBackground } from '../../platform/background-process.ts';
import { ensureEngine, engineVersion, startEngine } from '../../infra/bootstrap/engine.ts';
import { ensureImages, minimalImage } from '../../infra/bootstrap/images.ts';
import { findProgram, isRoot } from '../../infra/bootstrap/system-command.ts';
import { stopAll } from '../../infra/stop-all.ts';

let home: string;
/** Of the engine that runs on this machine. */
const bridge = '/sys/class/net/docker0';

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tracemill-engine-'));
  vi.stubEnv('TRACEMILL_HOME', home);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

describe('the container engine', () => {
  it('that answers is used, with the base images it has', async () => {
    expect(await ensureEngine()).toMatch(/^Docker .+ answers$/);
    expect(await ensureImages()).toContain(minimalImage);
    expect(readBackground('engine')).toBeUndefined();
  });

  it('that takes long to answer is used, not taken for one that is not there', async () => {
    const socket = join(home, 'busy.sock');
    const server = createServer((_request, response) => {
      setTimeout(() => response.setHeader('content-type', 'application/json').end('{"Version":"9.9"}'), 3000);
    }).listen(socket);
    await once(server, 'listening');
    try {
      vi.stubEnv('DOCKER_HOST', `unix://${socket}`);
      expect(await ensureEngine()).toBe('Docker 9.9 answers');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('of a DOCKER_HOST where nobody answers is an error, not a reason to start another', async () => {
    vi.stubEnv('DOCKER_HOST', `unix://${home}/nobody.sock`);
    await expect(ensureEngine()).rejects.toMatchObject({ code: 'engine_unreachable', hint: expect.stringContaining('DOCKER_HOST') });
    expect(existsSync(join(home, 'run', 'engine.json'))).toBe(false);
  });

  it.runIf(isRoot() && findProgram('dockerd') !== undefined)('is started by hand, recorded, and stopped only on demand', async () => {
    const socketPath = join(home, 'd.sock');
    const client = dockerEngine({ socketPath });
    const folders = ['--data-root', join(home, 'data'), '--exec-root', join(home, 'exec'), '--pidfile', join(home, 'd.pid')];
    // Without a bridge of its own it would take away that of the machine's engine.
    const hadBridge = existsSync(bridge);
    const engine = await startEngine({
      client,
      args: ['-H', `unix://${socketPath}`, ...folders, '--iptables=false', '--bridge=none'],
      through: ['unshare', '--net'],
    });
    try {
      expect(existsSync(bridge)).toBe(hadBridge);
      expect(await engineVersion(client)).toBeDefined();
      expect(readBackground('engine')).toEqual(engine);
      expect(await stopAll({ engine: false })).toEqual([]);
    } finally {
      await stopAll({ engine: true });
    }
    expect(isAlive(engine)).toBe(false);
    expect(await engineVersion(client)).toBeUndefined();
  });

  it.runIf(isRoot() && findProgram('dockerd') !== undefined)('that cannot start says why', async () => {
    const client = dockerEngine({ socketPath: join(home, 'd.sock') });
    await expect(startEngine({ client, args: ['--no-such-option'] })).rejects.toMatchObject({
      code: 'engine_not_started',
      message: expect.stringContaining('no-such-option'),
    });
  });
});
