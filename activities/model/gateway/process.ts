import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EnvHttpProxyAgent, install, setGlobalDispatcher } from 'undici';
import { forgetBackground, recordBackground } from '../../../platform/background-process.ts';
import { home, paths } from '../../../platform/home.ts';
import { withLock } from '../../../platform/lock.ts';
import { createLogger } from '../../../platform/logger.ts';
import { Redactor } from '../../../platform/redactor.ts';
import { Problem, messageOf } from '../../../schemas/problem.ts';
import { fingerprint } from './fingerprint.ts';
import { Gateway, defaultKeep } from './gateway.ts';
import { gatewaySocket, leaveSocketFolder } from './socket-path.ts';

const name = 'gateway';

/** The gateway's own process: `node process.ts IDLE_SECONDS`, detached from the worker that starts it. */
async function main(idleSeconds: number): Promise<void> {
  // The process that launched it made the home; without a home there is nothing to serve.
  if (!existsSync(home())) return;
  prepareHttp();
  try {
    await withLock(name, () => serve(idleSeconds), { timeoutMs: 0 });
  } catch (error) {
    // Two workers started one at the same time; the other one serves.
    if (!(error instanceof Problem && error.code === 'lock_timeout')) throw error;
  }
}

async function serve(idleSeconds: number): Promise<void> {
  const redactor = new Redactor();
  const logger = createLogger({ part: name, write: (line) => void process.stderr.write(redactor.redact(line)) });
  const socket = gatewaySocket(home());
  const gateway = new Gateway({
    fingerprint: fingerprint(),
    socket,
    idleMs: idleSeconds * 1000,
    keep: defaultKeep,
    redactor,
    log: (event, fields) => logger.info(fields, event),
  });
  process.once('SIGTERM', () => gateway.retire());
  process.once('SIGINT', () => gateway.end('SIGINT'));
  process.on('unhandledRejection', (error) => logger.error(messageOf(error)));
  await gateway.listen();
  const log = join(paths.logs(), 'gateway.log');
  recordBackground({ name, pid: process.pid, command: process.argv, log, details: { socket, finishes: true } });
  await gateway.ended;
  leaveSocketFolder(socket);
  forgetBackground(name);
}

/**
 * Node's own fetch gives up on a silent server after five minutes and opens as many connections as it is asked
 * for; the session watches silence itself and the lanes bound what is in flight.
 */
function prepareHttp(): void {
  install();
  const environment = process.env['NO_PROXY'] ?? process.env['no_proxy'] ?? '';
  const noProxy = [environment, 'localhost', '127.0.0.1', '::1'].filter((hosts) => hosts !== '').join(',');
  setGlobalDispatcher(
    new EnvHttpProxyAgent({
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: 30_000,
      connections: 4096,
      connect: { timeout: 20_000 },
      noProxy,
    }),
  );
}

await main(Number(process.argv[2] ?? 600));
process.exit(0);
