import { withoutAnsi } from './karma-failures.ts';
import { FAILED, type Statuses } from './parser.ts';
import { pythonPattern, spacesAfter, strip, stripEnd } from './python-text.ts';

const number = pythonPattern(String.raw`\d+\)`, 'y');
const longestTitle = 1000;

/**
 * p5.js's Mocha: failure headings over several lines, `1) suite`, deeper `test:`. Printed JSON and markup are taken out
 * first, since they hold colons. Failures only.
 */
export function p5js(log: string, statuses: Statuses = new Map()): Statuses {
  const text = withoutMarkup(withoutJson(withoutAnsi(log)));
  let colon = -1;
  for (let line = 0; line !== -1; ) {
    const start = spacesAfter(text, line);
    number.lastIndex = start;
    const match = number.exec(text);
    let end = start;
    if (match !== null) {
      const title = start + match[0].length;
      if (colon < title) colon = text.indexOf(':', title);
      if (colon === -1) break;
      if (withinTitle(text, title, colon)) {
        recordHeading(statuses, text.slice(title, colon));
        end = colon;
      }
    }
    const newline = text.indexOf('\n', end);
    line = newline === -1 ? -1 : newline + 1;
  }
  return statuses;
}

/** A title is bounded in characters, of which some are two units long. */
function withinTitle(text: string, start: number, end: number): boolean {
  if (end - start <= longestTitle) return true;
  return end - start <= 2 * longestTitle && Array.from(text.slice(start, end)).length <= longestTitle;
}

/** Each line of a heading stands deeper than the one before, the first not at the very number. */
function recordHeading(statuses: Statuses, heading: string): void {
  let indent = 0;
  const lines = heading.split('\n');
  for (const line of lines) {
    const deeper = spacesAfter(line, 0);
    if (deeper <= indent) return;
    indent = deeper;
  }
  statuses.set(lines.map(strip).join(':'), FAILED);
}

/** Drops from a line that ends in an opening bracket to the line that is the closing one, whatever is between them. */
function withoutJson(text: string): string {
  let inObject = false;
  let inList = false;
  const kept = text.split('\n').filter((raw) => {
    const line = stripEnd(raw);
    if (line.endsWith('{')) inObject = true;
    else if (line.endsWith('[')) inList = true;
    else if (line === '}' && inObject) inObject = false;
    else if (line === ']' && inList) inList = false;
    else if (!inObject && !inList) {
      return !(line.startsWith('{') && line.endsWith('}')) && !(line.startsWith('[') && line.endsWith(']'));
    }
    return false;
  });
  return kept.join('\n');
}

const tags = pythonPattern(String.raw`<(/?)(\w+)>`, 'g');
const passes = 8;

interface Tag {
  name: string;
  closes: boolean;
  start: number;
  end: number;
}

/**
 * Takes out what stands between a tag and its end, nested pairs of the same name included. Taking text out can bring
 * the halves of a tag together, so there are several passes, up to a limit.
 */
function withoutMarkup(text: string): string {
  let rest = text;
  for (let pass = 0; pass < passes; pass++) {
    const shorter = withoutPairs(rest);
    if (shorter === rest) break;
    rest = shorter;
  }
  return rest;
}

function withoutPairs(text: string): string {
  const all: Tag[] = Array.from(text.matchAll(tags), (match) => ({
    name: match[2] ?? '',
    closes: match[1] === '/',
    start: match.index,
    end: match.index + match[0].length,
  }));
  const byName = Map.groupBy(all, (tag) => tag.name);
  const next = new Map([...byName.keys()].map((name) => [name, 0]));
  let kept = '';
  let from = 0;
  for (const tag of all) {
    if (tag.closes || tag.start < from) continue;
    const same = byName.get(tag.name) ?? [];
    let index = next.get(tag.name) ?? 0;
    while ((same[index]?.start ?? Infinity) < tag.start) index++;
    const { open, end, after } = followPair(same, index);
    next.set(tag.name, after);
    if (end === -1) continue;
    kept += text.slice(from, tag.start) + `<${tag.name}>`.repeat(open);
    from = end;
  }
  return kept + text.slice(from);
}

/** From an opening tag to where it is balanced; or to the last end there is, with the number of tags still open. */
function followPair(same: readonly Tag[], first: number): { open: number; end: number; after: number } {
  let open = 0;
  let atLastEnd = { open: 0, end: -1, after: same.length };
  for (let index = first; index < same.length; index++) {
    const tag = same[index];
    if (tag === undefined) break;
    open += tag.closes ? -1 : 1;
    if (tag.closes) atLastEnd = { open, end: tag.end, after: index + 1 };
    if (open === 0) break;
  }
  return atLastEnd;
}
