import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../activities/engine/engine.ts';
import { Problem } from '../../schemas/problem.ts';
import { withFolderArchive } from '../../platform/folder-archive.ts';
import { paths } from '../../platform/home.ts';
import { installPackages, machineArchive } from './debian.ts';
import { findProgram, isRoot, runCommand } from './system-command.ts';

export interface ImageRecipe {
  image: string;
  /** Debian packages. */
  packages: readonly string[];
  /** Distinguishes an image of this recipe from one of an earlier recipe under the same name. */
  label: { key: string; value: string };
}

/** How long a registry may say nothing before another way is taken, in milliseconds. */
const silenceMs = 10_000;

const publicBase = 'debian:bookworm-slim';

/** Settings of apt and dpkg while an image is made: no documentation, no waiting for the disk. */
const dpkgSettings = 'force-unsafe-io\npath-exclude=/usr/share/doc/*\npath-exclude=/usr/share/man/*\npath-exclude=/usr/share/locale/*\n';

/** Makes the toolchain image: over Debian's public image where a registry answers, else from the machine's own package archive. */
export async function makeToolchain(engine: Engine, recipe: ImageRecipe): Promise<string> {
  const pulled = await pullBase(engine);
  if (pulled && (await buildOnBase(engine, recipe))) return `${recipe.image} made over ${publicBase}`;
  const suite = await bootstrapDebian(engine, recipe);
  return `${recipe.image} made by debootstrap (${suite})`;
}

/** Whether Debian's public image is there or could be pulled; a registry that says nothing at first counts as none. */
async function pullBase(engine: Engine): Promise<boolean> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), silenceMs);
  try {
    await engine.pullImage(publicBase, { signal: silence.signal, onProgress: () => clearTimeout(timer) });
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** False where the container reaches no package archive; the other way is tried then. */
async function buildOnBase(engine: Engine, { image, packages, label }: ImageRecipe): Promise<boolean> {
  const script = `set -e
    printf '${dpkgSettings.replaceAll('\n', '\\n')}' > /etc/dpkg/dpkg.cfg.d/tracemill
    apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends ${packages.join(' ')}
    rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb`;
  const container = await engine.createContainer({ image: publicBase, command: ['sh', '-c', script], network: 'engine' });
  try {
    await container.start();
    if ((await container.wait()) !== 0) return false;
    await container.commit({ name: image, changes: [`LABEL ${label.key}=${label.value}`, 'CMD ["bash"]'] });
    return true;
  } finally {
    await container.remove();
  }
}

/** debootstrap into a folder of the home, imported into the engine. Gives the release's code name. */
async function bootstrapDebian(engine: Engine, { image, packages, label }: ImageRecipe): Promise<string> {
  const purpose = `image ${image}`;
  if (!isRoot()) {
    throw new Problem('image_unavailable', `${purpose}: no registry answers, and making it here needs root`, {
      hint: `run this as root once, or give the engine an image of that name with label ${label.key}=${label.value}`,
    });
  }
  const archive = machineArchive();
  if (findProgram('debootstrap') === undefined) await installPackages(['debootstrap'], purpose);
  mkdirSync(paths.cache(), { recursive: true });
  requireSpace(paths.cache(), 4, purpose);
  const root = mkdtempSync(join(paths.cache(), 'debootstrap-'));
  try {
    mkdirSync(join(root, 'etc/dpkg/dpkg.cfg.d'), { recursive: true });
    writeFileSync(join(root, 'etc/dpkg/dpkg.cfg.d/tracemill'), dpkgSettings);
    const components = archive.components.filter((name) => name === 'main' || name === 'universe').join(',');
    const options = ['--variant=minbase', `--components=${components}`, `--include=${packages.join(',')}`];
    // In a mount namespace of its own: whatever happens, no mount stays behind in the folder.
    await runCommand('unshare', ['--mount', 'debootstrap', ...options, archive.suite, root, archive.uri], {
      purpose,
      hint: 'see debootstrap/debootstrap.log in the folder named above, and whether the package archive answers',
    });
    const waste = ['var/cache/apt/archives', 'var/lib/apt/lists', 'debootstrap'];
    for (const folder of waste) rmSync(join(root, folder), { recursive: true, force: true });
    const changes = [`LABEL ${label.key}=${label.value}`, 'CMD ["bash"]'];
    await withFolderArchive(root, (tar) => engine.importImage(tar, { name: image, changes }), { keepOwners: true });
    return archive.suite;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function requireSpace(folder: string, gigabytes: number, purpose: string): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = (bavail * bsize) / 1e9;
  if (free >= gigabytes) return;
  throw new Problem('disk_full', `${purpose}: ${free.toFixed(1)} GB are free at ${folder}, ${gigabytes} GB are needed`, {
    hint: 'free some space ("docker system df" shows what the engine holds), or set TRACEMILL_HOME to another disk',
  });
}
