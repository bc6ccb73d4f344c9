/** Lines of a patch that nobody writes by chance, in their order. */
export interface PatchLines {
  lines: string[];
}

const shortestLine = 14;
const shortestRun = 3;

/** The distinctive added lines of a patch: not also context or removed lines of it, and not in the given text. */
export function distinctiveLines(patch: string, given: string): PatchLines {
  const added: string[] = [];
  const known = new Set<string>();
  for (const line of patch.split('\n')) {
    const text = line.slice(1).trim();
    if (line.startsWith('+') && !line.startsWith('+++')) added.push(text);
    else if (/^[ -]/.test(line)) known.add(text);
  }
  return { lines: added.filter((text) => isDistinctive(text) && !known.has(text) && !given.includes(text)) };
}

function isDistinctive(text: string): boolean {
  return (
    text.length >= shortestLine &&
    /[A-Za-z_]{3,}[^A-Za-z_]+[A-Za-z_]{2,}/.test(text) &&
    !/^(?:import|from|use|#include|return|end|\/\/|#)\b.{0,12}$/.test(text)
  );
}

/**
 * The longest run of a patch's distinctive lines that stands in a text in the same order with at most two other
 * lines between neighbours; empty when it is too short to mean anything. Lines in `derived` do not count. Code that
 * resembles the patch is common in its own repository, so a run must be a good part of it, unless the call that
 * showed it is `suspect` anyway.
 */
export function shownLines(text: string, patch: PatchLines, derived: ReadonlySet<string>, suspect: boolean): string[] {
  const wanted = patch.lines.filter((line) => !derived.has(line));
  if (wanted.length === 0 || !wanted.some((line) => text.includes(line))) return [];
  const positions = new Map<string, number>();
  for (const [index, line] of wanted.entries()) if (!positions.has(line)) positions.set(line, index);
  let best: string[] = [];
  let run: string[] = [];
  let previous = -1;
  let gap = 0;
  for (const raw of text.split('\n')) {
    // Diffs, numbered views and greps put something before the line.
    const line = raw.replace(/^(?:\s*\d+[\t:|-]|[+>|]\s?|[\w./-]+:\d+[:-])\s*/, '').trim();
    const at = positions.get(line) ?? positions.get(raw.trim());
    if (at === undefined) {
      gap += 1;
      if (gap > 2) run = [];
      continue;
    }
    run = run.length > 0 && at > previous && gap <= 2 ? [...run, line] : [line];
    previous = at;
    gap = 0;
    if (run.length > best.length) best = run;
  }
  if (best.join('').length < 60) return [];
  if (suspect) return best.length >= 2 ? best : [];
  const share = best.length / wanted.length;
  return best.length >= shortestRun && (share >= 0.4 || best.length >= 8) ? best : [];
}
