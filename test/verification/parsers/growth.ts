import { readLog } from '../../../activities/verification/ambiguity/read-log.ts';
import { parserNames } from '../../../activities/verification/parse-log.ts';
import { randomLogs } from './random-logs.ts';

const SMALL = 32 * 1024;
/** Eight times the log may take so many times the time: eight, and room for noise. Quadratic time takes 64 times. */
const MOST = 24;
/** Seconds on a log of 256 KiB below which there is nothing to see; parsers need a few milliseconds. */
const WORTH_A_LOOK = 0.01;
/** Seconds on a log of 256 KiB that are too many, however they grow. */
const TOO_SLOW = 0.5;

/** Pieces that make patterns try many ways when they stand one after another. */
const nasty = [
  ...' \t.-:#1([{}&"\0\x1b\ufffd',
  ...'a |a.|<b>|</b>|<!--|<a b="|\x1b[|(1 ms) |[1 ms] |in 1 sec '.split('|'),
  ...'ok |1 ) |✓ | ... |[ OK ] |--- |=== |PASSED |FAILED a '.split('|'),
  ...'✓ a > b 1 |--- FAIL: |ok 1 a |test a ... |*** |PASS: |a::b |Running a |Tests run: 1, |<testcase name="|<?xml |# SKIP |, where '.split(
    '|',
  ),
];

/**
 * Parsers and repeated pieces on which time grows faster than the log: nasty pieces in one line and in lines, and
 * `count` random logs by `seed`. Time is the processor's; what looks slow is measured again before it is called so.
 */
export function superLinear(count: number, seed: number): string[] {
  const random = randomLogs(seed);
  const pieces = [...nasty.flatMap((piece) => [piece, `${piece}\n`]), ...Array.from({ length: count }, () => `${random.next().value}\n`)];
  return pieces.flatMap((piece) => {
    const logs = growing(piece);
    return parserNames().flatMap((name) => {
      const times = superLinearTimes((log) => readLog(name, log), logs);
      return times === null ? [] : [`${name} on ${JSON.stringify(piece)}: ${times}`];
    });
  });
}

/** The piece again and again: 32 KiB, 256 KiB and 2 MiB of it. */
export function growing(piece: string): [string, string, string] {
  const of = (factor: number) => piece.repeat(Math.ceil((factor * SMALL) / piece.length));
  return [of(1), of(8), of(64)];
}

/**
 * How long the logs take to be read, in words; null where that grows as the logs do. The largest one is read only where
 * the others look bad: work that is bounded, such as that of joining names, may still grow up to its bound between them.
 */
export function superLinearTimes(read: (log: string) => unknown, [small, middle, large]: [string, string, string]): string | null {
  if (seconds(read, middle) < WORTH_A_LOOK || growth(read, small, middle, 1) <= MOST) return null;
  if (growth(read, small, middle, 5) <= MOST) return null;
  if (best(read, middle, 3) < TOO_SLOW && growth(read, middle, large, 2) <= MOST) return null;
  return `${[small, middle].map((log) => `${(best(read, log, 3) * 1000).toFixed(1)} ms`).join(', ')} for 32 and 256 KiB`;
}

function growth(read: (log: string) => unknown, small: string, large: string, times: number): number {
  // The first milliseconds of a parser are those of the compiler.
  return best(read, large, times) / Math.max(best(read, small, times), 0.000_2);
}

function best(read: (log: string) => unknown, log: string, times: number): number {
  return Math.min(...Array.from({ length: times }, () => seconds(read, log)));
}

function seconds(read: (log: string) => unknown, log: string): number {
  const start = process.cpuUsage();
  read(log);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
