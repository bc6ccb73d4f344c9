import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** What the pages promise, by number; tests name the ones that they show. */
const promised = [
  'a run of 100 turns shows its first rows at once, one of 50 MB within a second and 250 MB',
  'rows in the page are few, whatever the length of a run',
  'an index of turns comes first, bodies when they are seen',
  'a run opens at its first failure or finding',
  'keys lead to failures, findings, turns, rollouts and tasks',
  'rollouts of a task stand side by side from where they part',
  'find looks through the whole run',
  'a list of 80,000 rows sorts and filters within 200 ms',
  'every view has its address',
  'long values are cut, with their size, and can be fetched whole',
  'what is too deep or long is shown as plain text',
  'new turns never move the reader',
  'the age of what is shown is seen, and a failed poll empties nothing',
  'a running rollout says what it waits for',
  'a slow answer for one run never paints over another',
  'idle time is drawn short',
  'each number of the funnel leads to its rows',
  'decisions and findings lead to their evidence',
  'steering is previewed, reasoned and done once',
  'rates stand with n, interval and commit',
  'a bundle runs on any static server',
  'any format is shown, with unknown fields',
  'hostile text stays text',
  'foreign hosts and origins are refused everywhere',
  'everyone can use the pages',
] as const;

const folder = join(import.meta.dirname, '..');
const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts') && !name.endsWith('behaviours.test.ts'))
  .flatMap((name) => namesIn(readFileSync(join(folder, name), 'utf8')));

/** Names of tests that run: the first text behind a bracket. */
function namesIn(source: string): string[] {
  return [...source.matchAll(/(?<!\.skip|\.todo)\(\s*(['`])(behaviours? .*?)\1,/g)].map((found) => found[2] ?? '');
}

describe('what the pages promise', () => {
  it.each(promised.map((promise, index) => [index + 1, promise] as const))('%i: %s: is shown by a test', (number) => {
    const named = names.filter((name) => (/^behaviours? ([\d, and]+)/.exec(name)?.[1] ?? '').match(/\d+/g)?.includes(String(number)));
    expect(named).not.toEqual([]);
  });
});
