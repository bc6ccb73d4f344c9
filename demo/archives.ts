import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { extract } from 'tar-stream';
import { z } from 'zod';
import { messageOf, Problem } from '../schemas/problem.ts';
import { paths } from '../platform/home.ts';
import { type HomeEngine, openJobContainer } from '../activities/sandbox/index.ts';
import type { RegistrySource } from './recipe.ts';

const run = promisify(execFile);

/** A published archive, pinned. */
export interface ArchivePin {
  ecosystem: RegistrySource['ecosystem'];
  name: string;
  version: string;
  sha256: string;
}

export interface FetchContext {
  engine: HomeEngine;
  /** Image that has the Go command; npm and pip are the machine's own. */
  toolchain: string;
  labels: Record<string, string>;
  signal: AbortSignal | undefined;
}

/**
 * The bytes of each archive, in the order asked; fetched with the registry's own client unless cached.
 * Throws `Problem` demo_fetch_failed when a client fails and demo_archive_changed when the sha256 differs.
 */
export async function fetchArchives(pins: ArchivePin[], context: FetchContext): Promise<Buffer[]> {
  const missing = pins.filter((pin) => !existsSync(cachePath(pin)));
  for (const ecosystem of ['npm', 'pypi', 'go'] as const) {
    const wanted = missing.filter((pin) => pin.ecosystem === ecosystem);
    if (wanted.length > 0) await fetchMissing(ecosystem, wanted, context);
  }
  return pins.map((pin) => readFileSync(cachePath(pin)));
}

function cachePath(pin: ArchivePin): string {
  return join(paths.cache(), 'demo', 'archives', pin.sha256);
}

async function fetchMissing(ecosystem: ArchivePin['ecosystem'], pins: ArchivePin[], context: FetchContext): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tracemill-demo-'));
  const names = pins.map((pin) => `${pin.name} ${pin.version}`).join(', ');
  try {
    const clients = { npm: npmPack, pypi: pipSdists, go: goModules };
    const archives = await clients[ecosystem](pins, folder, context).catch((error: unknown) => {
      context.signal?.throwIfAborted();
      throw new Problem('demo_fetch_failed', `${names} could not be fetched: ${lastLines(messageOf(error))}`, {
        hint: 'check that the package registry can be reached from this machine; the build goes on with the other tasks',
        cause: error,
      });
    });
    for (const [i, pin] of pins.entries()) keep(pin, archives[i] ?? Buffer.alloc(0));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function keep(pin: ArchivePin, bytes: Buffer): void {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== pin.sha256) {
    throw new Problem('demo_archive_changed', `${pin.name} ${pin.version} has sha256 ${sha256}, the recipe pins ${pin.sha256}`, {
      hint: 'the registry serves other bytes than when the recipe was written; look at them before changing the pin',
    });
  }
  const path = cachePath(pin);
  mkdirSync(join(path, '..'), { recursive: true });
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, bytes);
  renameSync(partial, path);
}

const PackReport = z.array(z.object({ name: z.string(), version: z.string(), filename: z.string() }));

async function npmPack(pins: ArchivePin[], folder: string, { signal }: FetchContext): Promise<Buffer[]> {
  const specs = pins.map((pin) => `${pin.name}@${pin.version}`);
  const args = ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder, ...specs];
  const { stdout } = await run('npm', args, { cwd: folder, timeout: 120_000, ...(signal && { signal }) });
  const report = PackReport.parse(JSON.parse(stdout));
  return pins.map((pin) => {
    const entry = report.find(({ name, version }) => name === pin.name && version === pin.version);
    return readFileSync(join(folder, entry?.filename ?? `${pin.name}-${pin.version}.tgz`));
  });
}

async function pipSdists(pins: ArchivePin[], folder: string, { signal }: FetchContext): Promise<Buffer[]> {
  const specs = pins.map((pin) => `${pin.name}==${pin.version}`);
  const script = join(import.meta.dirname, 'sdist.py');
  await run('python3', [script, folder, ...specs], { cwd: folder, timeout: 120_000, ...(signal && { signal }) });
  return pins.map((pin) => readFileSync(join(folder, `${pin.name}-${pin.version}.tar.gz`)));
}

/** The machine need not have Go: its client runs in the toolchain image, with the machine's network and certificates. */
async function goModules(pins: ArchivePin[], _folder: string, context: FetchContext): Promise<Buffer[]> {
  const passed = ['GOPROXY', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];
  const env = passed.flatMap((name) => (process.env[name] === undefined ? [] : [`${name}=${process.env[name]}`]));
  const job = await openJobContainer(context.engine, {
    image: context.toolchain,
    network: 'host',
    labels: context.labels,
    // The archives are pinned here by sha256, so that the checksum database need not be asked.
    env: [...env, 'GOSUMDB=off', 'GOMODCACHE=/modules', 'GOFLAGS=-mod=mod', 'SSL_CERT_FILE=/tmp/certificates.pem'],
    signal: context.signal,
  });
  try {
    await job.putFiles([['/tmp/certificates.pem', machineCertificates()]]);
    const specs = pins.map((pin) => `'${pin.name}@${pin.version}'`).join(' ');
    const { exitCode, stdout, stderr } = await job.exec(`go mod download -json ${specs}`, { timeoutMs: 120_000 });
    if (exitCode !== 0) throw new Error(`go mod download ended with ${exitCode}: ${stderr || stdout}`);
    const zips = [...stdout.matchAll(/"Zip": "([^"]+)"/g)].map((match) => match[1] ?? '');
    return await Promise.all(zips.map(async (path) => onlyFile(await job.container.readArchive(path))));
  } finally {
    await job.remove();
  }
}

function machineCertificates(): Buffer {
  const candidates = [process.env['SSL_CERT_FILE'], '/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt'];
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  return found === undefined ? Buffer.alloc(0) : readFileSync(found);
}

/** Reads the archive to its end: an answer that is not read to its end keeps the process alive for minutes. */
async function onlyFile(archive: NodeJS.ReadableStream): Promise<Buffer> {
  const entries = extract();
  archive.pipe(entries);
  const files: Buffer[] = [];
  for await (const entry of entries) files.push(await buffer(entry));
  const [file] = files;
  if (file === undefined) throw new Error('the container gave an empty archive');
  return file;
}

function lastLines(message: string): string {
  return message.trim().split('\n').slice(-3).join(' / ').slice(-500);
}
