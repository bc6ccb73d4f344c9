import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { dockerEngine } from '../../activities/engine/docker-engine.ts';
import type { Container, ContainerSpec, DiskSpace, Engine } from '../../activities/engine/engine.ts';
import { dockerInspection } from './engines.ts';

const image = 'tracemill/minimal:bookworm-1';
const mark = `tracemill.test.engine.${process.pid}`;
const waiting = ['sh', '-c', 'trap "exit 7" USR1; : >/tmp/waiting; while :; do sleep 1 & wait $!; done'];

/** What every engine promises; an engine joins by a line in this list. */
describe.each<[string, () => Engine]>([['Docker', dockerEngine]])('the engine port over %s', (_name, connect) => {
  const engine = connect();
  const made: Container[] = [];
  const images: string[] = [];

  const create = async (spec: Partial<ContainerSpec> = {}): Promise<Container> => {
    const container = await engine.createContainer({
      image,
      command: waiting,
      network: 'none',
      ...spec,
      labels: { [mark]: 'a', ...spec.labels },
    });
    made.push(container);
    return container;
  };
  const started = async (spec: Partial<ContainerSpec> = {}): Promise<Container> => {
    const container = await create(spec);
    await container.start();
    return container;
  };
  async function run(container: Container, script: string, input?: string) {
    const exec = await container.exec({ command: ['sh', '-c', script], env: ['GIVEN=yes'] });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    const ended = exec.read(
      (data) => stdout.push(data),
      (data) => stderr.push(data),
    );
    if (input !== undefined) exec.write(input);
    await ended;
    return { stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString(), exitCode: await exec.exitCode() };
  }

  afterEach(() => Promise.all(made.splice(0).map((container) => container.remove())));
  afterAll(async () => {
    for (const name of images) await engine.removeImage(name, { force: true }).catch(() => undefined);
  });

  it('reports its version, and the space on its disk where that is here', async () => {
    expect(await engine.version()).toMatch(/\d/);
    expect(await engine.disk()).toSatisfy((disk?: DiskSpace) => disk === undefined || (disk.free > 0 && disk.size > disk.free));
  });

  it('takes a container through its life', async () => {
    const name = `tracemill-test-engine-${process.pid}`;
    const container = await create({ name });
    expect(await container.inspect()).toMatchObject({ running: false, paused: false });
    await expect(container.signal('SIGUSR1')).rejects.toMatchObject({ reason: 'conflict' });
    await container.start();
    expect(await engine.container(name).inspect()).toMatchObject({ id: container.id, running: true, labels: { [mark]: 'a' } });
    await expect(create({ name })).rejects.toMatchObject({ name: 'EngineError', reason: 'conflict' });
    // The first process of a container is never ended by a signal that it does not listen to yet.
    await run(container, 'until [ -e /tmp/waiting ]; do sleep 0.02; done');
    await container.signal('SIGUSR1');
    expect(await container.wait()).toBe(7);
    expect(await container.inspect()).toMatchObject({ running: false, exitCode: 7, outOfMemory: false });
    await container.remove();
    await container.remove();
    await expect(container.inspect()).rejects.toMatchObject({ reason: 'missing' });
    await expect(container.start()).rejects.toMatchObject({ reason: 'missing' });
    await expect(create({ image: 'tracemill-test/nowhere:1' })).rejects.toMatchObject({ reason: 'missing' });
  });

  it('lists containers by labels, running or not', async () => {
    const before = Date.now();
    const [one, two] = [await create({ labels: { 'tracemill.test': 'x' } }), await started({ labels: { [mark]: 'b' } })];
    const ids = async (...labels: string[]) => (await engine.listContainers(labels)).map(({ id }) => id).sort();
    expect(await ids(mark)).toEqual([one.id, two.id].sort());
    expect(await ids(`${mark}=b`)).toEqual([two.id]);
    expect(await ids(mark, 'tracemill.test=x')).toEqual([one.id]);
    const [summary] = await engine.listContainers([`${mark}=b`]);
    expect(summary).toMatchObject({ imageId: (await engine.findImage(image))?.id, labels: { [mark]: 'b' } });
    expect(Math.abs((summary?.createdAt ?? 0) - before)).toBeLessThan(60_000);
    expect(await ids()).toEqual(expect.arrayContaining([one.id, two.id]));
  });

  it('runs processes as another user where it is told to', async () => {
    const container = await started({
      user: '1234:5678',
      confinement: {
        memoryBytes: 64 * 1024 ** 2,
        cpus: 1,
        pids: 20,
        capabilities: [],
        memoryFolder: { path: '/run/here', bytes: 1024 ** 2, files: 100, owner: { uid: 1234, gid: 5678 } },
      },
    });
    expect((await run(container, 'id -u; id -g; echo x >/run/here/x && cat /run/here/x; stat -c %a /run/here')).stdout).toBe(
      '1234\n5678\nx\n700\n',
    );
  });

  it('runs processes as root, with input, outputs apart and an exit code', async () => {
    const container = await started({ workdir: '/tmp', env: ['OWN=1'] });
    expect(await run(container, 'id -u; echo "$GIVEN $OWN $(pwd)"; echo oops >&2; exit 3')).toEqual({
      stdout: '0\nyes 1 /tmp\n',
      stderr: 'oops\n',
      exitCode: 3,
    });
    expect(await run(container, 'read line; echo "[$line]"', 'said\n')).toMatchObject({ stdout: '[said]\n', exitCode: 0 });
    expect((await run(container, 'head -c 3000000 /dev/zero')).stdout).toHaveLength(3_000_000);
  });

  it('gives a container without network a name of its own that it can resolve, the same in all', async () => {
    const [one, two] = [await started(), await started()];
    const named = await run(
      one,
      'h=$(hostname); echo "$h"; grep -c "^127\\.0\\.0\\.1[[:space:]].*$h" /etc/hosts; grep -c localhost /etc/hosts',
    );
    expect(named).toMatchObject({ stdout: expect.stringMatching(/^[a-z]+\n1\n[12]\n$/), exitCode: 0 });
    expect((await run(two, 'hostname')).stdout).toBe((await run(one, 'hostname')).stdout);
    const hasIpv6 = existsSync('/proc/sys/net/ipv6');
    expect((await run(one, 'grep -c " lo$" /proc/net/if_inet6 2>/dev/null')).stdout).toBe(hasIpv6 ? '1\n' : '');
  });

  it('gives outputs from the start on, whenever they are read, and leaves a process running when its connection is closed', async () => {
    const container = await started();
    const exec = await container.exec({ command: ['sh', '-c', 'echo early; sleep 1; touch /went-on; sleep 60'] });
    await new Promise((resolve) => setTimeout(resolve, 300));
    let seen = '';
    const first = Promise.withResolvers<void>();
    const ended = exec.read(
      (data) => {
        seen += data.toString();
        first.resolve();
      },
      () => undefined,
    );
    await first.promise;
    exec.close();
    exec.write('nobody reads this\n');
    await ended;
    expect(seen).toBe('early\n');
    await expect.poll(async () => (await run(container, 'test -e /went-on')).exitCode, { timeout: 10_000 }).toBe(0);
  });

  it('ends what is read when the container goes', async () => {
    const container = await started();
    const exec = await container.exec({ command: ['sleep', '600'] });
    const ended = exec.read(
      () => undefined,
      () => undefined,
    );
    await container.remove();
    await ended;
    await expect(container.exec({ command: ['true'] })).rejects.toMatchObject({ reason: 'missing' });
  });

  it('keeps a confined container within its bounds', async () => {
    const container = await started({
      confinement: {
        memoryBytes: 64 * 1024 ** 2,
        cpus: 0.5,
        pids: 20,
        capabilities: ['CHOWN'],
        memoryFolder: { path: '/run/here', bytes: 1024 ** 2, files: 100 },
      },
    });
    const { stdout } = await run(
      container,
      `grep -E 'CapEff|NoNewPrivs' /proc/1/status; ulimit -c; stat -c %a /run/here
       head -c 2000000 /dev/zero 2>&- >/run/here/full 2>/dev/null; wc -c </run/here/full; ls /sys/class/net`,
    );
    expect(stdout.replaceAll(/[\t ]+/g, ' ')).toBe('CapEff: 0000000000000001\nNoNewPrivs: 1\n0\n700\n1048576\nlo\n');
    const { HostConfig } = await dockerInspection(container.id);
    expect(HostConfig).toMatchObject({
      Memory: 64 * 1024 ** 2,
      MemorySwap: 64 * 1024 ** 2,
      NanoCpus: 5e8,
      PidsLimit: 20,
      Privileged: false,
    });
    expect((await run(container, 'x=$(head -c 200000000 /dev/zero | tr "\\0" a); echo survived')).stdout).not.toContain('survived');
  });

  it('carries archives in and out', async () => {
    const [one, two] = [await started(), await started()];
    const archive = pack();
    archive.entry({ name: 'deep/er/file', mode: 0o644 }, 'content');
    archive.finalize();
    await one.writeArchive(await buffer(archive), '/');
    await two.writeArchive(await one.readArchive('/deep/.'), '/tmp');
    expect((await run(two, 'cat /tmp/er/file')).stdout).toBe('content');
    await expect(one.readArchive('/nowhere')).rejects.toMatchObject({ reason: 'missing' });
    await expect(one.writeArchive(Buffer.alloc(1024), '/nowhere')).rejects.toMatchObject({ reason: 'missing' });
  });

  it('commits, names and removes images', async () => {
    const container = await started({ entrypoint: [] });
    await run(container, 'echo kept >/kept');
    const name = `tracemill-test/engine:${process.pid}`;
    const id = await container.commit({
      name,
      changes: ['CMD ["cat", "/kept"]', `LABEL ${mark}=image`, `LABEL tracemill.test=`, 'USER 7:8', 'ENV OWN=1', 'VOLUME /data'],
      comment: 'made',
    });
    images.push(name, id);
    const { layers = 0 } = (await engine.findImage(image)) ?? {};
    const described = { user: '7:8', env: expect.arrayContaining(['OWN=1']), volumes: ['/data'], layers: layers + 1 };
    const expected = { id, labels: { [mark]: 'image' }, digests: [], ...described };
    expect(await engine.findImage(name)).toMatchObject(expected);
    expect(await engine.findImage(id)).toMatchObject(expected);
    const other = `tracemill-test/engine:${process.pid}-other`;
    await engine.tagImage(id, other);
    const [listed] = await engine.listImages([`${mark}=image`]);
    expect({ ...listed, names: listed?.names.toSorted() }).toMatchObject({ id, names: [name, other] });
    await engine.removeImage(other);
    await expect(engine.removeImage(other)).rejects.toMatchObject({ reason: 'missing' });
    const user = await create({ image: id });
    await expect(engine.removeImage(name)).rejects.toMatchObject({ reason: 'conflict' });
    await user.remove();
    await engine.removeImage(name);
    expect(await engine.findImage(name)).toBeUndefined();
    expect(await engine.findImage(id)).toBeUndefined();
  });

  it('imports an archive as an image', async () => {
    const name = `tracemill-test/engine-import:${process.pid}`;
    images.push(name);
    const container = await create();
    await engine.importImage(await container.readArchive('/bin/.'), { name, changes: [`LABEL ${mark}=imported`] });
    expect((await engine.findImage(name))?.labels).toMatchObject({ [mark]: 'imported' });
  });

  it('builds an image by a Dockerfile, and passes on what a build said that fails', async () => {
    const name = `tracemill-test/engine-build:${process.pid}`;
    images.push(name);
    const context = (...lines: string[]) => {
      const tar = pack();
      tar.entry({ name: 'sub/Recipe' }, [`FROM ${image}`, ...lines].join('\n'));
      tar.entry({ name: 'note' }, 'from the context');
      tar.finalize();
      return Readable.from(tar);
    };
    const said: string[] = [];
    const options = { name, dockerfile: 'sub/Recipe', labels: { [mark]: 'built' }, buildArgs: { WORD: 'given' } };
    await engine.buildImage(context('ARG WORD', 'COPY note /note', 'RUN echo "$WORD" >> /note'), {
      ...options,
      onLine: (line) => said.push(line),
    });
    expect((await engine.findImage(name))?.labels).toMatchObject({ [mark]: 'built' });
    expect((await run(await started({ image: name }), 'cat /note')).stdout).toBe('from the contextgiven\n');
    expect(said.join('\n')).toContain('COPY note /note');
    const failing = engine.buildImage(context('RUN echo no such luck && exit 3'), { ...options, name: `${name}-failed` });
    await expect(failing).rejects.toMatchObject({
      name: 'EngineError',
      reason: 'refused',
      message: expect.stringContaining('no such luck'),
    });
    expect(await engine.findImage(`${name}-failed`)).toBeUndefined();
  });

  describe('pulling', () => {
    let server: Server | undefined;
    afterEach(() => {
      server?.closeAllConnections();
      server?.close();
    });

    it('passes on what the registry says, and can be stopped', async () => {
      server = createServer((_request, response) => void response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}'));
      await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      const host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
      await expect(engine.pullImage(`${host}/team/widget:1`, {})).rejects.toThrow(/manifest|not found|unknown/i);
      const stopped = engine.pullImage(`${host}/team/widget:1`, { signal: AbortSignal.abort() });
      await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    });
  });
});

describe('an engine that is not there', () => {
  const engine = dockerEngine({ socketPath: '/nowhere/engine.sock' });
  const refused = { name: 'EngineError', reason: 'unreachable' };

  it('is called unreachable, whatever it is asked for', async () => {
    await expect(engine.version()).rejects.toMatchObject(refused);
    await expect(engine.disk()).rejects.toMatchObject(refused);
    await expect(engine.findImage(image)).rejects.toMatchObject(refused);
    await expect(engine.listContainers()).rejects.toMatchObject(refused);
    await expect(engine.createContainer({ image, command: ['true'], network: 'none' })).rejects.toMatchObject(refused);
    await expect(engine.container('any').remove()).rejects.toMatchObject(refused);
    await expect(engine.pullImage(image, {})).rejects.toMatchObject(refused);
  });
});
