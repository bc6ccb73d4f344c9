import type { Place } from '../../schemas/place.ts';

/** What could not be read, and where first; `rows`: for how many lines or rows of the file this is said. */
export interface BadPlace {
  place: Place;
  problem: string;
  rows: number;
}

/** Numbers of lines that are named. */
const named = 8;

/** Groups held before they are given, so that a file of nothing but different problems does not fill the memory. */
const mostGroups = 1000;

/** Puts the same problems of one file together, so that a file that is no good as a whole gives one message. */
export class ProblemTally {
  #groups = new Map<string, { first: BadPlace; numbers: number[]; rows: number }>();
  #file: string | null = null;

  /** Gives the problems of the file before, where this one is of another. */
  add({ place, problem, rows }: BadPlace): BadPlace[] {
    const done = place.file === this.#file && this.#groups.size < mostGroups ? [] : this.end();
    this.#file = place.file;
    const key = kindOf(problem);
    const group = this.#groups.get(key) ?? { first: { place, problem, rows }, numbers: [], rows: 0 };
    if (place.number !== null && group.numbers.length < named) group.numbers.push(place.number);
    group.rows += rows;
    this.#groups.set(key, group);
    return done;
  }

  /** All that has not been given. */
  end(): BadPlace[] {
    const groups = [...this.#groups.values()];
    this.#groups = new Map();
    return groups.map(({ first, numbers, rows }) => {
      if (rows === first.rows) return first;
      const more = rows > numbers.length ? ', …' : '';
      const units = first.place.unit === 'row' ? 'rows' : 'lines';
      return { ...first, problem: `${first.problem} (${rows} such ${units}: ${numbers.join(', ')}${more})`, rows };
    });
  }
}

/** Problems of one kind differ in the words of the JSON parser. */
function kindOf(problem: string): string {
  return problem.startsWith('not JSON') ? 'not JSON' : problem;
}
