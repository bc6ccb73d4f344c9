import { bracketAtEnd } from './duration.ts';
import { FAILED, PASSED, type Statuses } from './parser.ts';
import { isSpace, pythonPattern, stripEnd } from './python-text.ts';

const seconds = pythonPattern(String.raw`^\([\d.]+\s*(?:ms|s)\)$`);

/** jest's lines for whole files: `PASS path (5.1 s)`. */
export function reactPdf(log: string, statuses: Statuses = new Map()): Statuses {
  for (const line of log.split('\n')) {
    const status = line.startsWith('PASS') ? PASSED : line.startsWith('FAIL') ? FAILED : undefined;
    if (status === undefined || !isSpace(line.charCodeAt(4))) continue;
    const path = line.slice(5);
    const open = bracketAtEnd(path, '(', ')', seconds);
    const timed = open > 0 && isSpace(path.charCodeAt(open - 1));
    statuses.set(stripEnd(timed ? path.slice(0, open - 1) : path), status);
  }
  return statuses;
}

const timeOf = (unit: string) => pythonPattern(String.raw`\s\([\d\.]+${unit}\)`, 'g');
const times = [timeOf('ms'), timeOf(String.raw`\ss`), timeOf('s')];

/** The same as SWE-bench reads it: the last duration ends the path wherever it stands, and what follows is dropped. */
export function reactPdfSweBench(log: string, statuses: Statuses = new Map()): Statuses {
  for (const line of log.split('\n')) {
    const status = line.startsWith('PASS') ? PASSED : line.startsWith('FAIL') ? FAILED : undefined;
    if (status === undefined || !isSpace(line.charCodeAt(4))) continue;
    const path = line.slice(5);
    const cuts = times.map((time) => [...path.matchAll(time)].at(-1)?.index);
    statuses.set(
      path.slice(
        0,
        cuts.find((cut) => cut !== undefined),
      ),
      status,
    );
  }
  return statuses;
}
