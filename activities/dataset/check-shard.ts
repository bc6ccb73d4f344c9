import { basename } from 'node:path';
import { Problem } from '../../schemas/problem.ts';
import { ContentHash } from './content-hash.ts';
import { readShard } from './read-shard.ts';

/** Reads a written shard back and compares ids, their order and the content of every row. Throws `Problem` release_damaged. */
export async function checkShard(path: string, expected: { ids: string[]; contentSha256: string }, onRow: () => void): Promise<void> {
  const hash = new ContentHash();
  let count = 0;
  for await (const row of readShard(path)) {
    if (row.trajectory_id !== expected.ids[count])
      throw damaged(path, `row ${count} is ${row.trajectory_id}, not ${expected.ids[count] ?? 'the end'}`);
    hash.add(row);
    count += 1;
    onRow();
  }
  if (count !== expected.ids.length) throw damaged(path, `${count} rows instead of ${expected.ids.length}`);
  if (hash.hex() !== expected.contentSha256) throw damaged(path, 'some row reads differently from what was written');
}

function damaged(path: string, what: string): Problem {
  return new Problem('release_damaged', `${basename(path)} does not hold what was written into it: ${what}`, {
    hint: 'check the disk, then build the release again',
  });
}
