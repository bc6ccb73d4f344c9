/** How fresh what is shown is, in words; `state` is said by shape, too. */
export interface Age {
  state: 'waiting' | 'fresh' | 'stale' | 'failed';
  text: string;
}

/** Times in milliseconds since the epoch. `at`: when a server last said that this is how things are. */
export function ageOf(shown: { at: number | null; problem: string | null; staleAfter: number }, now: number): Age {
  const { at, problem, staleAfter } = shown;
  if (at === null) return problem === null ? { state: 'waiting', text: 'loading' } : { state: 'failed', text: `no data: ${problem}` };
  const age = Math.max(0, now - at);
  const old = `${ageText(age)} old`;
  if (age > staleAfter) return { state: 'stale', text: `stale: ${old}${problem === null ? '' : `; ${problem}`}` };
  if (problem !== null) return { state: 'failed', text: `${old}; the last try failed: ${problem}` };
  return { state: 'fresh', text: age < 1500 ? 'up to date' : old };
}

function ageText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
