import { cutTrailingSeconds } from './duration.ts';
import { FAILED, PASSED, SKIPPED, type Statuses, setIfAbsent } from './parser.ts';
import { pythonPattern, spacesAfter, spacesBefore, splitLines, strip, stripEnd } from './python-text.ts';

const ignored = ['___', '---', 'Tests:', 'Duration:'] as const;
const failedSuite = pythonPattern(String.raw`^\s*FAIL(?:ED)?\s+(\S.+)$`, 'i');
const crossed = pythonPattern(String.raw`^\s*[⨯x]\s+`, 'i');
const dashed = pythonPattern(String.raw`^\s*-\s+`);
const ticked = pythonPattern(String.raw`^\s*[✓✔]\s+`);
const seconds = pythonPattern(String.raw`\d+(?:\.\d*)?s\b`, 'y');
const secondsAnyCase = pythonPattern(String.raw`\d+(?:\.\d*)?s\b`, 'iy');
const skipMark = pythonPattern(String.raw`\(skipped\)|\bSKIPPED\b`, 'i');

/**
 * Pest's and Laravel's lists: `✓ name  0.03s`, ⨯ or x failed, `-` skipped, `FAIL suite`. Lines of a diff that begin
 * with `- ` count as skipped tests, and any sentence that begins with "Failed" as a failed one.
 */
export function pest(log: string, statuses: Statuses = new Map()): Statuses {
  for (const raw of splitLines(log)) {
    const line = stripEnd(raw);
    const stripped = strip(line);
    if (line !== '' && !ignored.some((start) => stripped.startsWith(start))) readLine(statuses, line);
  }
  return statuses;
}

function readLine(statuses: Statuses, line: string): void {
  const suite = failedSuite.exec(line)?.[1];
  const failed = titleAfter(line, crossed, secondsAnyCase);
  const skipped = titleAfter(line, dashed, seconds);
  const passed = titleAfter(line, ticked, seconds);
  if (suite !== undefined) statuses.set(withoutSeconds(suite), FAILED);
  else if (failed !== undefined) setUnlessEmpty(statuses, failed, FAILED);
  else if (skipped !== undefined) setUnlessEmpty(statuses, skipped, SKIPPED);
  else if (passed !== undefined) setUnlessEmpty(statuses, passed, PASSED);
  else if (skipMark.test(line) && !statuses.has(withoutSeconds(line))) setUnlessEmpty(statuses, withoutSeconds(line), SKIPPED);
}

function setUnlessEmpty(statuses: Statuses, name: string, status: string): void {
  if (name === '') return;
  if (status === PASSED) setIfAbsent(statuses, name, status);
  else statuses.set(name, status);
}

/** The title behind a marker, up to the first duration that follows after two spaces; else the whole rest. */
function titleAfter(line: string, marker: RegExp, duration: RegExp): string | undefined {
  const start = marker.exec(line)?.[0].length;
  if (start === undefined) return undefined;
  const isDuration = (at: number) => {
    duration.lastIndex = at;
    return duration.test(line);
  };
  for (let at = start; at < line.length; ) {
    const gap = spacesAfter(line, at);
    if (gap - at >= 2 && isDuration(gap)) return withoutSeconds(line.slice(start, at));
    at = gap === at ? at + 1 : gap;
  }
  // A marker with nothing but a duration far behind it has an empty title.
  const title = start - spacesBefore(line, start) >= 4 && isDuration(start) ? '' : line.slice(start);
  return withoutSeconds(title);
}

function withoutSeconds(name: string): string {
  return strip(cutTrailingSeconds(cutTrailingSeconds(stripEnd(name), 2), 1));
}
