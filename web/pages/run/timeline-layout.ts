/** Where turns stand on a strip: from 0 to 1, and the idle times that are drawn short. */
export interface TimelineLayout {
  /** By time where it is known of every turn, else by number. */
  by: 'time' | 'number';
  places: number[];
  gaps: { place: number; ms: number }[];
}

/** A time without turns is drawn short when it is this long, and this many times the usual one. */
const shortestGap = 60_000;
const gapTimes = 20;

/** Lays turns out on a strip; `at` in milliseconds since the epoch, 0 where unknown. Notes count, as they have times, too. */
export function timelineLayout(at: readonly number[]): TimelineLayout {
  const known = at.filter((time) => time > 0);
  if (at.length < 2 || known.length < at.length * 0.9) {
    return { by: 'number', places: at.map((_time, index) => (at.length < 2 ? 0 : index / (at.length - 1))), gaps: [] };
  }
  const steps = stepsOf(at);
  const usual = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  const longest = Math.max(shortestGap, usual * gapTimes);
  const drawn = steps.map((step) => (step > longest ? longest / 2 : step));
  const whole = drawn.reduce((sum, step) => sum + step, 0);
  if (whole === 0) return timelineLayout(at.map(() => 0));
  const places = [0];
  const gaps: TimelineLayout['gaps'] = [];
  let done = 0;
  for (const [index, step] of drawn.entries()) {
    const real = steps[index] ?? 0;
    if (real > longest) gaps.push({ place: (done + step / 2) / whole, ms: real });
    done += step;
    places.push(done / whole);
  }
  return { by: 'time', places, gaps };
}

/** Times between turns; one that is unknown or goes back takes none. */
function stepsOf(at: readonly number[]): number[] {
  let last = at.find((time) => time > 0) ?? 0;
  return at.slice(1).map((time) => {
    const step = time > last ? time - last : 0;
    last = Math.max(last, time);
    return step;
  });
}
