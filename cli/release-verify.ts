import { Command } from '@commander-js/extra-typings';
import { exitCodes } from './exit-codes.ts';
import { interruption } from './interrupt.ts';
import { note, printResult } from './output.ts';
import type { ReleaseCheck } from '../schemas/release-check.ts';

/** `tracemill release verify`: whether a release is what it says. */
export function verifyCommand() {
  return new Command('verify')
    .description(
      'Reads every row of a release and every line of its ledger, and makes each of its numbers anew. Ends with 1 where one is wrong.',
    )
    .argument('<folder>', 'the release')
    .addHelpText(
      'after',
      `
Checked are files, sizes, hashes, columns, row groups and statistics of every shard, ids, order, place and content of every row
against the ledger, the manifest's counts, filters, funnel and statistics, and every line of the card.

Examples:
  $ tracemill release verify .tracemill/releases/demo/v1
  $ tracemill release verify ./demo-v2 --json`,
    )
    .action(async (folder, _options, command) => {
      const { localReleaseFolder, verifyRelease } = await import('../activities/dataset/index.ts');
      const onShard = (done: number, shards: number) => {
        if (done % 10 === 0 || done === shards) note(`${done} of ${shards} shards read`);
      };
      const check = await verifyRelease(localReleaseFolder(folder), { onShard, signal: interruption() });
      printResult(command, check, () => checkText(check));
      if (check.damages > 0) process.exitCode = exitCodes.failed;
    });
}

function checkText({ shards, rows, entries, bytes, damage, damages }: ReleaseCheck): string {
  const read = `${rows} rows in ${shards} shards, ${entries} ledger entries, ${bytes} bytes read`;
  if (damages === 0) return `${read}: all is as the release says`;
  const lines = damage.map(
    ({ code, file, row, message, hint }) => `${file}${row === null ? '' : ` row ${row}`}: ${message} (${code})\n  ${hint}`,
  );
  const more = damages > damage.length ? [`and ${damages - damage.length} more`] : [];
  return [read, `${damages} things are wrong:`, ...lines, ...more].join('\n');
}
