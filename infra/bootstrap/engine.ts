import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { dockerEngine } from '../../activities/engine/docker-engine.ts';
import type { Engine } from '../../activities/engine/engine.ts';
import { Problem } from '../../schemas/problem.ts';
import { type BackgroundProcess, isAlive, logTail, startBackground, stopBackground } from '../../platform/background-process.ts';
import { resolvesWithin } from '../../platform/waiting.ts';
import { installPackages } from './debian.ts';
import { findProgram, isRoot, runCommand } from './system-command.ts';

/** How long an engine that takes connections may take to answer, in milliseconds. */
const busyMs = 60_000;

/** Name of the record and log of an engine that the bootstrap started. */
export const engineProcess = 'engine';

/** Makes sure that a container engine answers at DOCKER_HOST or the default socket; installs and starts one if not. */
export async function ensureEngine(): Promise<string> {
  const client = dockerEngine();
  const version = (await engineVersion(client)) ?? (await busyEngineVersion(client));
  if (version !== undefined) return `Docker ${version} answers`;
  if (process.env['DOCKER_HOST'] !== undefined) {
    throw new Problem('engine_unreachable', `no container engine answers at DOCKER_HOST (${process.env['DOCKER_HOST']})`, {
      hint: 'start that engine, or unset DOCKER_HOST to use the default socket',
    });
  }
  if (!isRoot()) {
    throw new Problem('engine_unreachable', 'no container engine answers, and without root none can be installed or started', {
      hint: 'start Docker and join its group, set DOCKER_HOST, or run this as root on Debian or Ubuntu',
    });
  }
  const installed = findProgram('dockerd') === undefined;
  if (installed) await installPackages(['docker.io', 'iptables'], 'container engine');
  await startInstalledEngine(client);
  return `Docker ${(await engineVersion(client)) ?? ''} ${installed ? 'installed and started' : 'started'}`;
}

/** The version of the engine, or undefined when none answers in time. */
export async function engineVersion(client: Engine, patienceMs = 2_000): Promise<string | undefined> {
  try {
    const version = client.version();
    return (await resolvesWithin(version, patienceMs)) ? await version : undefined;
  } catch {
    return undefined;
  }
}

/** On a loaded machine an engine may take long to answer: one that takes connections is there, and another cannot be started. */
async function busyEngineVersion(client: Engine): Promise<string | undefined> {
  const version = client.version().catch(() => undefined);
  return (await resolvesWithin(version, busyMs)) ? await version : undefined;
}

async function startInstalledEngine(client: Engine): Promise<void> {
  if (existsSync('/run/systemd/system')) {
    const hint = 'see "journalctl -u docker"';
    await runCommand('systemctl', ['start', 'docker'], { purpose: 'container engine', hint });
    if (await answersWithin(client, 30_000, () => true)) return;
    throw new Problem('engine_not_started', 'systemd started docker, but it does not answer', { hint });
  }
  await startEngine({ client, args: [] });
}

export interface EngineStart {
  /** A client of the socket that the engine will listen on. */
  client: Engine;
  /** For dockerd, beyond its defaults. */
  args: string[];
  /** What dockerd is run through, such as a program that gives it a network of its own; it has to become dockerd. */
  through?: string[];
  /** Of its record and log. */
  name?: string;
}

/**
 * Starts `dockerd` by hand, in the background, recorded so that `tracemill down --engine` can stop it. A kernel without
 * the netfilter parts it wants gets a second try without networks: sandboxes have none anyway.
 * Throws `Problem` engine_not_started with the end of its log.
 */
export async function startEngine({ client, args, through = [], name = engineProcess }: EngineStart): Promise<BackgroundProcess> {
  const dockerd = findProgram('dockerd');
  if (dockerd === undefined) throw new Problem('engine_not_started', 'there is no dockerd to start', { hint: 'apt-get install docker.io' });
  let log = '';
  for (const fallback of [[], ['--iptables=false', '--bridge=none']]) {
    const engine = await startBackground({ name, command: [...through, dockerd, ...args, ...fallback] });
    if (await answersWithin(client, 60_000, () => isAlive(engine))) return engine;
    await stopBackground(engine);
    log = logTail(engine.log);
    if (!/iptables|nf_tables|bridge/i.test(log)) break;
  }
  throw new Problem('engine_not_started', `dockerd does not stay up:\n${log}`, {
    hint: 'a container engine needs cgroups and mounts; inside a container it must be started with --privileged',
  });
}

async function answersWithin(client: Engine, timeoutMs: number, lives: () => boolean): Promise<boolean> {
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline && lives(); await delay(100)) {
    if ((await engineVersion(client)) !== undefined) return true;
  }
  return false;
}
