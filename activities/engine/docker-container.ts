import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { asked, engineErrorOf } from './docker-error.ts';
import { isConflict, isMissing } from './engine-error.ts';
import type { Confinement, Container, ContainerSpec, Exec } from './engine.ts';
import type { Slots } from '../../platform/slots.ts';
import { demultiplexer } from './multiplexed-stream.ts';

/** A container of the port, over a container of Docker's client. `removals` bounds how many are removed at a time. */
export function dockerContainer(container: Docker.Container, removals: Slots): Container {
  return {
    id: container.id,
    async start() {
      await asked(container.start());
    },
    async inspect() {
      const { Id, State, Config } = await asked(container.inspect());
      return {
        id: Id,
        running: State.Running,
        paused: State.Paused,
        status: State.Status,
        exitCode: State.ExitCode,
        outOfMemory: State.OOMKilled,
        labels: Config.Labels,
      };
    },
    async signal(name) {
      await asked(container.kill({ signal: name }));
    },
    async wait() {
      const { StatusCode }: { StatusCode: number } = await asked(container.wait());
      return StatusCode;
    },
    async remove() {
      try {
        await removals.run(() => asked(container.remove({ force: true, v: true })));
      } catch (error) {
        if (!isMissing(error) && !isConflict(error)) throw error;
      }
    },
    exec: (request) => startExec(container, request),
    readArchive: (path) => asked(container.getArchive({ path })),
    async writeArchive(archive, folder) {
      await asked(container.putArchive(archive, { path: folder }));
    },
    async commit({ name, changes, comment }) {
      const { Id }: { Id: string } = await asked(
        container.commit({
          ...(name !== undefined && repositoryAndTag(name)),
          changes: [...changes],
          ...(comment !== undefined && { comment }),
        }),
      );
      return Id;
    },
  };
}

/** A name as Docker's API takes it apart. */
export function repositoryAndTag(name: string): { repo: string; tag: string } {
  const colon = name.lastIndexOf(':');
  return { repo: name.slice(0, colon), tag: name.slice(colon + 1) };
}

/** What Docker is asked to create. */
export function creationOf(spec: ContainerSpec, { kernelHasIpv6 }: { kernelHasIpv6: boolean }): Docker.ContainerCreateOptions {
  const { name, image, entrypoint, command, workdir, user = '0', env, labels } = spec;
  return {
    ...(name !== undefined && { name }),
    Image: image,
    // An empty list would leave the image's own.
    ...(entrypoint !== undefined && { Entrypoint: entrypoint.length === 0 ? [''] : [...entrypoint] }),
    Cmd: [...command],
    ...(workdir !== undefined && { WorkingDir: workdir }),
    User: user,
    // Docker would name it by its id: another name in each container of one rollout, and none that resolves without a network.
    ...(spec.network === 'none' && { Hostname: ownName }),
    Env: [...(env ?? [])],
    Labels: { ...labels },
    Healthcheck: { Test: ['NONE'] },
    HostConfig: hostSettings(spec, kernelHasIpv6),
  };
}

const ownName = 'container';

function hostSettings({ network, confinement }: ContainerSpec, kernelHasIpv6: boolean): Docker.HostConfig {
  const mode = {
    ...(network !== 'engine' && { NetworkMode: network }),
    ...(network === 'none' && { ExtraHosts: [`${ownName}:127.0.0.1`] }),
    // Docker takes ::1 away there, though `localhost` stands for it too.
    ...(network === 'none' && kernelHasIpv6 && { Sysctls: { 'net.ipv6.conf.lo.disable_ipv6': '0' } }),
  };
  if (confinement === undefined) return mode;
  const { memoryBytes, cpus, pids, capabilities, memoryFolder } = confinement;
  return {
    ...mode,
    Memory: memoryBytes,
    // The same as Memory: no swap, so that a task cannot push the whole host into swapping.
    MemorySwap: memoryBytes,
    NanoCpus: Math.round(cpus * 1e9),
    PidsLimit: pids,
    CapDrop: ['ALL'],
    CapAdd: [...capabilities],
    SecurityOpt: ['no-new-privileges'],
    LogConfig: { Type: 'none', Config: {} },
    Ulimits: [{ Name: 'core', Soft: 0, Hard: 0 }],
    Tmpfs: {
      [memoryFolder.path]: `rw,nosuid,nodev,noexec,${ownership(memoryFolder)},size=${memoryFolder.bytes},nr_inodes=${memoryFolder.files}`,
    },
  };
}

function ownership({ owner }: Confinement['memoryFolder']): string {
  return owner === undefined ? 'mode=0700' : `mode=0700,uid=${owner.uid},gid=${owner.gid}`;
}

async function startExec(container: Docker.Container, { command, env = [] }: Parameters<Container['exec']>[0]): Promise<Exec> {
  const streams = { AttachStdin: true, AttachStdout: true, AttachStderr: true };
  const exec = await asked(container.exec({ Cmd: [...command], Env: [...env], ...streams }));
  const stream = await asked(exec.start({ hijack: true, stdin: true }));
  // Without a listener a broken connection would end this process; the reader gets the error.
  stream.on('error', () => undefined);
  return {
    read: (onStdout, onStderr) => readOutputs(stream, onStdout, onStderr),
    write(data) {
      if (stream.writable) stream.write(data);
    },
    close() {
      stream.end();
      stream.destroy();
    },
    exitCode: () => exitCodeOf(exec),
  };
}

async function readOutputs(stream: Duplex, onStdout: (data: Buffer) => void, onStderr: (data: Buffer) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const demultiplex = demultiplexer(onStdout, onStderr);
  stream.on('data', (chunk: Buffer) => demultiplex(chunk));
  stream.once('end', resolve);
  stream.once('close', resolve);
  stream.once('error', (error) => reject(engineErrorOf(error)));
  // What happened before the first read.
  if (stream.errored !== null) reject(engineErrorOf(stream.errored));
  else if (stream.destroyed || stream.readableEnded) resolve();
  await promise;
}

/** The engine may take a moment after the end of the output to know how the process ended. */
async function exitCodeOf(exec: Docker.Exec): Promise<number | undefined> {
  for (let look = 0; ; look++) {
    const { Running, ExitCode } = await asked(exec.inspect());
    if (!Running && typeof ExitCode === 'number') return ExitCode;
    if (look === 40) return undefined;
    await sleep(Math.min(100, 2 ** look));
  }
}
