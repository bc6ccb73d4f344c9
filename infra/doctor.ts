import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '../schemas/problem.ts';
import { isAlive, listBackground } from '../platform/background-process.ts';
import { engineVersion } from './bootstrap/engine.ts';
import { imageState, minimalImage, toolchainImage } from './bootstrap/images.ts';
import { findTemporalCli } from './bootstrap/temporal-cli.ts';
import { home, projectRoot } from '../platform/home.ts';
import { knownTemporal, withConnection } from './temporal.ts';
import { missingSearchAttributes, retentionDays, wantedRetentionDays } from './temporal-namespace.ts';

/** The state of one part. `missing`: Tracemill does not work without it. `warning`: it works, less well or not for long. */
export interface Check {
  part: string;
  state: 'ok' | 'warning' | 'missing';
  detail: string;
  /** What to do; only where something is to be done. */
  fix?: string;
}

const bootstrap = 'sh infra/run.sh all';

/** Looks at every part. Changes nothing, and never throws: what cannot be seen is reported as missing. */
export async function examine(): Promise<Check[]> {
  const [packageChecks, temporal, container] = await Promise.all([packages(), temporalServer(), engine()]);
  return [...node(), ...packageChecks, ...temporalCli(), ...temporal, ...container, ...disk(), ...homeFolder(), ...background()];
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

function temporalCli(): Check[] {
  const part = 'temporal cli';
  if (process.env['TEMPORAL_ADDRESS'] !== undefined) return [{ part, state: 'ok', detail: 'not needed: TEMPORAL_ADDRESS is set' }];
  const cli = findTemporalCli();
  return [
    cli === undefined
      ? { part, state: 'missing', detail: 'none on PATH, none fetched', fix: bootstrap }
      : { part, state: 'ok', detail: cli },
  ];
}

async function temporalServer(): Promise<Check[]> {
  const server = knownTemporal();
  const part = 'temporal';
  if (server === undefined) return [{ part, state: 'missing', detail: 'no server was started in this home', fix: 'tracemill up' }];
  try {
    return await withConnection(
      server,
      async (connection) => {
        const days = await retentionDays(connection, server.namespace);
        const missing = await missingSearchAttributes(connection, server.namespace);
        return [
          { part, state: 'ok', detail: `${server.address}, namespace ${server.namespace}` },
          days >= wantedRetentionDays
            ? { part: 'retention', state: 'ok', detail: `${days} days` }
            : {
                part: 'retention',
                state: 'warning',
                detail: `closed workflows are kept ${days} days`,
                fix: `keep them ${wantedRetentionDays} days: tracemill up`,
              },
          missing.length === 0
            ? { part: 'attributes', state: 'ok', detail: 'search attributes are registered' }
            : { part: 'attributes', state: 'missing', detail: `not registered: ${missing.join(', ')}`, fix: 'tracemill up' },
        ];
      },
      3_000,
    );
  } catch (error) {
    const fix =
      process.env['TEMPORAL_ADDRESS'] === undefined ? 'tracemill up' : 'check TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and TEMPORAL_API_KEY';
    return [{ part, state: 'missing', detail: messageOf(error), fix }];
  }
}

async function engine(): Promise<Check[]> {
  const { default: Docker } = await import('dockerode');
  const docker = new Docker();
  const version = await engineVersion(docker);
  if (version === undefined)
    return [{ part: 'engine', state: 'missing', detail: 'no container engine answers', fix: `${bootstrap}, or set DOCKER_HOST` }];
  const { toolchain, minimal } = await imageState(docker);
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

/** Workers and the model gateway are started when they are wanted: that none runs is no fault; a dead one is told. */
function background(): Check[] {
  return listBackground()
    .filter(({ name }) => name !== 'temporal' && name !== 'engine')
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
