import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { PlannedRows } from '../../activities/dataset/selection/planned-rows.ts';
import type { Resolved } from '../../schemas/verdict.ts';

const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const ref = (text: string, size_bytes: number) => ({
  sha256: sha(text),
  size_bytes,
  content_type: size_bytes % 2 === 0 ? 'application/json' : 'text/plain',
});
const verdicts: Resolved[] = [-1, 0, 1];

it('rows of a plan are what was put in, and know the hashes of those that were made', () => {
  const rows = new PlannedRows();
  const made = Array.from({ length: 300 }, (_, number) => ({
    id: `${number.toString(16).padStart(8, '0')}-0000-5000-8000-00000000000${number % 10}`,
    trajectory: ref(`trajectory ${number}`, number * 3_000_000_000 + (number % 2)),
    task: ref(`task ${number}`, number),
    resolved: verdicts[number % 3] ?? 0,
    git_hack_attempted: number % 5 === 0,
    clean: number % 7 === 0,
  }));
  for (const row of made) rows.add(row);
  expect(rows.length).toBe(300);
  expect(made.map((_, index) => rows.row(index))).toEqual(made);
  expect(rows.bytes(299)).toBe(299 * 3_000_000_000 + 1 + 299);
  for (let index = 0; index < 300; index += 2) rows.setHash(index, sha(`row ${index}`));
  expect(made.map(({ id }) => rows.hashOf(id))).toEqual(made.map((_, index) => (index % 2 === 0 ? sha(`row ${index}`) : null)));
  expect(made.map((_, index) => rows.row(index))).toEqual(made);
  expect(rows.hashOf('00000000-0000-5000-8000-0000000000ff')).toBeNull();
  expect(() => rows.row(300)).toThrow(RangeError);
});
