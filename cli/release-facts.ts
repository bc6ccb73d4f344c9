import type { ReleaseInput } from '../schemas/activity-inputs.ts';
import { Problem } from '../schemas/problem.ts';
import type { ReleaseManifest } from '../schemas/release.ts';

/** What a person has to know of a release that was built: its size, what may not enter it, and what was replaced. One line each. */
export function builtText(folder: string, manifest: ReleaseManifest): string {
  const { rows, shards, ledger, content_sha256, refused_licences, redaction } = manifest;
  return [
    `${rows} rows in ${shards.length} shards, ${ledger.entries} ledger entries`,
    ...refusedLines(refused_licences),
    ...redactionLines(redaction),
    folder,
    `content ${content_sha256}`,
  ].join('\n');
}

function refusedLines(refused: ReleaseManifest['refused_licences']): string[] {
  if (refused.length === 0) return [];
  const rows = refused.reduce((sum, each) => sum + each.rows, 0);
  const kinds = refused.slice(0, 5).map((each) => `${each.licence} ${each.rows}`);
  const more = refused.length > 5 ? `, and ${refused.length - 5} other reasons` : '';
  return [
    `${rows} rows left out for their licence (${kinds.join(', ')}${more}); rows of other tools: state it by judge --licence or --licences; to let them in: --licences any`,
  ];
}

function redactionLines(redaction: ReleaseManifest['redaction']): string[] {
  if (redaction === undefined) return [];
  const places = Object.entries(redaction.places).map(([kind, count]) => `${kind} ${count}`);
  const what = places.length === 0 ? 'nothing to replace' : `replaced in ${redaction.rows} rows: ${places.join(', ')}`;
  return [`${what}; ${redaction.ledger_entries} ledger entries; ${redaction.patches} patches changed by it`];
}

/**
 * A build that was under way is joined, and may have been asked for something else. Throws `Problem` release_differs, so that nobody
 * takes such a release for one whose texts were replaced or whose licences were looked at.
 */
export function requireAsked({ campaign, version, query, redact = [] }: ReleaseInput, manifest: ReleaseManifest): void {
  const asked = JSON.stringify([query?.licences ?? 'known', redact]);
  if (JSON.stringify([manifest.query?.licences ?? 'known', manifest.redaction?.kinds ?? []]) === asked) return;
  throw new Problem(
    'release_differs',
    `a build of release ${version} of ${campaign} that was under way was joined, and it was asked for other licences or replacements`,
    { hint: 'that release is complete; run the command again to replace it by the one that was asked for' },
  );
}
