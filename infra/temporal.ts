import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Connection, Connection as TemporalConnection } from '@temporalio/client';
import { Problem } from '../schemas/problem.ts';
import { isAlive, logTail, readBackground, startBackground, type BackgroundProcess } from '../platform/background-process.ts';
import { findTemporalCli } from './bootstrap/temporal-cli.ts';
import { runCommand } from './bootstrap/system-command.ts';
import { freePort } from '../platform/free-port.ts';
import { paths } from '../platform/home.ts';
import { withLock } from '../platform/lock.ts';
import { searchAttributes } from '../workflows/contract/search-attributes.ts';
import { ensureSearchAttributes, raiseRetention, retentionDays } from './temporal-namespace.ts';
import { temporalProcess } from './temporal-process.ts';

export interface TemporalServer {
  /** host:port */
  address: string;
  namespace: string;
}

export interface EnsuredTemporal extends TemporalServer {
  /** False when it was running already, or is another's (TEMPORAL_ADDRESS). */
  started: boolean;
  /** Of the web UI, when it was asked for. */
  ui?: string;
}

/**
 * A Temporal server that is up, with the namespace's search attributes registered and its retention at 30 days. That of
 * TEMPORAL_ADDRESS, whose retention is its owner's affair; otherwise a dev server in this home, started unless it runs,
 * on the file and port of its last time. Safe to call from several processes at once.
 * Throws `Problem` temporal_unreachable, temporal_not_started or temporal_cli_missing.
 */
export async function ensureTemporal(options: { uiPort?: number } = {}): Promise<EnsuredTemporal> {
  const outside = serverOfEnvironment();
  if (outside !== undefined) {
    await withConnection(outside, (connection) => ensureSearchAttributes(connection, outside.namespace));
    return { ...outside, started: false };
  }
  return await withLock('temporal', () => ensureDevServer(options));
}

/** Which server this is about, without starting one; undefined when the home has no dev server yet. */
export function knownTemporal(): TemporalServer | undefined {
  const outside = serverOfEnvironment();
  if (outside !== undefined) return outside;
  const record = readBackground(temporalProcess);
  return record === undefined ? undefined : serverOf(record);
}

/** Connects, does the work, closes. Throws `Problem` temporal_unreachable when there is no answer within `timeoutMs`. */
export async function withConnection<T>(
  server: TemporalServer,
  work: (connection: Connection) => Promise<T>,
  timeoutMs = 10_000,
): Promise<T> {
  const connection = await connect(server, timeoutMs).catch((cause: unknown) => {
    throw new Problem('temporal_unreachable', `no Temporal server answers at ${server.address}`, {
      cause,
      hint: serverOfEnvironment() === undefined ? 'run: tracemill up' : 'check TEMPORAL_ADDRESS and TEMPORAL_API_KEY',
    });
  });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

async function connect({ address }: TemporalServer, timeoutMs: number): Promise<Connection> {
  // gRPC tries a refused connection again until its time is up; a plain socket tells at once.
  await reach(address, timeoutMs);
  const apiKey = process.env['TEMPORAL_API_KEY'];
  return await TemporalConnection.connect({ address, connectTimeout: timeoutMs, ...(apiKey === undefined ? {} : { apiKey, tls: true }) });
}

async function reach(address: string, timeoutMs: number): Promise<void> {
  const separator = address.lastIndexOf(':');
  const socket = createConnection({
    host: address.slice(0, separator).replace(/^\[|\]$/g, ''),
    port: Number(address.slice(separator + 1)),
  });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(timeoutMs) });
  } finally {
    socket.destroy();
  }
}

function serverOfEnvironment(): TemporalServer | undefined {
  const address = process.env['TEMPORAL_ADDRESS'];
  return address === undefined ? undefined : { address, namespace: namespaceInUse() };
}

function serverOf(record: BackgroundProcess): TemporalServer {
  return { address: String(record.details['address']), namespace: namespaceInUse() };
}

function namespaceInUse(): string {
  return process.env['TEMPORAL_NAMESPACE'] ?? 'default';
}

async function ensureDevServer({ uiPort }: { uiPort?: number }): Promise<EnsuredTemporal> {
  const last = readBackground(temporalProcess);
  const running = last !== undefined && isAlive(last);
  const record = running ? last : await startDevServer(last, uiPort);
  const server = serverOf(record);
  await waitUntilHealthy(record);
  await withConnection(server, async (connection) => {
    await raiseRetention(connection, server.namespace);
    await ensureSearchAttributes(connection, server.namespace);
  });
  const ui = record.details['ui'];
  if (running && uiPort !== undefined && ui === undefined) {
    throw new Problem('temporal_without_ui', 'the Temporal server runs already, without its web UI', {
      hint: `run: tracemill down && tracemill up --ui-port ${uiPort}`,
    });
  }
  return { ...server, started: !running, ...(ui === undefined ? {} : { ui: String(ui) }) };
}

async function startDevServer(last: BackgroundProcess | undefined, uiPort: number | undefined): Promise<BackgroundProcess> {
  const cli = findTemporalCli();
  if (cli === undefined) {
    throw new Problem('temporal_cli_missing', 'there is no Temporal CLI to start a server with', { hint: 'run: sh infra/run.sh all' });
  }
  const version = await runCommand(cli, ['--version'], { purpose: 'Temporal CLI' });
  mkdirSync(paths.state(), { recursive: true });
  // The file's schema is never migrated: a server of another version starts a file of its own.
  const database = join(paths.state(), `temporal-${/Server ([\d.]+)/.exec(version)?.[1] ?? 'unknown'}.sqlite`);
  const port = await freePort(Number(last?.details['port'] ?? 0));
  const listen = ['--ip', '127.0.0.1', '--port', String(port)];
  const web = uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort), '--ui-disable-news-fetch'];
  const storage = ['--db-filename', database, '--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=1'];
  const attributes = Object.entries(searchAttributes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]);
  // Without the second one a removed campaign stays in the server for up to a minute.
  const dynamic = ['matching.enableFairness=true', 'history.transferProcessorEnsureCloseBeforeDelete=false'];
  const settings = [
    '--namespace',
    namespaceInUse(),
    ...dynamic.flatMap((value) => ['--dynamic-config-value', value]),
    '--log-level',
    'warn',
  ];
  return await startBackground({
    name: temporalProcess,
    command: [cli, 'server', 'start-dev', ...listen, ...web, ...storage, ...attributes, ...settings],
    details: { address: `127.0.0.1:${port}`, port, database, ...(uiPort === undefined ? {} : { ui: `http://127.0.0.1:${uiPort}` }) },
  });
}

async function waitUntilHealthy(record: BackgroundProcess): Promise<void> {
  const server = serverOf(record);
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline && isAlive(record)) {
    const healthy = await withConnection(server, (connection) => retentionDays(connection, server.namespace), 1_000).then(
      () => true,
      () => false,
    );
    if (healthy) return;
    await delay(100);
  }
  throw new Problem('temporal_not_started', `the Temporal server does not come up:\n${logTail(record.log)}`, {
    hint: `see ${record.log}`,
  });
}
