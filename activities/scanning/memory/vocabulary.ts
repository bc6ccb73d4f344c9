import { readFileSync } from 'node:fs';

let known: { words: Map<string, number>; count: number } | undefined;

/**
 * The cluster of a common English word: words of one cluster are alike in meaning. Undefined for names, code and other
 * languages. `words.txt` has one cluster a line.
 */
export function clusterOf(word: string): number | undefined {
  known ??= read();
  return known.words.get(word);
}

/** How many clusters there are. */
export function clusters(): number {
  known ??= read();
  return known.count;
}

function read(): { words: Map<string, number>; count: number } {
  const lines = readFileSync(new URL('./words.txt', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  const words = new Map<string, number>();
  for (const [cluster, line] of lines.entries()) for (const word of line.split(' ')) words.set(word, cluster);
  return { words, count: lines.length };
}
