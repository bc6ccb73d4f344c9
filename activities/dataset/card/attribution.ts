import type { ReleaseManifest } from '../../../schemas/release.ts';
import type { RepositoryRows } from '../../../schemas/release-figures.ts';
import { licenceName } from './licence-counts.ts';
import { plain, table } from './markdown.ts';

/** Every repository whose code stands in rows, with its licence: what a licence asks whoever passes the code on to say. */
export function writeAttribution(
  { campaign, version }: Pick<ReleaseManifest, 'campaign' | 'version'>,
  repositories: readonly RepositoryRows[],
): string {
  return [
    `# Repositories in ${campaign} ${version}`,
    'Issue texts, patches, and the parts of files that observations show come from these repositories and stay under their licences. ' +
      '`stated` is what the source of the task says, `rows` counts the rows of the release.',
    repositories.length === 0
      ? 'The release has no rows.'
      : table(
          ['repository', 'licence', 'stated', 'rows'],
          repositories.map(({ repo, license, rows }) => [linked(repo), plain(licenceName(license)), plain(license), rows]),
        ),
    '',
  ].join('\n\n');
}

/** Names of two plain parts are those of GitHub, where the tasks come from. */
function linked(repo: string): string {
  if (repo === '') return 'not stated';
  return /^[A-Za-z0-9][\w.-]*\/[\w.-]+$/.test(repo) ? `[${plain(repo)}](https://github.com/${repo})` : plain(repo);
}
