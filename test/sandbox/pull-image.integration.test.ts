import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, createServer as createProxy, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImageCache } from '../../activities/sandbox/image-cache.ts';
import { openJobContainer } from '../../activities/sandbox/job-container.ts';
import { prepareImage } from '../../activities/sandbox/prepare-image.ts';
import { pullImage } from '../../activities/sandbox/pull-image.ts';
import type { ContainerOwner } from '../../activities/sandbox/reaper.ts';
import { Problem } from '../../schemas/problem.ts';
import type { Task } from '../../schemas/task.ts';
import { engine, minimal, noSignal, toolchain } from './containers.ts';
import { dockerPush, testEngine } from '../engine/engines.ts';
import { endless } from './endless-image.ts';
import { type Registry, registryProgram, startRegistry, user } from './registry.ts';
import { taskFor } from './task-image.ts';

const folder = mkdtempSync(join(tmpdir(), 'tracemill-pull-'));
const program = registryProgram(folder);
const configured = process.env['DOCKER_CONFIG'];

function logIn(host: string, password: string): void {
  const auth = Buffer.from(`${user.username}:${password}`).toString('base64');
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
}

beforeAll(() => {
  process.env['DOCKER_CONFIG'] = folder;
});
afterAll(() => {
  if (configured === undefined) delete process.env['DOCKER_CONFIG'];
  else process.env['DOCKER_CONFIG'] = configured;
  rmSync(folder, { recursive: true, force: true });
});

const pull = (name: string, signal = noSignal) => pullImage({ engine, name, what: 'owner__widget-1', signal });

describe.skipIf(program === undefined)('pulling from a registry (skipped without Debian’s docker-registry)', () => {
  let registry: Registry;
  let task: Task;
  const tags: string[] = [];
  const notes = join(folder, 'images.json');
  const one = { campaign: 'spring', instance_id: 'owner__widget-1' };
  const two = { campaign: 'spring', instance_id: 'owner__widget-2' };

  beforeAll(async () => {
    registry = await startRegistry(program ?? '');
    task = await makeSmallTaskImage(`${registry.host}/team/widget:7-abcdef0`);
    await dockerPush(task.image_name, { ...user, serveraddress: registry.host });
    await engine.removeImage(task.image_name);
  });
  afterAll(async () => {
    const ignore = () => undefined;
    for (const name of tags.toReversed()) await engine.removeImage(name, { force: true }).catch(ignore);
    await registry?.stop();
  });

  it('says that access is denied without the right credentials, and keeps those to itself', async () => {
    logIn(registry.host, 'wrong-word');
    const problem = await pull(task.image_name).catch((error: unknown) => error);
    expect(problem).toMatchObject({ code: 'image_missing', message: expect.stringContaining('may not be pulled') });
    expect(JSON.stringify([problem, String(problem)])).not.toContain('wrong-word');
  });

  it('prepares a task whose image only the registry has, for callers at once, and notes what it brought for whom', async () => {
    logIn(registry.host, user.password);
    const cache = ImageCache.open({ engine, path: notes, isLive: async () => true, space: async () => undefined });
    const prepare = (owner: ContainerOwner) =>
      prepareImage({ engine, task: { ...task, instance_id: owner.instance_id }, claims: cache.claimsOf(owner), signal: noSignal });
    const [prepared, other] = await Promise.all([prepare(one), prepare(two)]);
    tags.push(task.image_name, prepared.tag);
    expect(prepared.source.digest).toMatch(new RegExp(`^${registry.host}/team/widget@sha256:`));
    expect(other.image_id).toBe(prepared.image_id);
    const owners = expect.arrayContaining([one, two]);
    expect(JSON.parse(readFileSync(notes, 'utf8'))).toMatchObject([
      { name: task.image_name, id: prepared.source.id, kind: 'pulled', owners },
      { name: prepared.tag, id: prepared.image_id, kind: 'derived', owners },
    ]);
  });

  it('removes both once their pull requests have ended and the disk is full, in another worker too', async () => {
    const removed: string[] = [];
    const space = async () => ({ free: 1e9 * removed.length, size: 100e9 });
    const onRemoved = (name: string) => removed.push(name);
    const cache = ImageCache.open({ engine, path: notes, isLive: async () => false, lowBytes: 1e9, space, onRemoved });
    await cache.claimsOf({ campaign: 'spring', instance_id: 'owner__widget-3' }).makeRoom();
    expect(removed).toEqual(tags.toReversed());
    for (const name of tags) await expect(engine.findImage(name)).resolves.toBeUndefined();
  });

  it('distinguishes a tag that is not there from a registry that is not', async () => {
    await expect(pull(`${registry.host}/team/widget:none`)).rejects.toMatchObject({
      code: 'image_missing',
      message: expect.stringContaining('owner__widget-1'),
    });
    await expect(pull('127.0.0.1:9/team/widget:1')).rejects.toMatchObject({ code: 'image_pull_failed' });
  });
});

describe('pulling from a registry that misbehaves', () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function serve(answer: Parameters<typeof createServer>[1]): Promise<string> {
    const server = createServer({}, answer);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  function serveEndless({ onAsked, onLeft }: { onAsked: () => void; onLeft?: () => void }): Promise<string> {
    return serve(({ url = '' }, response) => {
      if (!url.endsWith(endless.layer)) return endless.answer(url, response);
      onAsked();
      // An engine looks up at the next byte.
      const drip = setInterval(() => response.write('a'), 50);
      response.once('close', () => {
        clearInterval(drip);
        onLeft?.();
      });
      return response.writeHead(200, { 'content-length': endless.bytes });
    });
  }

  it('passes on how long to wait, and leaves the registry alone until then', async () => {
    let asked = 0;
    const host = await serve(({ url }, response) => {
      if (url === '/v2/') return response.end('{}');
      asked += 1;
      const body = { errors: [{ code: 'TOOMANYREQUESTS', message: 'retry-after: 90s, allowed: 10/minute' }] };
      return response.writeHead(429, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    const first = await pull(`${host}/team/widget:1`).catch((error: unknown) => error);
    expect(first).toMatchObject({ code: 'image_rate_limited', retryAfterMs: expect.closeTo(90_000, -4) });
    const before = asked;
    expect(before).toBeGreaterThan(0);
    await expect(pull(`${host}/team/gadget:1`)).rejects.toMatchObject({ code: 'image_rate_limited' });
    expect(asked).toBe(before);
  });

  it('stops a pull that nobody waits for any more, and not before', async () => {
    const { promise: asked, resolve: onAsked } = Promise.withResolvers<void>();
    const { promise: left, resolve: onLeft } = Promise.withResolvers<string>();
    const host = await serveEndless({ onAsked, onLeft: () => onLeft('left') });
    const [one, two] = [new AbortController(), new AbortController()];
    const pulls = [one, two].map(({ signal }) => pull(`${host}/team/widget:1`, signal).catch((error: Error) => error.name));
    await asked;
    one.abort();
    expect(await pulls[0]).toBe('AbortError');
    expect(await Promise.race([left, new Promise((resolve) => setTimeout(resolve, 300, 'still there'))])).toBe('still there');
    two.abort();
    expect(await pulls[1]).toBe('AbortError');
    expect(await left).toBe('left');
  });

  it('tries again when the engine goes away in the middle', async () => {
    const host = await serveEndless({ onAsked: () => lines.forEach((line) => line.destroy()) });
    const lines: Socket[] = [];
    const socketPath = join(folder, 'engine.sock');
    const proxy = createProxy((line) => {
      const behind = connect('/var/run/docker.sock');
      lines.push(line, behind);
      for (const socket of [line, behind]) socket.on('error', () => undefined);
      line.pipe(behind).pipe(line);
    });
    await new Promise<void>((resolve) => proxy.listen(socketPath, resolve));
    try {
      const cut = pullImage({
        engine: testEngine({ socketPath }),
        name: `${host}/team/widget:1`,
        what: 'owner__widget-1',
        signal: noSignal,
      });
      await expect(cut).rejects.toMatchObject({ code: 'engine_unreachable' });
    } finally {
      proxy.close();
    }
  });

  it('makes room when its turn has come, and does not ask the registry where there is none', async () => {
    let asked = 0;
    const host = await serve((_request, response) => {
      asked += 1;
      response.end('{}');
    });
    const makeRoom = async () => {
      throw new Problem('disk_full', 'owner__widget-1: nothing is free');
    };
    const full = pullImage({ engine, name: `${host}/team/widget:1`, what: 'owner__widget-1', makeRoom, signal: noSignal });
    await expect(full).rejects.toMatchObject({ code: 'disk_full' });
    expect(asked).toBe(0);
  });

  it.each([500, 503, 404])('tries again after an answer %i that is not a registry’s', async (status) => {
    const host = await serve(({ url }, response) => response.writeHead(url === '/v2/' ? 200 : status).end('<html>not found</html>'));
    await expect(pull(`${host}/team/widget:1`)).rejects.toMatchObject({ code: 'image_pull_failed' });
  });
});

/** A few megabytes: a busybox with git, and a repository of one commit. */
async function makeSmallTaskImage(name: string): Promise<Task> {
  const open = (image: string) =>
    openJobContainer(engine, { image, network: 'none', labels: { 'tracemill.test': 'images' }, signal: undefined });
  const [donor, job] = await Promise.all([open(toolchain), open(minimal)]);
  try {
    await donor.exec(
      'mkdir /git; for f in /usr/bin/git $(ldd /usr/bin/git | grep -o "/[^ ]*"); do mkdir -p /git/$(dirname $f); cp -L $f /git$f; done',
      { timeoutMs: 30_000 },
    );
    await job.container.writeArchive(await donor.container.readArchive('/git/.'), '/');
    const made = await job.exec(
      `set -e; mkdir /widget; cd /widget; git init -q -b main; echo one >a.txt; git add .
       git -c user.name=A -c user.email=a@example.invalid commit -qm base; git rev-parse HEAD`,
      { timeoutMs: 30_000 },
    );
    if (made.exitCode !== 0) throw new Error(made.stderr);
    await job.commit({ name, changes: ['WORKDIR /widget'] });
    return taskFor(name, made.stdout.trim());
  } finally {
    await Promise.all([donor.remove(), job.remove()]);
  }
}
