import { expect, it } from 'vitest';
import { IdTable } from '../../activities/dataset/verify/id-table.ts';
import { LedgerRows } from '../../activities/dataset/verify/ledger-rows.ts';

const idOf = (number: number) =>
  `${((number * 2654435761) % 4294967296).toString(16).padStart(8, '0')}-0000-5000-8000-${number.toString(16).padStart(12, '0')}`;

it('ids have the numbers of their first coming, however many they are and however alike', () => {
  const table = new IdTable();
  const counting = Array.from({ length: 5000 }, (_, number) => `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`);
  const ids = [...Array.from({ length: 5000 }, (_, number) => idOf(number)), ...counting.slice(1)];
  expect(ids.map((id) => table.numberOf(id))).toEqual(ids.map((_, number) => number));
  expect(ids.map((id) => table.numberOf(id))).toEqual(ids.map((_, number) => number));
  expect(ids.map((id) => table.find(id))).toEqual(ids.map((_, number) => number));
  expect(ids.map((_, number) => table.id(number))).toEqual(ids);
  expect(table.find('ffffffff-ffff-4fff-8fff-ffffffffffff')).toBeUndefined();
  expect(table.length).toBe(ids.length);
});

it('rows of a ledger are what was put in, the last one under each id, and those not seen are told in order', () => {
  const rows = new LedgerRows();
  const made = Array.from({ length: 200 }, (_, number) => ({
    id: idOf(number),
    line: number + 1,
    folder: `data/${number % 3}`,
    sha256: number % 4 === 0 ? null : number.toString(16).padStart(64, '0'),
    facts: {
      instance_id: `acme__parser-${number}`,
      repo: 'acme/parser',
      license: number % 2 === 0 ? 'MIT' : '',
      language: 'python',
      resolved: (number % 3) - 1,
      hf_dataset_name: 'local',
      model: 'Scripted',
      thinks: number % 2 === 1,
      git_hack_attempted: number % 5 === 0,
    },
  }));
  for (const row of made) rows.set({ ...row, sha256: 'f'.repeat(64), line: 9999 });
  for (const row of made) rows.set(row);
  expect(made.map(({ id }) => rows.get(id))).toEqual(made);
  expect(rows.see(idOf(3))).toBe(false);
  expect(rows.see(idOf(3))).toBe(true);
  expect(rows.get(idOf(3))).toEqual(made[3]);
  expect([...rows.unseen()]).toEqual(made.filter((_, number) => number !== 3));
  expect(rows.get(idOf(777))).toBeUndefined();
  expect(rows.see(idOf(777))).toBe(false);
});
