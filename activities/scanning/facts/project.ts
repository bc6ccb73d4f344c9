import { otherNamesOf } from './other-names.ts';

/** The names under which the task's own project is known to code hosts and package registries. */
export interface Project {
  /** `owner/name`, lower case; undefined when nothing is known. */
  repo: string | undefined;
  /** Normalised package names; more are learned from the tree's own manifests. */
  packages: Set<string>;
  /** Names of the modules in its tree, lower case, with `-` for every separator. */
  modules: Set<string>;
}

/** `repo` is `owner/name`; an instance id `owner__name-number` stands in for it. */
export function projectOf(repo: string | undefined, packageNames: readonly string[] = [], instanceId = ''): Project {
  const fromId = /^(?:.*\/)?([A-Za-z0-9][\w.-]*?)__([\w.-]+?)(?:[-.]\d+|-[0-9a-f]{7,40})?$/.exec(instanceId);
  const known = repo ?? (fromId === null ? undefined : `${fromId[1] ?? ''}/${fromId[2] ?? ''}`);
  const name = known?.slice(known.indexOf('/') + 1) ?? '';
  const project: Project = { repo: known?.toLowerCase(), packages: new Set(), modules: new Set() };
  for (const one of [...packageNames, ...(name === '' ? [] : variants(name, (known?.split('/')[0] ?? '').toLowerCase()))])
    learnPackage(one, project);
  return project;
}

/** Adds a name under which the project is published, with the other names that it is known by. */
export function learnPackage(name: string, project: Project): void {
  const plain = normalisedPackage(name);
  if (plain.length < 2) return;
  project.packages.add(plain);
  for (const other of otherNamesOf(project.repo, plain)) project.packages.add(normalisedPackage(other));
}

function variants(name: string, owner: string): string[] {
  const bare = name.replace(/\.(?:js|py|rs|go|ts|php|java|jl|nvim|vim|el|net|cpp|rb)$/i, '');
  return [
    name,
    bare,
    ...(owner.length > 3 && isCalledAfter(bare.toLowerCase(), owner) ? [owner] : []),
    bare.replace(/^(?:python|py|node|go|php|rust|js|java)[-_]/i, ''),
    bare.replace(language, ''),
    ...derived(bare, owner),
  ];
}

/** An owner that is called after the project, or the other way round; `rack/rack-attack` is an extension of another. */
function isCalledAfter(name: string, owner: string): boolean {
  if (owner.startsWith(name)) return true;
  return name.startsWith(owner) && !/^[-_](?!(?:src|lang|monorepo|framework|project|main)$)/.test(name.slice(owner.length));
}

/** A language in a repository's name, which the package of that language needs not say. */
const language =
  /[-_](?:python|py|js|node|nodejs|javascript|typescript|go|golang|rs|rust|php|java|kotlin|cpp|cxx|ts|ruby|rb|dotnet|csharp|swift|elixir)(?=[-_]\w{4}|$)/i;
/** What organisations are called after their project with. */
const organisation = /[-_]?(?:rs|js|go|py|org|hq|inc|dev|team|lang|labs|project|community)$/;

/** Names that are made of a repository's by habit: `spring`, `awscli`, `debug_toolbar`, `serde_json` of serde-rs/json. */
function derived(name: string, owner: string): string[] {
  const stem = owner.replace(organisation, '');
  const plain = name.toLowerCase();
  const parts = plain.split(/[-_]/);
  return [
    ...(/[-_](?:framework|monorepo)$/.test(plain) ? [plain.replace(/[-_]\w+$/, '')] : parts.length > 1 ? [parts.join('')] : []),
    ...(parts[0] === 'django' && parts.length > 2 ? [parts.slice(1).join('-')] : []),
    ...(stem !== owner && stem.length > 2 && !plain.startsWith(stem) ? [`${stem}-${plain}`] : []),
  ].filter((one) => one.length > 4);
}

/** Lower case, one kind of separator, without scope. */
export function normalisedPackage(name: string): string {
  return name
    .toLowerCase()
    .replace(/^@[^/]+\//, '')
    .replace(/[_.]+/g, '-');
}

/** The owner of the repository without separators, as scopes and vendors write it. */
export function ownerOf(project: Project): string {
  return (project.repo?.split('/')[0] ?? '').replace(/[^a-z0-9]/g, '');
}

/** Whether a package is the project's own; undefined when the project is not known. */
export function isOwnPackage(name: string, project: Project): boolean | undefined {
  if (project.packages.size === 0) return undefined;
  const lower = name.toLowerCase();
  const scope = /^@([^/]+)\//.exec(lower)?.[1]?.replace(/[^a-z0-9]/g, '');
  const plain = normalisedPackage(name);
  if (project.packages.has(plain) && (scope === undefined || sharesName(scope, project))) return true;
  if (project.repo === undefined) return false;
  const path = lower.replace(/\/v\d+$/, '');
  return path.includes(project.repo) || isOwnModulePath(path, project) || isOwnVendored(path, project);
}

/** A scope belongs to the project when it is its owner, one of its names, or nothing is known against it. */
function sharesName(scope: string, project: Project): boolean {
  return scope !== 'types' && (scope === ownerOf(project) || [...project.packages].some((own) => own.replace(/[^a-z0-9]/g, '') === scope));
}

/** Go modules under an address of their own: `golang.org/x/tools` of golang/tools, `go.uber.org/zap` of uber-go/zap. */
export function isOwnModulePath(path: string, project: Project): boolean {
  const [host = '', ...rest] = path.replaceAll('!', '').split('/');
  if (project.repo === undefined || !host.includes('.') || /^(?:github|gitlab|bitbucket)\.(?:com|org)$/.test(host)) return false;
  const whole = project.repo.replace(/[^a-z0-9]/g, '');
  const labels = host.split('.').filter((label) => !/^(?:go|golang|gopkg|google|www|io|com|org|net|dev|in|sh|build)$/.test(label));
  const segments = rest
    .filter((segment) => segment !== 'x' && !/^v\d+$/.test(segment))
    .map((segment) => segment.replace(/[.@]v?\d.*$/, ''));
  return segments
    .slice(0, 2)
    .some(
      (segment) =>
        project.packages.has(normalisedPackage(segment)) ||
        (labels.length > 0 && whole.endsWith(segment.replace(/[^a-z0-9]/g, '')) && labels.every((label) => whole.includes(label))),
    );
}

/** `vendor/name` and `group:artifact` of registries that name the owner too. */
function isOwnVendored(name: string, project: Project): boolean {
  const [group = '', artifact = ''] = name.split(/[:/]/);
  if (artifact === '' || !group.replace(/[^a-z0-9]/g, '').includes(ownerOf(project)) || ownerOf(project) === '') return false;
  const plain = normalisedPackage(artifact);
  return [...project.packages].some((own) => plain === own || plain.startsWith(`${own}-`));
}

const versionTail = String.raw`\d?(?:[-_@.]+v?\d|[-_]?\d+\.\d)`;
/** How a project calls the packages that it is made of. */
const member =
  '(?:[-_](?:core|macros?|derive|builder|internals?|impl|sys|utils?|codegen|runtime|lex|types|common|proto|std|api|base|main|all|lib|shared|engine|parent|bom|kernel|support|complete|sources))?';
const patterns = new WeakMap<Project, { size: number; versioned: RegExp | undefined }>();

/** One of the project's names with a version behind it, at the start of a word: `name-1.2`, `name@v2`, `name_3.0.tar.gz`. */
export function namesVersion(word: string, project: Project): boolean {
  let known = patterns.get(project);
  if (known === undefined || known.size !== project.packages.size) {
    const names = [...project.packages].filter((own) => own.length > 1).map((own) => own.replaceAll('-', '[-_.]'));
    known = {
      size: project.packages.size,
      versioned: names.length === 0 ? undefined : new RegExp(`^(?:nupkg_)?(?:${names.join('|')})${member}${versionTail}`, 'i'),
    };
    patterns.set(project, known);
  }
  return known.versioned?.test(word) === true;
}

/** Whether an address names the project's own repository, package or site. */
export function namesProject(address: string, project: Project): boolean {
  const text = address.toLowerCase().replaceAll('%2f', '/');
  if (project.repo !== undefined && text.includes(project.repo)) return true;
  return text
    .split(/[/?#&=:@+%\s]+/)
    .map((segment) => segment.replace(/\.git$/, ''))
    .some((segment) => project.packages.has(normalisedPackage(segment)) || namesVersion(segment, project));
}

/** Whether a text in words names the project: its repository, or one of its names as a word of its own. */
export function mentionsProject(text: string, project: Project): boolean {
  const lower = text.toLowerCase();
  if (project.repo !== undefined && lower.includes(project.repo)) return true;
  const words = new Set(
    lower.split(/[^a-z0-9_.-]+/).flatMap((word) => [normalisedPackage(word), normalisedPackage(word.replace(/^\.+|\.+$/g, ''))]),
  );
  return [...project.packages].some(
    (own) => own.length > 2 && (words.has(own) || (own.includes('-') && lower.includes(own.replaceAll('-', ' ')))),
  );
}
