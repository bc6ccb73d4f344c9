import { TeacherQuirk } from '../../schemas/teacher-quirk.ts';
import { draw } from './draw.ts';

/** Quirks of which an answer has one at most: no server has two, and no client could tell what they mean together. */
const alternatives: TeacherQuirk[][] = [
  ['calls_under_one_index', 'calls_without_index', 'index_as_text'],
  ['equal_ids', 'empty_ids', 'id_as_number', 'id_in_every_piece'],
  ['done_without_finish', 'finish_with_last_piece', 'finish_twice', 'other_finish_word'],
  ['done_without_finish', 'no_done'],
  ['plain_text_type', 'no_content_type'],
  // A name that is repeated begins another call where nothing else tells calls apart.
  ['name_in_every_piece', 'calls_under_one_index'],
  ['name_in_every_piece', 'calls_without_index'],
];

/** Those that go together, the first of each conflict. */
export function together(quirks: Iterable<TeacherQuirk>): Set<TeacherQuirk> {
  const chosen = new Set<TeacherQuirk>();
  for (const quirk of quirks) {
    const taken = alternatives.some((group) => group.includes(quirk) && group.some((other) => chosen.has(other)));
    if (!taken) chosen.add(quirk);
  }
  return chosen;
}

/** Each quirk with this probability, the same for the same seed, key and attempt. */
export function quirksByChance(probability: number, seed: string): TeacherQuirk[] {
  const drawn = TeacherQuirk.options.filter((quirk) => draw(`${seed}\0${quirk}`) < probability);
  // In an order by chance too, so that each of two that exclude each other has its turn.
  return drawn.toSorted((a, b) => draw(`${seed}\0order\0${a}`) - draw(`${seed}\0order\0${b}`));
}

/** Whether pieces of a call could not be told from those of another: the call then comes whole. */
export function callsAreWhole(quirks: ReadonlySet<TeacherQuirk>): boolean {
  const noIndex = quirks.has('calls_under_one_index') || quirks.has('calls_without_index');
  return (
    quirks.has('arguments_in_one_piece') ||
    quirks.has('arguments_as_object') ||
    (noIndex && (quirks.has('equal_ids') || quirks.has('empty_ids')))
  );
}
