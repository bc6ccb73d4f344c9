import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { projectRoot } from '../../platform/home.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { type KeepAliveServer, startKeepAliveServer } from './keep-alive-server.ts';

const soonMs = 1_000;

async function serve(files: ReadonlyMap<string, Buffer>): Promise<KeepAliveServer> {
  const server = await startKeepAliveServer(files);
  onTestFinished(() => server.close());
  return server;
}

/** Runs a program of the project to its end; gives its output and the milliseconds between that and the end. */
async function run(args: string[], env: Record<string, string>): Promise<{ stdout: string; exitCode: number | null; lingeredMs: number }> {
  const child = spawn(process.execPath, args, {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TRACEMILL_HOME: scratchFolder('ends'), ...env },
  });
  let stdout = '';
  let last = Number.NaN;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    last = performance.now();
  });
  const exitCode = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { stdout, exitCode, lingeredMs: performance.now() - last };
}

/** A module as Go's proxies serve it: archive, manifest, description. */
function goModule(name: string, version: string): { zip: Buffer; files: Map<string, Buffer> } {
  const archive = join(scratchFolder('module'), 'module.zip');
  const manifest = `module ${name}\n\ngo 1.19\n`;
  const write = `import sys, zipfile
z = zipfile.ZipFile(sys.argv[1], "w")
z.writestr(sys.argv[2] + "/go.mod", sys.argv[3])
z.writestr(sys.argv[2] + "/tiny.go", "package tiny\\n" * 1000)
z.close()`;
  execFileSync('python3', ['-c', write, archive, `${name}@${version}`, manifest]);
  const zip = readFileSync(archive);
  const at = `/${name}/@v/${version}`;
  const info = Buffer.from(JSON.stringify({ Version: version, Time: '2026-01-01T00:00:00Z' }));
  return {
    zip,
    files: new Map([
      [`${at}.info`, info],
      [`${at}.mod`, Buffer.from(manifest)],
      [`${at}.zip`, zip],
    ]),
  };
}

describe('a command that downloaded something from a server which keeps connections', () => {
  it('ends at once when it is done: a Go module, through a container', async () => {
    const [name, version] = ['example.test/tiny', 'v1.0.0'];
    const { zip, files } = goModule(name, version);
    const server = await serve(files);
    const sha256 = createHash('sha256').update(zip).digest('hex');
    const ended = await run([join(import.meta.dirname, 'fetch-archive.ts'), name, version, sha256], { GOPROXY: server.url, no_proxy: '*' });
    expect(ended).toMatchObject({ stdout: `${zip.byteLength}\n`, exitCode: 0 });
    expect(server.requests.some((path) => path.endsWith('.zip'))).toBe(true);
    expect(ended.lingeredMs).toBeLessThan(soonMs);
  });

  it('ends at once when it is done: tasks of a source', async () => {
    const row = readFileSync(join(projectRoot, 'test', 'source', 'fixtures', 'swe-rebench-v2-row.json'), 'utf8');
    const server = await serve(new Map([['/tasks.jsonl', Buffer.from(`${JSON.stringify(JSON.parse(row))}\n`)]]));
    const ended = await run([join('cli', 'main.ts'), 'source', 'inspect', `${server.url}/tasks.jsonl`, '--json'], {});
    expect(ended.exitCode).toBe(0);
    expect(server.requests.length).toBeGreaterThan(0);
    expect(ended.lingeredMs).toBeLessThan(soonMs);
  });
});
