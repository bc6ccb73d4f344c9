import { PrivateKind } from '../../../schemas/private-text.ts';
import { Problem } from '../../../schemas/problem.ts';
import type { ReleaseManifest } from '../../../schemas/release.ts';
import type { ReleaseQuery } from '../../../schemas/release-query.ts';
import { type OpenRelease, openRelease } from '../open-release.ts';
import type { ReleaseFolder } from '../release-folder.ts';
import { sumFunnels } from '../figures/sum-funnels.ts';

/** Each release once, in an order of their own. Throws `Problem` release_conflict where columns differ. */
export async function openSources(folders: readonly ReleaseFolder[]): Promise<OpenRelease[]> {
  const known = new Map<string, OpenRelease>();
  for (const folder of folders) {
    const release = await openRelease(folder);
    const { campaign, version, content_sha256, ledger } = release.manifest;
    known.set([campaign, version, content_sha256, ledger.sha256].join(' '), release);
    const [first] = known.values();
    if (JSON.stringify(first?.manifest.columns) === JSON.stringify(release.manifest.columns)) continue;
    throw new Problem('release_conflict', `${folder.location} has other columns than ${folders[0]?.location}`, {
      hint: 'build it again with the same version of tracemill and the same --form',
    });
  }
  return [...known.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, release]) => release);
}

/** Licences that rows may have: what was asked for, else what all sources were built with, else those that are known. */
export function gateOf(releases: readonly OpenRelease[], asked: ReleaseQuery['licences']): Pick<ReleaseQuery, 'licences'> {
  const gates = releases.map(({ manifest }) => manifest.query?.licences ?? 'known');
  const [first = 'known', ...others] = gates;
  const text = (gate: typeof first) => JSON.stringify(typeof gate === 'string' ? gate : gate.toSorted());
  const licences = asked ?? (others.every((other) => text(other) === text(first)) ? first : 'known');
  return licences === 'known' ? {} : { licences };
}

/** Kinds of things that every source had replaced already, itself or in what it was made of. */
export function replacedBefore(releases: readonly OpenRelease[]): PrivateKind[] {
  return PrivateKind.options.filter((kind) =>
    releases.every(
      ({ manifest: { redaction, redacted_before = [] } }) => redaction?.kinds.includes(kind) === true || redacted_before.includes(kind),
    ),
  );
}

/** Releases of the same campaigns have the same rollouts, which count once: by the funnel of the one that knows most of them. */
export function funnelOf(releases: readonly OpenRelease[]): ReleaseManifest['funnel'] {
  const known = new Map<string, OpenRelease>();
  const decided = ({ manifest: { funnel } }: OpenRelease) => funnel.total.planned - funnel.total.open;
  for (const release of releases) {
    const name = (release.manifest.query?.campaigns ?? [release.manifest.campaign]).join(' ');
    const other = known.get(name);
    if (other === undefined || decided(release) > decided(other)) known.set(name, release);
  }
  const named = [...known.keys()].flatMap((key) => key.split(' '));
  if (new Set(named).size < named.length)
    throw new Problem('release_conflict', 'two of the releases share some of their campaigns, not all', {
      hint: 'build one release of all these campaigns: tracemill release build CAMPAIGN…',
    });
  return sumFunnels([...known.values()].map(({ manifest }) => manifest.funnel));
}
