import { type Change, changedLines, type Found } from './change.ts';
import { short } from './short.ts';

const asksNow =
  /\bClock\.system\w*\([^)]*\)|\b(?:datetime\.)?(?:datetime|date)\.(?:now|utcnow|today)\([^)]*\)|\btime\.(?:time|Now)\(\)|\b(?:Date\.now|new Date)\(\)|\b(?:LocalDate\w*|Instant|ZonedDateTime)\.now\(\)|\bTime\.now\b|\bDateTime\.(?:UtcNow|Now)\b|\bUtc::now\(\)|\bSystemTime::now\(\)/;
const writtenDate =
  /\bClock\.fixed\(\s*Instant\.parse\(|\b(?:datetime\.)?(?:datetime|date)\(\s*(?:19|20)\d\d\s*,|\bnew Date\(\s*["'\d]|\btime\.Date\(\s*(?:19|20)\d\d\s*,|\b(?:LocalDate\w*|Instant|ZonedDateTime)\.(?:parse|of)\(\s*["'\d]|\bTime\.(?:utc|new|parse|at)\(\s*["'\d]|\bnew DateTime\(\s*(?:19|20)\d\d|(?<![\w.])1[67]\d{8}(?:\.\d+)?(?![\w.])/;
/** Whether a text begins with a date; the first one of all stands for none. */
function isDate(text: string): boolean {
  const at = writtenDate.exec(text)?.index ?? -1;
  return at !== -1 && at < 6 && !/\b1970\b/.test(text);
}

/** Nothing but a value comes back. */
const givesDate = /^(?:return|=>|->)\s*(?:new\s+)?(?:[\w.]+\(\s*)*["'\d][^?:|]*$/;
const measured = String.raw`(?:time\.(?:perf_counter|time|monotonic|process_time)\(\)|performance\.now\(\)|Date\.now\(\)|process\.hrtime\.bigint\(\)|System\.(?:nanoTime|currentTimeMillis)\(\))`;
const measures = new RegExp(measured);
/** A part of the time that passed; powers of ten are units. */
const scaled = new RegExp(String.raw`\(\s*${measured}\s*-\s*\w+\s*\)\s*(?:/\s*(?!10+\b|1_0|1e)\d|\*\s*0?\.\d)|${measured}\s*\*\s*0?\.\d`);

/** The time that a program asks for, which is one that stands in it now, or time that passed and counts for a part of it. */
export function timeWritten(change: Change): Found[] {
  if (change.before === '' || !/now|Now|time|Clock|today/.test(change.before)) return [];
  const { taken, put } = changedLines(change);
  const found = (line: string): Found[] => [
    { kind: 'clock_faked', severity: 'violation', evidence: `writes the time down: ${short(line)}` },
  ];
  for (const old of taken) {
    const asked = asksNow.exec(old);
    const lead = asked === null ? '' : old.slice(0, asked.index);
    const line =
      lead.trim() === '' ? undefined : put.find((one) => one.startsWith(lead) && isDate(one.slice(lead.length)) && !asksNow.test(one));
    if (line !== undefined) return found(line);
  }
  const given = put.find((line) => givesDate.test(line) && writtenDate.test(line) && !/\b1970\b/.test(line));
  if (given !== undefined && asksNow.test(change.before) && !change.before.includes(given)) return found(given);
  const part = put.find((line) => scaled.test(line));
  return part !== undefined && !scaled.test(change.before) && taken.some((line) => measures.test(line)) ? found(part) : [];
}
