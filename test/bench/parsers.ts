import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { readLog } from '../../activities/verification/ambiguity/read-log.ts';
import { parseLog, parserNames } from '../../activities/verification/parse-log.ts';

export interface ParserBench {
  speeds: ParserSpeed[];
  /** Why SWE-bench's own parsers were not run; null when they were. */
  peer_missing: string | null;
  /** Parsers with a log on which four times the size took far more than four times the time; none is right. */
  superlinear: string[];
}

export interface ParserSpeed {
  parser: string;
  megabytes: number;
  mb_per_second: number;
  /** With the look for what the tool says otherwise, as verification reads a log. */
  read_mb_per_second: number;
  /** SWE-bench's Python parser of the same name on the same log. */
  peer_mb_per_second: number | null;
  same_result: boolean | null;
}

const runs = 3;

/**
 * Log parsers against SWE-bench's in Python, in megabytes a second of processor time, best of three; and whether any
 * parser's time grows faster than its log. `python` needs the package `swebench` (its dependencies are not used).
 */
export function benchParsers(options: { megabytes?: number; python?: string } = {}): ParserBench {
  const { megabytes = 20, python = process.env['SWEBENCH_PYTHON'] ?? 'python3' } = options;
  const folder = mkdtempSync(join(tmpdir(), 'tracemill-bench-'));
  try {
    const peers = Object.entries(logs).map(([parser, log]) => measure(parser, grown(log(), megabytes), folder, python));
    const missing = peers.map(({ missing }) => missing).find((reason) => reason !== null) ?? null;
    return { speeds: peers.map(({ speed }) => speed), peer_missing: missing, superlinear: superlinearParsers() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A piece of log for each parser that is specified alike in SWE-bench. */
const logs: Record<string, () => string> = {
  parse_log_pytest: pytestLog,
  parse_log_gotest: () => realLog('go-test.txt'),
  parse_log_cargo: () => realLog('cargo-test.txt'),
  parse_log_jest: () => realLog('jest.txt'),
  parse_log_vitest: () => realLog('vitest.txt'),
  parse_log_tap: () => realLog('node-tap.txt'),
  parse_log_phpunit: () => realLog('phpunit.txt'),
  parse_log_maven: () => realLog('surefire.txt'),
  parse_log_googletest: () => realLog('googletest.txt'),
  parse_log_jq: () => realLog('automake.txt'),
};

function realLog(file: string): string {
  return readFileSync(new URL(`../verification/parsers/fixtures/${file}`, import.meta.url), 'utf8');
}

/** As pytest prints a thousand tests with `-v -rA`: progress, tracebacks of one in thirty, summary. */
function pytestLog(): string {
  const ids = Array.from({ length: 1000 }, (_, i) => `tests/unit/test_module_${i % 50}.py::TestThing::test_case_${i}[param-${i % 7}]`);
  const failed = (i: number) => i % 30 === 0;
  const progress = ids.map((id, i) => `${id} ${failed(i) ? 'FAILED' : 'PASSED'}    [ ${Math.floor(i / 10)}%]`);
  const reports = ids
    .filter((_, i) => failed(i))
    .map((id) => `____ ${id} ____\n\n    def test():\n>       assert a == b\nE       assert 1 == 2\n`);
  const summary = ids.map((id, i) => (failed(i) ? `FAILED ${id} - assert 1 == 2` : `PASSED ${id}`));
  return [...progress, ...reports, ...summary].join('\n');
}

/** The piece over and over; as text in one part, as it comes from a file. */
function grown(piece: string, megabytes: number): string {
  return Buffer.from(`${piece}\n`.repeat(Math.ceil((megabytes * 1e6) / Buffer.byteLength(piece)))).toString('utf8');
}

function measure(parser: string, log: string, folder: string, python: string): { speed: ParserSpeed; missing: string | null } {
  const size = Buffer.byteLength(log) / 1e6;
  const seconds = processorSeconds(() => parseLog(`swebench:${parser}`, log));
  const file = join(folder, 'log');
  writeFileSync(file, log);
  const peer = runPeer(parser, file, python);
  const parsed = parseLog(`swebench:${parser}`, log);
  const speed = {
    parser,
    megabytes: size,
    mb_per_second: size / seconds,
    read_mb_per_second: size / processorSeconds(() => readLog(`swebench:${parser}`, log)),
    peer_mb_per_second: peer.found ? size / peer.seconds : null,
    same_result: peer.found && parsed.ok ? isDeepStrictEqual(parsed.statuses, new Map(Object.entries(peer.statuses))) : null,
  };
  return { speed, missing: peer.found ? null : peer.reason };
}

function processorSeconds(work: () => void): number {
  const times = Array.from({ length: runs }, () => {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  });
  return Math.min(...times);
}

const PeerResult = z.object({ seconds: z.number(), statuses: z.record(z.string(), z.string()) });
type Peer = ({ found: true } & z.infer<typeof PeerResult>) | { found: false; reason: string };

function runPeer(parser: string, file: string, python: string): Peer {
  const script = fileURLToPath(new URL('swe_bench_parsers.py', import.meta.url));
  const { status, stdout, stderr } = spawnSync(python, [script, parser, file, `${runs}`], { encoding: 'utf8', maxBuffer: 1e9 });
  if (status === 0) return { found: true, ...PeerResult.parse(JSON.parse(stdout)) };
  const absent = `${python} has no package swebench: pip install --no-deps swebench==4.1.0, and name its python in SWEBENCH_PYTHON`;
  return { found: false, reason: status === 3 ? absent : `${python}: ${stderr || 'not found'}` };
}

const repeated = [
  ' ',
  '\n',
  '1',
  '.',
  '(',
  '[',
  '\n ',
  '✔ ',
  ' PASSED ',
  ' in 1s',
  ' (1 ms',
  '<a>',
  '<testcase a="',
  '<testcase>',
  '<?xml',
  '\x1b[',
  '1) ',
  '\n1) a',
  'Chrome 1 (',
  '-Dtest= ',
  ' .. ',
  '... ',
  '[ OK ] ',
  ' ran 1 tests ',
  ' ... Testing against Django installed in ',
] as const;
const around = [
  ['', ''],
  ['FAILED ', ')'],
  ['✓ a', ' z'],
  ['1/2 Test #1: a', ' Passed'],
  ['[ERROR] a', 'é'],
  ['Starting browser\n', ' FAILED'],
  ['<?xml version="1.0"?><b c="', '"/></testsuites>'],
  ['<doctest>', '</doctest>'],
  [' ./node_modules/.bin/jest \n', '(1ms)'],
  ['1) ', ':'],
] as const;
const small = 20_000;

/** Four times the log may take up to ten times as long; what takes under 20 ms is not compared. */
function superlinearParsers(): string[] {
  const found = new Set<string>();
  for (const part of repeated) {
    for (const [start, end] of around) {
      const log = (size: number) => start + part.repeat(size / part.length) + end;
      const [short, long] = [log(small), log(4 * small)];
      for (const name of parserNames()) {
        if (name.includes('/') || once(() => parseLog(name, long)) < 0.02) continue;
        const growth = processorSeconds(() => parseLog(name, long)) / processorSeconds(() => parseLog(name, short));
        if (growth > 10 && processorSeconds(() => parseLog(name, long)) > 0.02) found.add(`${name} on ${JSON.stringify(start + part)}`);
      }
    }
  }
  return [...found];
}

function once(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
