import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../schemas/problem.ts';
import { withLock } from '../../platform/lock.ts';
import { findProgram, isRoot, runCommand } from './system-command.ts';

/** The archive that this machine installs from. */
export interface DebianArchive {
  uri: string;
  /** Code name of the release: bookworm, noble… */
  suite: string;
  components: string[];
}

/** Installs Debian packages. Throws `Problem` when this is not root on Debian or Ubuntu, or apt-get fails. */
export async function installPackages(packages: readonly string[], purpose: string): Promise<void> {
  if (!isRoot() || findProgram('apt-get') === undefined) {
    throw new Problem('not_installable', `${purpose}: cannot be installed without root on Debian or Ubuntu`, {
      hint: `install it yourself: apt-get install ${packages.join(' ')}`,
    });
  }
  const hint = 'run "apt-get update" to see whether the package sources answer';
  const env = { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'a', NEEDRESTART_SUSPEND: '1' };
  // apt-get can wait for dpkg's lock, but never for that of its package lists.
  await withLock('apt', async () => {
    await runCommand('apt-get', ['update', '-q'], { purpose, hint, env });
    const install = ['install', '-q', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];
    await runCommand('apt-get', [...install, ...packages], { purpose, hint, env });
  });
}

/** The archive of this machine's own release, from its apt sources. Throws `Problem` no_debian_archive. */
export function machineArchive(): DebianArchive {
  const suite = codename();
  const archive = suite === undefined ? undefined : archiveOf(readSources(), suite);
  if (archive !== undefined) return archive;
  throw new Problem('no_debian_archive', 'the apt sources of this machine name no archive that its own release comes from', {
    hint: 'add a "deb URI SUITE main" line to /etc/apt/sources.list, or use an engine that can pull from a registry',
  });
}

/** The first archive in apt source files, one-line or deb822, that carries `suite` with its component `main`. */
export function archiveOf(sources: readonly string[], suite: string): DebianArchive | undefined {
  return sources
    .flatMap((text) => [...oneLineEntries(text), ...stanzaEntries(text)])
    .filter(({ uri, suites, components }) => /^(https?|file):/.test(uri) && suites.includes(suite) && components.includes('main'))
    .map(({ uri, components }) => ({ uri, suite, components }))[0];
}

interface SourceEntry {
  uri: string;
  suites: string[];
  components: string[];
}

function oneLineEntries(text: string): SourceEntry[] {
  return text.split('\n').flatMap((line) => {
    const [, uri, suite, components] = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+([^#]+)/.exec(line.trim()) ?? [];
    return uri === undefined || suite === undefined || components === undefined
      ? []
      : [{ uri, suites: [suite], components: words(components) }];
  });
}

function stanzaEntries(text: string): SourceEntry[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const field = (name: string) => words(new RegExp(`^${name}:(.*)$`, 'im').exec(stanza)?.[1] ?? '');
    if (!field('Types').includes('deb') || field('Enabled').includes('no')) return [];
    return field('URIs').map((uri) => ({ uri, suites: field('Suites'), components: field('Components') }));
  });
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function readSources(): string[] {
  const folder = '/etc/apt/sources.list.d';
  const parts = existsSync(folder) ? readdirSync(folder).filter((name) => /\.(list|sources)$/.test(name)) : [];
  return ['/etc/apt/sources.list', ...parts.toSorted().map((name) => join(folder, name))]
    .filter(existsSync)
    .map((path) => readFileSync(path, 'utf8'));
}

function codename(): string | undefined {
  const release = '/etc/os-release';
  return existsSync(release) ? /^VERSION_CODENAME=(\S+)$/m.exec(readFileSync(release, 'utf8'))?.[1] : undefined;
}
