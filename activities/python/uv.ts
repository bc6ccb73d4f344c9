import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { paths } from '../../platform/home.ts';
import { withLock } from '../../platform/lock.ts';
import { runTool } from './run-tool.ts';

/** The program that builds environments, as its wheels on PyPI carry it. */
const wheel = {
  version: '0.13.9',
  hashes: [
    // Linux on x86_64 and aarch64.
    'sha256:d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19',
    'sha256:ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375',
  ],
};

/** Path of the pinned uv; fetched with the pip of `python` when it is not there. Throws an `Error` with pip's last lines. */
export async function ensureUv(python: string, options: { onProgress: (text: string) => void; signal?: AbortSignal }): Promise<string> {
  const { onProgress, signal } = options;
  const program = join(paths.tools(), `uv-${wheel.version}`, 'uv');
  if (existsSync(program)) return program;
  return await withLock(
    'uv',
    async () => {
      // Another process may have fetched it first.
      if (existsSync(program)) return program;
      onProgress(`fetching uv ${wheel.version}`);
      await fetchUv(python, program, signal);
      return program;
    },
    { ...(signal && { signal }) },
  );
}

async function fetchUv(python: string, program: string, signal: AbortSignal | undefined): Promise<void> {
  mkdirSync(paths.tools(), { recursive: true });
  const work = mkdtempSync(join(paths.tools(), 'fetching-'));
  try {
    const requirements = join(work, 'requirements.txt');
    writeFileSync(requirements, `uv==${wheel.version} ${wheel.hashes.map((hash) => `--hash=${hash}`).join(' ')}\n`);
    const download = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--require-hashes', '-d', work, '-r'];
    await runTool(python, [...download, requirements], { ...(signal && { signal }) });
    const file = readdirSync(work).find((name) => name.endsWith('.whl'));
    if (file === undefined) throw new Error(`pip downloaded no wheel of uv ${wheel.version}`);
    const unpacked = join(work, 'uv');
    const extract =
      'import sys, zipfile, shutil; archive = zipfile.ZipFile(sys.argv[1]);' +
      'name = next(n for n in archive.namelist() if n.endswith("/scripts/uv"));' +
      'shutil.copyfileobj(archive.open(name), open(sys.argv[2], "wb"), 1 << 20)';
    await runTool(python, ['-c', extract, join(work, file), unpacked], { ...(signal && { signal }) });
    chmodSync(unpacked, 0o755);
    mkdirSync(join(program, '..'), { recursive: true });
    renameSync(unpacked, program);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
