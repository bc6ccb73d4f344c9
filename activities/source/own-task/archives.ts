import { execFile } from 'node:child_process';
import { copyFile, cp, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import { gitIn } from './git.ts';

const run = promisify(execFile);

export interface ReleasePair {
  /**
   * Archives of two releases, one each: tar, packed or not (sdist, crate, npm's tgz), or zip (Go's modules). Of a Java package
   * its several parts: `.pom`, `-sources.jar` and `-test-sources.jar`.
   */
  before: readonly string[];
  after: readonly string[];
  /** Folder to work in; it is there and empty, and stays the caller's. */
  folder: string;
}

const releaseDate = '2024-01-01T00:00:00Z';

/** What publishing adds to a package: it changes with every release and tells nothing of the change itself. */
const generated = /^(?:PKG-INFO|\.cargo_vcs_info\.json|Cargo\.toml\.orig|Cargo\.lock)$|\.egg-info(?:\/|$)/;

/**
 * Makes a git repository of two releases, a commit each. Files that publishing adds stay as in the first. Gives the
 * repository's folder and the names of both releases, as their archives call them. Throws `Problem` bad_archive.
 */
export async function repositoryOfReleases({
  before,
  after,
  folder,
}: ReleasePair): Promise<{ repository: string; names: [string, string] }> {
  const repository = join(folder, 'repository');
  await mkdir(repository);
  // The same archives make the same commits.
  const git = gitIn(repository, { GIT_AUTHOR_DATE: releaseDate, GIT_COMMITTER_DATE: releaseDate });
  await git('-c', 'init.defaultBranch=main', 'init', '--quiet');
  const first = await unpack(before, join(folder, 'before'));
  await cp(first.root, repository, { recursive: true, verbatimSymlinks: true, force: true });
  if (await isLibraryCrate(repository)) await rm(join(repository, 'Cargo.lock'), { force: true });
  await commit(git, `Release ${first.name}`);
  const second = await unpack(after, join(folder, 'after'));
  await git('rm', '-r', '--quiet', '--force', '.');
  await cp(second.root, repository, {
    recursive: true,
    verbatimSymlinks: true,
    force: true,
    filter: (source) => source === second.root || !generated.test(relative(second.root, source)),
  });
  const kept = (await git('ls-tree', '-r', '-z', '--name-only', 'HEAD')).split('\0').filter((path) => path !== '' && generated.test(path));
  if (kept.length > 0) await git('checkout', '--quiet', 'HEAD', '--', ...kept.map((path) => `:(top,literal)${path}`));
  await commit(git, `Release ${second.name}`);
  return { repository, names: [first.name, second.name] };
}

async function commit(git: ReturnType<typeof gitIn>, message: string): Promise<void> {
  await git('add', '--all', '--force', '.');
  const who = ['-c', 'user.name=Tracemill', '-c', 'user.email=tracemill@example.invalid', '-c', 'commit.gpgsign=false'];
  await git(...who, 'commit', '--quiet', '--no-verify', '--allow-empty', '-m', message);
}

/** A lock file that publishing wrote for a library binds nobody, and may be in a form that older tools do not read. */
async function isLibraryCrate(folder: string): Promise<boolean> {
  const names = await readdir(folder);
  return names.includes('.cargo_vcs_info.json') && !(await exists(join(folder, 'src/main.rs')));
}

async function unpack(archives: readonly string[], folder: string): Promise<{ root: string; name: string }> {
  await mkdir(folder);
  const [archive = ''] = archives;
  if (archives.some((path) => path.endsWith('.pom'))) return await unpackMavenParts(archives, folder);
  if (archives.length > 1) {
    throw new Problem('bad_archive', `${archives.join(', ')} are parts of no package that is known`, {
      hint: 'give one archive with sources and tests; several only of Maven: .pom, -sources.jar and -test-sources.jar',
    });
  }
  await unpackOne(archive, folder);
  return await topOf(folder, archive);
}

/** Each part to the place where Maven looks for it. */
async function unpackMavenParts(archives: readonly string[], folder: string): Promise<{ root: string; name: string }> {
  let name = '';
  for (const archive of archives) {
    if (archive.endsWith('.pom')) {
      await copyFile(archive, join(folder, 'pom.xml'));
      name = basename(archive, '.pom');
      continue;
    }
    const side = archive.endsWith('-test-sources.jar') ? 'test' : 'main';
    const parts = join(folder, `${side}.parts`);
    await mkdir(parts);
    await unpackOne(archive, parts);
    await rm(join(parts, 'META-INF'), { recursive: true, force: true });
    // A jar mixes sources and resources; the compiler takes the ones, the class path the others.
    await cp(parts, join(folder, 'src', side, 'java'), {
      recursive: true,
      filter: async (path) => path.endsWith('.java') || (await stat(path)).isDirectory(),
    });
    await cp(parts, join(folder, 'src', side, 'resources'), { recursive: true, filter: (path) => !path.endsWith('.java') });
    await rm(parts, { recursive: true });
  }
  return { root: folder, name };
}

async function unpackOne(archive: string, folder: string): Promise<void> {
  const path = resolve(archive);
  try {
    if (await isZip(path)) await run('python3', ['-m', 'zipfile', '-e', path, folder]);
    else await run('tar', ['-xf', path, '--no-same-owner', '--no-same-permissions', '-C', folder]);
  } catch (cause) {
    throw new Problem('bad_archive', `${archive} cannot be unpacked: ${messageOf(cause).trim().slice(-400)}`, {
      hint: 'give a tar (.tar.gz, .tgz, .crate) or a zip of a release with its tests',
      cause,
    });
  }
}

/** The folder that holds the package: archives wrap it in one of its name, Go's in several. */
async function topOf(folder: string, archive: string): Promise<{ root: string; name: string }> {
  let root = folder;
  let names: string[] = [];
  for (;;) {
    const entries = (await readdir(root, { withFileTypes: true })).filter(({ name }) => name !== 'pax_global_header');
    const [only] = entries;
    if (only === undefined) throw new Problem('bad_archive', `${archive} holds no file`, { hint: 'give an archive of a release' });
    if (entries.length > 1 || !only.isDirectory()) break;
    names = [...names, only.name];
    root = join(root, only.name);
  }
  // npm calls every package so.
  const named = names.filter((name) => name !== 'package').at(-1);
  const own = archive
    .split('/')
    .at(-1)
    ?.replace(/\.(?:tar(?:\.\w+)?|tgz|crate|zip)$/, '');
  return { root, name: named ?? own ?? archive };
}

async function isZip(path: string): Promise<boolean> {
  const file = await open(path).catch((cause: unknown) => {
    throw new Problem('bad_archive', `${path}: ${messageOf(cause)}`, { cause, hint: 'give the path of an archive' });
  });
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1') === 'PK\u0003\u0004';
  } finally {
    await file.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
