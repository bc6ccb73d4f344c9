import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../platform/free-port.ts';

export const user = { username: 'mill', password: 's3cret-word' };
/** That password by bcrypt. */
const passwords = 'mill:$2b$04$MRSnwXOBlJayxeydUD87H.Z0VtzxNfmkt5srIFIYDoLLX6mIiKC36\n';

export interface Registry {
  /** `127.0.0.1:PORT`, which engines reach without TLS. */
  host: string;
  stop(): Promise<void>;
}

/** Debian's registry: the one on PATH, else unpacked from its package into `folder`; undefined where neither can be had. */
export function registryProgram(folder: string): string | undefined {
  try {
    execFileSync('docker-registry', ['--version'], { stdio: 'ignore' });
    return 'docker-registry';
  } catch {
    try {
      execFileSync('apt-get', ['download', '-q', 'docker-registry'], { cwd: folder, stdio: 'ignore', timeout: 60_000 });
      execFileSync('sh', ['-c', 'dpkg-deb -x docker-registry_*.deb .'], { cwd: folder, stdio: 'ignore' });
      return join(folder, 'usr/bin/docker-registry');
    } catch {
      return undefined;
    }
  }
}

/** A registry on loopback that knows one user and lets nobody else read or write. */
export async function startRegistry(program: string): Promise<Registry> {
  const folder = mkdtempSync(join(tmpdir(), 'tracemill-registry-'));
  const host = `127.0.0.1:${await freePort(0)}`;
  writeFileSync(join(folder, 'passwords'), passwords);
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({
      version: 0.1,
      log: { accesslog: { disabled: true }, level: 'error' },
      storage: { filesystem: { rootdirectory: join(folder, 'data') } },
      http: { addr: host },
      auth: { htpasswd: { realm: 'mill', path: join(folder, 'passwords') } },
    }),
  );
  const registry = spawn(program, ['serve', join(folder, 'config.json')], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => registry.once('close', () => resolve()));
  const stop = async () => {
    registry.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const answer = await fetch(`http://${host}/v2/`).catch(() => undefined);
    if (answer?.status === 401) return { host, stop };
    await delay(100);
  }
  await stop();
  throw new Error('the registry did not start');
}
