/** The names under which the task's own project is known to code hosts and package registries. */
export interface Project {
  /** `owner/name`, lower case; undefined when nothing is known. */
  repo: string | undefined;
  /** Normalised package names. */
  packages: ReadonlySet<string>;
}

/** `repo` is `owner/name`; an instance id `owner__name-number` stands in for it. */
export function projectOf(repo: string | undefined, packageNames: readonly string[] = [], instanceId = ''): Project {
  const fromId = /^(?:.*\/)?([A-Za-z0-9][\w.-]*?)__([\w.-]+?)(?:[-.]\d+|-[0-9a-f]{7,40})?$/.exec(instanceId);
  const known = repo ?? (fromId === null ? undefined : `${fromId[1] ?? ''}/${fromId[2] ?? ''}`);
  const name = known?.slice(known.indexOf('/') + 1) ?? '';
  const names = [...packageNames, ...(name === '' ? [] : variants(name))].map(normalisedPackage).filter((one) => one.length > 1);
  return { repo: known?.toLowerCase(), packages: new Set(names) };
}

function variants(name: string): string[] {
  const bare = name.replace(/\.(?:js|py|rs|go|ts|php|java)$/i, '');
  return [
    name,
    bare,
    bare.replace(/^(?:python|py|node|go|php|rust|js|java)[-_]/i, ''),
    bare.replace(/[-_](?:python|py|js|node|go|golang|rs|rust|php|java|cpp|ts)$/i, ''),
  ];
}

/** Lower case, one kind of separator, without scope. */
function normalisedPackage(name: string): string {
  return name
    .toLowerCase()
    .replace(/^@[^/]+\//, '')
    .replace(/[_.]+/g, '-');
}

/** Whether a package is the project's own; undefined when the project is not known. */
export function isOwnPackage(name: string, project: Project): boolean | undefined {
  if (project.packages.size === 0) return undefined;
  const plain = normalisedPackage(name);
  if (project.packages.has(plain)) return true;
  return (
    project.repo !== undefined &&
    name
      .toLowerCase()
      .replace(/\/v\d+$/, '')
      .includes(project.repo)
  );
}

/** Whether an address names the project's own repository, package or site. */
export function namesProject(address: string, project: Project): boolean {
  const text = address.toLowerCase().replaceAll('%2f', '/');
  if (project.repo !== undefined && text.includes(project.repo)) return true;
  const segments = text.split(/[/?#&=:@+%\s]+/).map((segment) => normalisedPackage(segment.replace(/\.git$/, '')));
  return segments.some(
    (segment) =>
      project.packages.has(segment) ||
      [...project.packages].some((own) => own.length > 3 && new RegExp(`^${own.replace(/[^\w-]/g, '.')}-v?\\d`).test(segment)),
  );
}
