import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Connection } from '@temporalio/client';
import { messageOf, Problem } from '../schemas/problem.ts';
import { isAlive, listBackground } from '../platform/background-process.ts';
import { engineProcess, engineVersion } from './bootstrap/engine.ts';
import { imageState, minimalImage, toolchainImage } from './bootstrap/images.ts';
import { findTemporalCli } from './bootstrap/temporal-cli.ts';
import { home, projectRoot } from '../platform/home.ts';
import { withConnection } from '../platform/temporal/connect.ts';
import { knownServer, temporalProcess } from '../platform/temporal/known-server.ts';
import { describeServer, type TemporalServer } from '../platform/temporal/server.ts';
import { temporalSettings } from '../platform/temporal/settings.ts';
import { missingSearchAttributes, retentionDays, wantedRetentionDays } from './temporal-namespace.ts';

/** The state of one part. `missing`: Tracemill does not work without it. `warning`: it works, less well or not for long. */
export interface Check {
  part: string;
  state: 'ok' | 'warning' | 'missing';
  detail: string;
  /** What to do, where there is something to do. */
  fix?: string;
}

const bootstrap = 'sh infra/run.sh all';

/** Looks at every part. Changes nothing, and never throws: what cannot be seen is reported as missing. */
export async function examine(): Promise<Check[]> {
  const { cli, server } = temporal();
  const [packageChecks, serverChecks, container] = await Promise.all([packages(), server, engine()]);
  return [...node(), ...packageChecks, ...cli, ...serverChecks, ...container, ...disk(), ...homeFolder(), ...background()];
}

function node(): Check[] {
  return [{ part: 'node', state: 'ok', detail: `${process.version}, ${process.execPath}` }];
}

async function packages(): Promise<Check[]> {
  try {
    await promisify(execFile)(process.execPath, [join(projectRoot, 'infra/packages.mjs'), '--check']);
    return [{ part: 'packages', state: 'ok', detail: 'as in the lockfile' }];
  } catch (error) {
    const names = error instanceof Error && 'stdout' in error ? String(error.stdout).trim().split('\n') : [];
    return [{ part: 'packages', state: 'missing', detail: `not as in the lockfile: ${names.join(', ')}`, fix: 'npm ci' }];
  }
}

function temporal(): { cli: Check[]; server: Promise<Check[]> } {
  try {
    const { server } = temporalSettings();
    return { cli: [temporalCli(server)], server: temporalServer(knownServer()) };
  } catch (error) {
    const check: Check = { part: 'temporal', state: 'missing', detail: messageOf(error), fix: hintOf(error) ?? 'check TEMPORAL_*' };
    return { cli: [], server: Promise.resolve([check]) };
  }
}

function temporalCli(configured: TemporalServer | undefined): Check {
  const part = 'temporal cli';
  if (configured !== undefined) return { part, state: 'ok', detail: `not needed: ${configured.namedBy ?? ''} names a server` };
  const cli = findTemporalCli();
  return cli === undefined
    ? { part, state: 'missing', detail: 'none on PATH, none fetched', fix: 'tracemill up' }
    : { part, state: 'ok', detail: cli };
}

async function temporalServer(server: TemporalServer | undefined): Promise<Check[]> {
  const part = 'temporal';
  if (server === undefined) return [{ part, state: 'missing', detail: 'no server was started in this home', fix: 'tracemill up' }];
  try {
    return await withConnection(
      server,
      async (connection) => {
        const days = await retentionDays(connection, server.namespace);
        const attributes = await searchAttributesOf(connection, server.namespace);
        const from = server.namedBy === undefined ? '' : `, by ${server.namedBy}`;
        return [{ part, state: 'ok', detail: `${describeServer(server)}${from}` }, retention(server, days), attributes];
      },
      3_000,
    );
  } catch (error) {
    return [{ part, state: 'missing', detail: messageOf(error), fix: hintOf(error)?.replace(/^run: /, '') ?? 'tracemill up' }];
  }
}

function retention({ namedBy, namespace }: TemporalServer, days: number): Check {
  const part = 'retention';
  if (days >= wantedRetentionDays) return { part, state: 'ok', detail: `${days} days` };
  const fix =
    namedBy === undefined
      ? 'tracemill up'
      : `temporal operator namespace update --retention ${wantedRetentionDays}d --namespace ${namespace}`;
  return { part, state: 'warning', detail: `closed workflows are kept ${days} days`, fix: `keep them ${wantedRetentionDays} days: ${fix}` };
}

async function searchAttributesOf(connection: Connection, namespace: string): Promise<Check> {
  const part = 'attributes';
  try {
    const missing = await missingSearchAttributes(connection, namespace);
    if (missing.length === 0) return { part, state: 'ok', detail: 'search attributes are registered' };
    return { part, state: 'missing', detail: `not registered: ${missing.join(', ')}`, fix: 'tracemill up' };
  } catch (error) {
    if (!(error instanceof Problem) || error.hint === undefined) throw error;
    return { part, state: 'warning', detail: error.message, fix: error.hint };
  }
}

function hintOf(error: unknown): string | undefined {
  return error instanceof Problem ? error.hint : undefined;
}

async function engine(): Promise<Check[]> {
  const { dockerEngine } = await import('../activities/engine/docker-engine.ts');
  const client = dockerEngine();
  const version = await engineVersion(client);
  if (version === undefined)
    return [{ part: 'engine', state: 'missing', detail: 'no container engine answers', fix: `${bootstrap}, or set DOCKER_HOST` }];
  const { toolchain, minimal } = await imageState(client);
  const image = (name: string, there: boolean): Check =>
    there
      ? { part: 'image', state: 'ok', detail: name }
      : { part: 'image', state: 'warning', detail: `${name} is not there: demo and tests need it`, fix: bootstrap };
  return [{ part: 'engine', state: 'ok', detail: `Docker ${version}` }, image(toolchainImage, toolchain), image(minimalImage, minimal)];
}

function disk(): Check[] {
  const { bavail, bsize } = statfsSync(projectRoot);
  const free = (bavail * bsize) / 1e9;
  const check = { part: 'disk', detail: `${free.toFixed(0)} GB free` };
  if (free >= 20) return [{ ...check, state: 'ok' }];
  return [
    {
      ...check,
      state: free < 2 ? 'missing' : 'warning',
      fix: 'free some space: images of real tasks take gigabytes; see docker system df',
    },
  ];
}

function homeFolder(): Check[] {
  const probe = join(home(), `probe-${process.pid}`);
  try {
    mkdirSync(home(), { recursive: true });
    writeFileSync(probe, '');
    rmSync(probe);
    return [{ part: 'home', state: 'ok', detail: home() }];
  } catch (error) {
    return [
      { part: 'home', state: 'missing', detail: messageOf(error), fix: 'make it writable, or set TRACEMILL_HOME to a folder that is' },
    ];
  }
}

/** Workers and the model gateway are started when they are needed. None running is no fault; a dead one is reported. */
function background(): Check[] {
  return listBackground()
    .filter(({ name }) => name !== temporalProcess && name !== engineProcess)
    .map((entry) => {
      const where = `pid ${entry.pid}, log ${entry.log}`;
      return isAlive(entry)
        ? { part: entry.name, state: 'ok', detail: where }
        : {
            part: entry.name,
            state: 'warning',
            detail: `ended; was ${where}`,
            fix: `start it again: tracemill ${entry.name.split('-')[0] ?? ''}`,
          };
    });
}
