import { normalisedPackage, ownerOf, type Project } from './project.ts';

/** What distributions put before a name: the language that a package is for. */
const before =
  /^(?:python[\d.]*|py[\d.]*|node|ruby[\d.]*|php\d*|perl|golang|rust|r-cran|r|haskell|ghc|ocaml|erlang|elixir|elpa|vim|lua[\d.]*|texlive|python3?\d*packages|lib)[-.]/i;
/** What they put behind it: which part or build of the package it is. */
const behind =
  /[-_](?:unwrapped|src|source|sources|dbgsym|dbg|debuginfo|debugsource|doc|docs|git|bin|full|minimal|wrapped|devel|dev|stable|nightly|latest|feedstock|all)$/i;
const decorated =
  /^(?:py|node|ruby|php|perl|golang|rust|r-|haskell|ghc|ocaml|erlang|elixir|elpa|vim|lua|texlive|lib)|[-_][a-z]+$|[a-z]\d$/i;
/** Debian's libraries for other languages than C. */
const libraryOf = /^lib(.+)-(?:java|perl|ruby[\d.]*|php|cil|ocaml|gradle)$/i;

/**
 * Whether a name is one under which a registry or a distribution publishes the project: bare, or as `python3-name`,
 * `golang-github-owner-name-dev`, `libowner-name-java`, `name3`. False while no project is known.
 */
export function isPublishedAs(name: string, project: Project): boolean {
  const { packages } = project;
  if (packages.size === 0) return false;
  const plain = normalisedPackage(name);
  if (packages.has(plain)) return true;
  if (!decorated.test(plain)) return false;
  const bare = plain.replace(before, '').replace(behind, '');
  const inner = libraryOf.exec(plain)?.[1] ?? libraryOfC(plain, project);
  return [bare, ...(inner === undefined ? [] : [inner])].some((one) => one.length > 1 && isBareName(one, project));
}

function isBareName(name: string, project: Project): boolean {
  const { packages, repo } = project;
  if (packages.has(name) || (/[a-z]\d$/.test(name) && packages.has(name.slice(0, -1)))) return true;
  // The owner stands before it where the name alone is taken: `google-gson`, `github-gin-gonic-gin`.
  const whole = repo?.replace(/[/_.]+/g, '-');
  return whole !== undefined && (name === whole || name.endsWith(`-${whole}`));
}

/** `libcurl4` is curl's own; `libyaml` is not every project's that is called yaml. */
function libraryOfC(name: string, project: Project): string | undefined {
  const inner = /^lib([a-z][a-z-]*?)[-\d.]*(?:-dev|-dbg|-doc)?$/.exec(name)?.[1];
  return inner !== undefined && inner === ownerOf(project) ? inner : undefined;
}
