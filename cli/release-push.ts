import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { quote } from '../platform/quote.ts';
import { interruption } from './interrupt.ts';
import { megabytes } from './megabytes.ts';
import { note, printResult, wantsJson } from './output.ts';
import { publishedLines } from './release-facts.ts';
import { ProgressLine } from './progress-line.ts';

/** `tracemill release push RELEASE DEST`: a release where others load it from. */
export function pushCommand() {
  return new Command('push')
    .description('Copies a release into a folder or bucket, in the layout that load_dataset reads, and names the command for a hub.')
    .argument('<release>', 'folder of the release')
    .argument('<dest>', 'a folder, or s3://BUCKET/FOLDER')
    .option('--replace', 'replace files that are there with another content, and remove shards of another release')
    .option('--hub <owner/name>', 'dataset on a hub, for the command that is named', repository)
    .addHelpText(
      'after',
      `
What is there with the same hash is skipped, so a push that was stopped goes on. The card, README.md, is written last: half a
release never looks whole. A bucket is reached by AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION and
AWS_ENDPOINT_URL.

Examples:
  $ tracemill release push .tracemill/releases/demo/v1 ./demo-dataset --hub acme/demo
  $ tracemill release push .tracemill/releases/demo/v1 s3://datasets/demo
  $ tracemill release push demo-v2 ./demo-dataset --replace --json`,
    )
    .action(async (release, dest, { replace = false, hub }, command) => {
      const { localReleaseFolder, openRelease, pushRelease } = await import('../activities/dataset/index.ts');
      const line = new ProgressLine(wantsJson(command));
      const pushed = await pushRelease(localReleaseFolder(release), dest, {
        replace,
        signal: interruption(),
        onProgress: ({ phase, path, bytes, of }) =>
          line.show(() => (phase === 'writing' ? `${path}: ${megabytes(bytes)} of ${megabytes(of)} written` : `${phase} ${path}`)),
      });
      line.end();
      const { manifest } = await openRelease(localReleaseFolder(release));
      const { destination, rows, files, written, skipped, replaced, left_alone } = pushed;
      const hub_command = hubCommand(destination, hub ?? 'OWNER/NAME');
      if (left_alone.length > 0) note(`${left_alone.length} other files are there and stay: ${left_alone.slice(0, 5).join(', ')}`);
      printResult(command, { ...pushed, hub_command }, () =>
        [
          `${rows} rows in ${files} files: ${written.length} written, ${skipped.length} there already${replaced.length > 0 ? `, ${replaced.length} of them replaced or removed` : ''}`,
          ...publishedLines(manifest),
          destination,
          `for a hub: ${hub_command}`,
        ].join('\n'),
      );
    });
}

function repository(text: string): string {
  if (!/^[\w.-]+\/[\w.-]+$/.test(text)) throw new InvalidArgumentError('OWNER/NAME');
  return text;
}

/** One commit, so that nobody sees half of it. A bucket is fetched into a folder first. */
function hubCommand(destination: string, dataset: string): string {
  const upload = (folder: string) => `hf upload ${dataset} ${folder} . --repo-type dataset`;
  if (!destination.startsWith('s3://')) return upload(quoted(destination));
  return `aws s3 sync ${quoted(destination)} dataset && ${upload('dataset')}`;
}

function quoted(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : quote(text);
}
