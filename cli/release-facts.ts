import { isDeepStrictEqual } from 'node:util';
import type { ReleaseInput } from '../schemas/activity-inputs.ts';
import { licenceRefusal } from '../activities/dataset/index.ts';
import { Problem } from '../schemas/problem.ts';
import type { PrivateKind } from '../schemas/private-text.ts';
import type { ReleaseManifest } from '../schemas/release.ts';
import type { ReleaseQuery } from '../schemas/release-query.ts';

/** What a person has to know of a release that was built or made of others: its size, what may not enter it, and what was replaced. One line each. */
export function builtText(folder: string, manifest: ReleaseManifest): string {
  const { rows, shards, ledger, content_sha256, refused_licences, redaction } = manifest;
  return [
    `${rows} rows in ${shards.length} shards, ${ledger.entries} ledger entries`,
    ...refusedLines(refused_licences),
    ...redactionLines(redaction),
    ...publishedLines(manifest),
    folder,
    `content ${content_sha256}`,
  ].join('\n');
}

/** Rows that may not enter, in one line; none where there are none. */
export function refusedLines(refused: ReleaseManifest['refused_licences']): string[] {
  if (refused.length === 0) return [];
  const rows = refused.reduce((sum, each) => sum + each.rows, 0);
  const kinds = refused.slice(0, 5).map((each) => `${each.licence} ${each.rows}`);
  const more = refused.length > 5 ? `, and ${refused.length - 5} other reasons` : '';
  return [
    `${rows} rows left out for their licence (${kinds.join(', ')}${more}); rows of other tools: state it by judge --licence or --licences; to let them in: --licences any; to leave them out with exit code 0: --licences known`,
  ];
}

function redactionLines(redaction: ReleaseManifest['redaction']): string[] {
  if (redaction === undefined) return [];
  const places = Object.entries(redaction.places).map(([kind, count]) => `${kind} ${count}`);
  const what = places.length === 0 ? 'nothing to replace' : `replaced in ${redaction.rows} rows: ${places.join(', ')}`;
  return [`${what}; ${redaction.ledger_entries} ledger entries; ${redaction.patches} patches changed by it`];
}

/** What whoever publishes the release has to know: rows without a known licence that were let in, and what nothing replaced. */
export function publishedLines(manifest: ReleaseManifest): string[] {
  return [...unlicensedLines(manifest), ...privateLines(manifest)];
}

function unlicensedLines({ figures }: ReleaseManifest): string[] {
  const counts = new Map<string, number>();
  for (const { license, rows } of figures?.repositories ?? []) {
    const refusal = licenceRefusal({}, license);
    if (refusal !== undefined) counts.set(refusal, (counts.get(refusal) ?? 0) + rows);
  }
  if (counts.size === 0) return [];
  const kinds = [...counts].sort(([, a], [, b]) => b - a).map(([kind, rows]) => `${kind} ${rows}`);
  const more = kinds.length > 5 ? `, and ${kinds.length - 5} others` : '';
  const rows = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [`${rows} rows have no known licence and were let in by --licences any (${kinds.slice(0, 5).join(', ')}${more})`];
}

/**
 * Whether rows were left out for their licence though nobody named the licences that may enter: the exit code says that too, so that no
 * script takes such a release for all of the rows.
 */
export function leftOutUnasked({ refused_licences }: ReleaseManifest, asked: ReleaseQuery['licences']): boolean {
  return asked === undefined && refused_licences.length > 0;
}

/** What the rules found in rows of the release and nothing replaced. */
function privateLines({ figures, redaction, redacted_before = [] }: ReleaseManifest): string[] {
  const replaced = new Set([...(redaction?.kinds ?? []), ...redacted_before]);
  const left = (figures?.private ?? []).flatMap(({ rule, found }) => {
    const kinds = (kindsOfRule[rule] ?? []).filter((kind) => !replaced.has(kind));
    return found > 0 && kinds.length > 0 ? [{ text: `${rule} in ${found} rows`, kinds }] : [];
  });
  if (left.length === 0) return [];
  const kinds = left.flatMap((each) => each.kinds).join(',');
  return [`published as they are: ${left.map(({ text }) => text).join(', ')}; to replace them: --redact ${kinds}; which: tracemill why ID`];
}

/** Which kinds of things a rule on what should not be published looks for. */
const kindsOfRule: Record<string, readonly PrivateKind[]> = {
  secrets: ['secrets'],
  high_entropy: ['high_entropy'],
  personal_data: ['emails', 'home_folders'],
};

/**
 * A build that was under way is joined, and may have been asked for something else. Throws `Problem` release_differs, so that nobody
 * takes such a release for one whose texts were replaced, whose licences were looked at, or that has the rows that were meant.
 */
export function requireAsked(
  { campaign, version, query, form = 'trajectory', redact = [] }: ReleaseInput,
  manifest: ReleaseManifest,
): void {
  const asked = { ...conditions(query ?? { campaigns: [campaign] }), form, redact: redact.toSorted() };
  const built = {
    ...conditions(manifest.query ?? { campaigns: [manifest.campaign] }),
    form: manifest.form,
    redact: (manifest.redaction?.kinds ?? []).toSorted(),
  };
  const fields = [...new Set([...Object.keys(asked), ...Object.keys(built)])];
  const valueOf = (of: object, field: string): unknown => Object.entries(of).find(([name]) => name === field)?.[1];
  const other = fields.filter((field) => !isDeepStrictEqual(valueOf(asked, field), valueOf(built, field)));
  if (other.length === 0) return;
  throw new Problem(
    'release_differs',
    `a build of release ${version} of ${campaign} that was under way was joined, and it was asked for other ${other.join(', ')}`,
    { hint: 'that release is complete; run the command again to replace it by the one that was asked for' },
  );
}

/** A query with what is meant where it says nothing. */
function conditions({ campaigns, licences = 'known', ...others }: ReleaseQuery): ReleaseQuery {
  return { ...others, campaigns: [...new Set(campaigns)].sort(), licences };
}

/**
 * What a person has to know before one release takes the place of another: that the one which was there had replaced what the new one
 * shows. Undefined where it does not.
 */
export function bareText(before: ReleaseManifest | undefined, after: ReleaseManifest): string | undefined {
  const bare = (before?.redaction?.kinds ?? []).filter((kind) => after.redaction?.kinds.includes(kind) !== true);
  if (bare.length === 0) return undefined;
  return `the release that was there had replaced ${bare.join(', ')}; this one shows them as they are: add --redact ${bare.join(',')} to replace them`;
}
