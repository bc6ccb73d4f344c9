import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { megabytes } from './megabytes.ts';
import { interruption } from './interrupt.ts';
import { note, printResult } from './output.ts';

/** `tracemill view bundle PATH… --out DIR`: what `view` serves, as plain files. */
export function bundleCommand() {
  return new Command('bundle')
    .description('Writes the pages of a release, of trajectories or results as plain files for any web server or bucket.')
    .argument('<path...>', 'a release, or files and folders as tracemill view takes them')
    .requiredOption('--out <folder>', 'where the site goes: a new folder, an empty one, or an earlier bundle, which is replaced')
    .option('--limit <rows>', 'most rows of each list', count, 100_000)
    .option('--limit-mb <megabytes>', 'begin no row once the files together have this size', count, 20_000)
    .addHelpText(
      'after',
      `
The site needs no server of its own: no ranges, no rewriting, any path below a host. It names what limits left out, loads nothing
from elsewhere, and asks search engines to stay away. It appears when it is whole; the same source gives the same bytes.

Examples:
  $ tracemill view bundle .tracemill/releases/demo/v1 --out site/
  $ tracemill view bundle trajectories/ --out site/ --limit 500 --json`,
    )
    .action(async (paths, { out, limit, limitMb }, command) => {
      const { openAnyView } = await import('../web/server/open-any-view.ts');
      const { writeBundle } = await import('../web/server/bundle/write-bundle.ts');
      const { ensurePageBundle } = await import('../platform/page-bundle.ts');
      const signal = interruption();
      const pages = await ensurePageBundle();
      const view = await openAnyView(paths);
      try {
        await view.read;
        let said = Date.now();
        const bundled = await writeBundle({
          source: view,
          paths,
          pages: pages.path,
          out,
          limits: { rows: limit, bytes: limitMb * 1_000_000 },
          signal,
          progress: ({ collection, rows, of, bytes }) => {
            if (Date.now() - said < 2000) return;
            said = Date.now();
            note(`${collection}: ${rows} of ${of} rows, ${megabytes(bytes)}`);
          },
        });
        for (const reason of bundled.limits) note(`left out: ${reason}`);
        printResult(command, bundled, `${bundled.folder}: ${bundled.rows} rows, ${bundled.files} files, ${megabytes(bundled.bytes)}`);
      } finally {
        await view.close();
      }
    });
}

function count(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || !Number.isSafeInteger(value)) throw new InvalidArgumentError('it is no whole number from 1 on.');
  return value;
}
