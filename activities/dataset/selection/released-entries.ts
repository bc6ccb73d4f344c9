import { createReadStream } from 'node:fs';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import { ReleasedLedgerEntry, type ReleaseManifest } from '../../../schemas/release.ts';
import { jsonLinesOf } from '../../tables/json-rows.ts';
import type { ReleaseFolder } from '../release-folder.ts';

/**
 * The ledger of a release, an entry at a time, in the order of the file. Throws `Problem` release_damaged with the line that is none.
 */
export async function* releasedEntries(
  folder: ReleaseFolder,
  { ledger }: Pick<ReleaseManifest, 'ledger'>,
): AsyncGenerator<ReleasedLedgerEntry> {
  for await (const { text, line, problem } of jsonLinesOf(createReadStream(await folder.localFile(ledger.path)))) {
    if (problem !== null) throw damaged(folder, ledger.path, line, problem);
    yield entryOf(text, (what) => damaged(folder, ledger.path, line, what));
  }
}

function entryOf(text: string, failure: (what: string) => Problem): ReleasedLedgerEntry {
  try {
    return ReleasedLedgerEntry.parse(JSON.parse(text));
  } catch (error) {
    throw failure(messageOf(error));
  }
}

function damaged({ location }: ReleaseFolder, path: string, line: number, what: string): Problem {
  return new Problem('release_damaged', `${location}: line ${line} of ${path} is no ledger entry: ${what}`, {
    hint: 'build the release again, or take it from where it came from',
  });
}
