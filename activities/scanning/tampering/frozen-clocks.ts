import { type Change, changedLines, type Found } from './change.ts';
import { short } from './short.ts';

/** A run of programs under another time. */
const underTime =
  /(?:^|[\s"'&;|@])faketime\s+(?:-\S+\s+)*["'@+\d-]|\bFAKETIME(?:_\w+)?["']?\s*[:=]\s*["']?[@+\d-]|\blibfaketime\S*\.so|\bfakeTimers\b[^}\n]*\bnow\s*:\s*(?:\d|new Date)|\bbefore\(?\s*:(?:suite|all)\)?[^\n]*(?:Timecop\.(?:freeze|travel)|\btravel_to)\b|\bdate\s+(?:-s|--set)\b/;
/** A library that holds the time for the whole process from here on, where no block and no test gives it back. */
const held =
  /^(?:\w+\s*=\s*)?(?:freezegun\.)?freeze_time\([^\n]*\)\.start\(\)|^(?:\w+\s*=\s*)?time_machine\.travel\([^\n]*\)\.start\(\)|^(?:\w+)\.start\(\)\s*(?:#.*)?$|^Timecop\.(?:travel|freeze)[\s(](?![^\n]*(?:\bdo\b|\{))|^(?:ActiveSupport\S*\.)?travel_to[\s(](?![^\n]*(?:\bdo\b|\{))|^(?:\w+\.)?MockDate\.set\(|^Carbon::setTestNow\(|^(?:jest|vi)\.setSystemTime\(/;
const clocksOf = /\bfreeze_time\(|\btime_machine\.travel\(|\bTimecop\.|\btravel_to\b|\bMockDate\.|\bsetTestNow\(|\.setSystemTime\(/;
const givenBack = /\.stop\(\)|\byield\b|Timecop\.return|\btravel_back\b|MockDate\.reset|useRealTimers|setTestNow\(\s*\)/;

/** A time that is set for all tests by what starts them or what they are set up with; `aboutRuns` where the file is about nothing else. */
export function timeHeld(change: Change, aboutRuns: boolean): Found[] {
  const found = (line: string): Found[] => [
    { kind: 'clock_faked', severity: 'violation', evidence: `runs all tests under another time: ${short(line)}` },
  ];
  const { put } = changedLines(change);
  const under = !aboutRuns ? undefined : put.find((line) => underTime.test(line) && !/^(?:#|\/\/)/.test(line));
  if (under !== undefined && !underTime.test(change.before)) return found(under);
  if (!clocksOf.test(change.after) || clocksOf.test(change.before) || givenBack.test(change.after)) return [];
  // What stands in no block holds from then on.
  const outer = change.after.split('\n').filter((line) => /^\S/.test(line));
  const line = outer.find((one) => held.test(one) && put.includes(one.trim()) && (clocksOf.test(one) || frozenName(one, change.after)));
  return line === undefined ? [] : found(line);
}

/** Whether what is started is a clock that was made in a line before. */
function frozenName(line: string, text: string): boolean {
  const name = /^(\w+)\.start\(\)/.exec(line)?.[1];
  return (
    name !== undefined && new RegExp(String.raw`^${name}\s*=\s*(?:freezegun\.)?(?:freeze_time|time_machine\.travel)\(`, 'm').test(text)
  );
}
