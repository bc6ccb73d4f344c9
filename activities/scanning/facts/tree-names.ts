import { learnPackage, normalisedPackage, type Project } from './project.ts';

const manifests: [sign: string, pattern: RegExp][] = [
  ['"name"', /^\s*"name"\s*:\s*"(@?[\w./-]{2,80})"\s*,?\s*\n\s*"(?:version|description|private|main|type)"/m],
  ['name', /^\[(?:project|package|tool\.poetry|metadata)\]\s*\n(?:[^\n[]*\n){0,4}?\s*name\s*=\s*["']?([\w.-]{2,80})/m],
  ['module ', /^module\s+([\w.-]+\/[\w./-]+)\s*$/m],
];

/** One pattern passes over a text sooner than a search for each word, whose first letters are among the most frequent. */
const manifestSign = /name|module /;

const versionInManifest = /^\s*"?version"?\s*[:=]\s*["']?v?(\d+\.\d+(?:\.\d+)*)/m;

/**
 * Learns the project's own names from a manifest that a text shows, when that manifest's name is at least related to
 * what is known: a dependency's manifest must not make its package the project's own. Gives the version that stands beside such a name.
 */
export function learnNames(text: string, project: Project): string | undefined {
  let version: string | undefined;
  if (project.repo === undefined || !manifestSign.test(text)) return undefined;
  for (const [sign, pattern] of manifests) {
    const at = text.indexOf(sign);
    if (at === -1) continue;
    // A manifest has its name near its beginning.
    const name = pattern.exec(text.slice(Math.max(0, at - 400), at + 4_000))?.[1];
    if (name === undefined) continue;
    const last = name.startsWith('@')
      ? name
      : (name
          .replace(/\/v\d+$/, '')
          .split('/')
          .at(-1) ?? name);
    if (!isRelated(name, project)) continue;
    learnPackage(last, project);
    version ??= versionInManifest.exec(text.slice(Math.max(0, at - 400), at + 400))?.[1];
  }
  return version;
}

function isRelated(name: string, { repo, packages }: Project): boolean {
  if (repo === undefined) return false;
  const plain = normalisedPackage(name).replaceAll('/', '-');
  const parts = new Set(plain.split('-').filter((part) => part.length > 2));
  const owner = repo.split('/')[0] ?? '';
  return (
    name.toLowerCase().includes(repo) || parts.has(owner) || [...packages].some((own) => own.split('-').every((part) => parts.has(part)))
  );
}

/** Folders of a tree that hold no module of the project. */
const notModules =
  /^(?:tests?|testing|docs?|examples?|scripts?|tools?|build|dist|benchmarks?|ci|bin|data|src|lib|libs|packages?|crates|pkg|cmd|internal|unit|integration|spec|node_modules|vendor|contrib|util|utils|common|core|api|app|server|client|config|t|python|js)$/;

/** Learns the names of the modules in the tree from a path within it, relative to its root. */
export function learnModule(path: string, project: Project): void {
  const match = /^(?:(?:src|lib|python|py|source)\/)?([A-Za-z_]\w+)\/(?:[\w.-]+\/)*[\w.-]+\.py$/.exec(path);
  const name = match?.[1]?.toLowerCase();
  if (name !== undefined && !notModules.test(name) && project.modules.size < 20) project.modules.add(normalisedPackage(name));
}
