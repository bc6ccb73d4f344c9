import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { dockerEngine } from '../activities/engine/docker-engine.ts';
import { engineOfHome, type HomeEngine, type JobContainer, openJobContainer } from '../activities/sandbox/index.ts';
import { Problem } from '../schemas/problem.ts';
import { withFolderArchive } from '../platform/folder-archive.ts';
import { home, paths } from '../platform/home.ts';
import { withLock } from '../platform/lock.ts';
import { toolchainImage } from '../infra/bootstrap/images.ts';
import { runCommand } from '../infra/bootstrap/system-command.ts';

/** The toolchain image plus Rust, Java, PHP, GoogleTest and the test runners of npm. */
export const languagesImage = 'tracemill/languages:bookworm-1';

const packages = [
  'cargo',
  'libgtest-dev',
  'phpunit',
  'php-xml',
  'php-mbstring',
  'openjdk-17-jdk-headless',
  'maven',
  'ant',
  'ant-optional',
  'junit4',
  'junit5',
  'libsurefire-java',
  'libmaven-compiler-plugin-java',
  'libmaven-resources-plugin-java',
];

/** Manifest and lockfile of the test runners that lie in `/node_modules`. */
const manifests = join(import.meta.dirname, 'languages');

/** Maven takes plugins and libraries from Debian's packages: a test run has no network. */
const mavenSettings = `<settings>
  <localRepository>/usr/share/maven-repo</localRepository>
  <offline>true</offline>
</settings>
`;

const install = `set -e
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends ${packages.join(' ')}
  rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb`;

const changes = ['ENV PATH=/node_modules/.bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'CMD ["bash"]'];

/**
 * Makes sure that the engine has the image for tasks in all nine languages, of this very recipe; says what was done. Takes
 * minutes the first time, and the network of this machine. Throws `Problem` image_unavailable.
 */
export async function ensureLanguagesImage(engine: HomeEngine = engineOfHome(dockerEngine(), home())): Promise<string> {
  return await withLock('languages-image', async () => {
    const base = await engine.findImage(toolchainImage);
    if (base === undefined) throw unavailable(`there is no ${toolchainImage} to begin with`, 'run the bootstrap, which makes it');
    const label = { key: 'tracemill.recipe', value: recipeDigest(base.labels['tracemill.recipe'] ?? '') };
    if ((await engine.findImage(languagesImage))?.labels[label.key] === label.value) return languagesImage;
    await makeImage(engine, label);
    return `${languagesImage} made over ${toolchainImage}`;
  });
}

function recipeDigest(base: string): string {
  const hash = createHash('sha256').update(JSON.stringify([base, install, mavenSettings, changes]));
  for (const name of ['package.json', 'package-lock.json']) hash.update(readFileSync(join(manifests, name)));
  return hash.digest('hex').slice(0, 16);
}

async function makeImage(engine: HomeEngine, label: { key: string; value: string }): Promise<void> {
  const job = await openJobContainer(engine, {
    image: toolchainImage,
    network: 'host',
    labels: {},
    what: `image ${languagesImage}`,
    signal: undefined,
  });
  try {
    const installed = await job.exec(install, { timeoutMs: 1_200_000 });
    if (installed.exitCode !== 0) {
      throw unavailable(
        `packages could not be installed: ${installed.stderr.trim().slice(-600)}`,
        'see whether the package archive answers',
      );
    }
    await job.putFiles([['/etc/maven/settings.xml', mavenSettings]]);
    await putNodeModules(job);
    await job.commit({ name: languagesImage, labels: { [label.key]: label.value }, changes });
  } finally {
    await job.remove();
  }
}

/** npm is the machine's own; the container has none. */
async function putNodeModules(job: JobContainer): Promise<void> {
  mkdirSync(paths.cache(), { recursive: true });
  const folder = mkdtempSync(join(paths.cache(), 'node-modules-'));
  try {
    cpSync(manifests, folder, { recursive: true });
    await runCommand('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      // `--prefix` would name the root package after the folder, which the lockfile does not know.
      cwd: folder,
      purpose: `image ${languagesImage}`,
      hint: 'see whether the package registry answers',
    });
    await withFolderArchive(folder, (tar) => job.container.writeArchive(tar, '/'), { member: 'node_modules' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function unavailable(what: string, hint: string): Problem {
  return new Problem('image_unavailable', `image ${languagesImage}: ${what}`, { hint });
}
