import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import Docker from 'dockerode';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { type BackgroundProcess, isAlive, logTail, startBackground, stopBackground } from '../../platform/background-process.ts';
import { installPackages } from './debian.ts';
import { findProgram, isRoot, runCommand } from './system-command.ts';

/** Name of the record and log of an engine that the bootstrap started. */
export const engineProcess = 'engine';

/** Makes sure that a container engine answers at DOCKER_HOST or the default socket; installs and starts one if not. */
export async function ensureEngine(): Promise<string> {
  const docker = new Docker();
  const version = await engineVersion(docker);
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
  await startInstalledEngine(docker);
  return `Docker ${(await engineVersion(docker)) ?? ''} ${installed ? 'installed and started' : 'started'}`;
}

/** The version of the engine, or undefined when none answers within two seconds. */
export async function engineVersion(docker: Docker): Promise<string | undefined> {
  try {
    const answer = await Promise.race([docker.version(), delay(2_000, undefined, { ref: false })]);
    return answer?.Version;
  } catch {
    return undefined;
  }
}

async function startInstalledEngine(docker: Docker): Promise<void> {
  if (existsSync('/run/systemd/system')) {
    const hint = 'see "journalctl -u docker"';
    await runCommand('systemctl', ['start', 'docker'], { purpose: 'container engine', hint });
    if (await answersWithin(docker, 30_000, () => true)) return;
    throw new Problem('engine_not_started', 'systemd started docker, but it does not answer', { hint });
  }
  await startEngine({ docker, args: [] });
}

export interface EngineStart {
  /** A client of the socket that the engine will listen on. */
  docker: Docker;
  /** For dockerd, beyond its defaults. */
  args: string[];
  /** Of its record and log. */
  name?: string;
}

/**
 * Starts `dockerd` by hand, in the background, recorded so that `tracemill down --engine` can stop it. A kernel without
 * the netfilter parts it wants gets a second try without networks: sandboxes have none anyway.
 * Throws `Problem` engine_not_started with the end of its log.
 */
export async function startEngine({ docker, args, name = engineProcess }: EngineStart): Promise<BackgroundProcess> {
  const dockerd = findProgram('dockerd');
  if (dockerd === undefined) throw new Problem('engine_not_started', 'there is no dockerd to start', { hint: 'apt-get install docker.io' });
  let log = '';
  for (const fallback of [[], ['--iptables=false', '--bridge=none']]) {
    const engine = await startBackground({ name, command: [dockerd, ...args, ...fallback] });
    if (await answersWithin(docker, 60_000, () => isAlive(engine))) return engine;
    await stopBackground(engine);
    log = logTail(engine.log);
    if (!/iptables|nf_tables|bridge/i.test(log)) break;
  }
  throw new Problem('engine_not_started', `dockerd does not stay up:\n${log}`, {
    hint: 'a container engine needs cgroups and mounts; inside a container it must be started with --privileged',
  });
}

async function answersWithin(docker: Docker, timeoutMs: number, lives: () => boolean): Promise<boolean> {
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline && lives(); await delay(100)) {
    if ((await engineVersion(docker)) !== undefined) return true;
  }
  return false;
}

/** Whether the error says that the engine has no such thing (404). */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === 404;
}

/** The image's labels, or undefined when there is no such image. */
export async function imageLabels(docker: Docker, image: string): Promise<Record<string, string> | undefined> {
  try {
    const { Config } = await docker.getImage(image).inspect();
    return Config.Labels ?? {};
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new Problem('engine_unreachable', `the container engine does not answer: ${messageOf(error)}`, { cause: error });
  }
}
