import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../schemas/problem.ts';
import { isAlive, logTail, readBackground, startBackground, type BackgroundProcess } from '../platform/background-process.ts';
import { step } from './bootstrap/progress.ts';
import { ensureTemporalCli, findTemporalCli } from './bootstrap/temporal-cli.ts';
import { runCommand } from './bootstrap/system-command.ts';
import { freePort } from '../platform/free-port.ts';
import { paths } from '../platform/home.ts';
import { withLock } from '../platform/lock.ts';
import { withConnection } from '../platform/temporal/connect.ts';
import { devServer, temporalProcess } from '../platform/temporal/known-server.ts';
import type { TemporalServer } from '../platform/temporal/server.ts';
import { temporalSettings } from '../platform/temporal/settings.ts';
import { searchAttributes } from '../workflows/contract/search-attributes.ts';
import { ensureNamespace, ensureSearchAttributes, raiseRetention, retentionDays } from './temporal-namespace.ts';

export interface EnsuredTemporal extends TemporalServer {
  /** False when it was running already, or is another's (TEMPORAL_ADDRESS or a profile). */
  started: boolean;
  /** Of the web UI, when it was asked for. */
  ui?: string;
}

/**
 * A Temporal server that is up, with the namespace's search attributes registered. Where the settings (`TEMPORAL_*`, profile)
 * name one, that one: its owner sets namespace and retention. Otherwise a dev server in this home, with retention at 30 days,
 * started unless it runs, on the file and port of its last time; fetches its CLI where there is none. Safe to call from
 * several processes at once.
 * Throws the `Problem`s of {@link withConnection}, bad_temporal_settings, temporal_not_started or temporal_cli_missing.
 */
export async function ensureTemporal(options: { uiPort?: number } = {}): Promise<EnsuredTemporal> {
  const { server, namespace } = temporalSettings();
  if (server !== undefined) {
    await withConnection(server, async (connection) => {
      // Asked for what it throws: a namespace that is not there, a key that is refused.
      await retentionDays(connection, namespace);
      await ensureSearchAttributes(connection, namespace);
    });
    return { ...server, started: false };
  }
  return await withLock('temporal', () => ensureDevServer(namespace, options));
}

async function ensureDevServer(namespace: string, { uiPort }: { uiPort?: number }): Promise<EnsuredTemporal> {
  const last = readBackground(temporalProcess);
  const running = last !== undefined && isAlive(last);
  const record = running ? last : await startDevServer(namespace, last, uiPort);
  const server = devServer(record, namespace);
  await waitUntilHealthy(record);
  await withConnection(server, async (connection) => {
    await ensureNamespace(connection, namespace);
    await raiseRetention(connection, namespace);
    await ensureSearchAttributes(connection, namespace);
  });
  const ui = record.details['ui'];
  if (running && uiPort !== undefined && ui === undefined) {
    throw new Problem('temporal_without_ui', 'the Temporal server runs already, without its web UI', {
      hint: `run: tracemill down && tracemill up --ui-port ${uiPort}`,
    });
  }
  return { ...server, started: !running, ...(ui === undefined ? {} : { ui: String(ui) }) };
}

async function startDevServer(
  namespace: string,
  last: BackgroundProcess | undefined,
  uiPort: number | undefined,
): Promise<BackgroundProcess> {
  const cli = await bringTemporalCli();
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
  const settings = ['--namespace', namespace, ...dynamic.flatMap((value) => ['--dynamic-config-value', value]), '--log-level', 'warn'];
  return await startBackground({
    name: temporalProcess,
    command: [cli, 'server', 'start-dev', ...listen, ...web, ...storage, ...attributes, ...settings],
    details: { address: `127.0.0.1:${port}`, port, database, ...(uiPort === undefined ? {} : { ui: `http://127.0.0.1:${uiPort}` }) },
  });
}

/** Fetches the CLI for a home that was never bootstrapped. */
async function bringTemporalCli(): Promise<string> {
  if (findTemporalCli() === undefined) await step('temporal', ensureTemporalCli);
  const cli = findTemporalCli();
  if (cli !== undefined) return cli;
  throw new Problem('temporal_cli_missing', 'there is no Temporal CLI to start a server with', { hint: 'put a "temporal" on PATH' });
}

async function waitUntilHealthy(record: BackgroundProcess): Promise<void> {
  const server = devServer(record, 'default');
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline && isAlive(record)) {
    const healthy = await withConnection(server, (connection) => retentionDays(connection, 'default'), 1_000).then(
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
