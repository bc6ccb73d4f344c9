import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissingFile } from '../../../platform/missing-file.ts';
import { streamEntries } from '../../journal/stream-entries.ts';
import { nothingSpent, type Spent, withPaid } from './campaign-budget.ts';

/**
 * What a campaign's journals on this host say it has spent. Only a missing folder means that nothing was spent. Any other
 * error of the file system is thrown: a budget that silently starts again would be spent twice.
 */
export async function journalledSpending(journals: string, campaign: string): Promise<Spent> {
  let spent = nothingSpent;
  for (const file of await journalFiles(join(journals, campaign))) {
    for await (const paid of streamEntries(file, 'exchange')) spent = withPaid(spent, paid);
  }
  return spent;
}

async function journalFiles(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile() && entry.name.endsWith('.jsonl')).map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (isMissingFile(error)) return [];
    throw error;
  }
}
