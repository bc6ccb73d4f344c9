import { globSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { decodeJournal } from '../../activities/journal/journal.ts';
import { paths } from '../../platform/home.ts';
import type { JournalEntry, JournalEntryOf } from '../../schemas/journal-entry.ts';

/** Every journal of the home of this process, by its path below the folder of journals. */
export function readJournals(): Map<string, JournalEntry[]> {
  return new Map(journals().map((path) => [relative(paths.journals(), path), decodeJournal(readFileSync(path), path).entries]));
}

/** How much all journals hold: grows with the work done, whatever the speed of the machine. */
export function journalBytes(): number {
  return journals().reduce((sum, path) => sum + statSync(path).size, 0);
}

function journals(): string[] {
  return globSync(join(paths.journals(), '**/*.jsonl'));
}

export function entriesOf<T extends JournalEntry['type']>(entries: JournalEntry[], type: T): JournalEntryOf<T>[] {
  return entries.filter((entry): entry is JournalEntryOf<T> => entry.type === type);
}

/**
 * Rollouts in which a command ran twice: the demo's rollouts append `step N` to a file and print it before they end,
 * and number exchanges and observations from 0 without gaps.
 */
export function repeatedWork(journals: Map<string, JournalEntry[]>): string[] {
  return [...journals].flatMap(([name, entries]) => {
    const observations = entriesOf(entries, 'observation');
    const steps = observations.map(({ result }) => result.output.trim()).filter((output) => output.startsWith('step 1'));
    return [
      ...steps.filter((output) => output !== 'step 1\nstep 2').map((output) => `${name}: /tmp/steps.log holds ${JSON.stringify(output)}`),
      ...unordered(observations.map(({ action }) => action)).map((action) => `${name}: action ${action} is out of order`),
      ...unordered(entriesOf(entries, 'exchange').map(({ exchange }) => exchange)).map(
        (exchange) => `${name}: exchange ${exchange} is out of order`,
      ),
    ];
  });
}

function unordered(numbers: number[]): number[] {
  return numbers.filter((number, place) => number !== place);
}
