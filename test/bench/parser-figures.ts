import type { Figure } from './figure.ts';
import { benchParsers, type ParserSpeed } from './parsers.ts';
import { sweBenchPython } from './swebench-package.ts';

/** Log parsers beside SWE-bench's own in Python, each on one log with the same result. */
export async function parserFigures(): Promise<Figure[]> {
  const python = await sweBenchPython();
  const { speeds, peer_missing, superlinear } = benchParsers(python === undefined ? {} : { python });
  return [
    ...speeds.map((speed) => speedFigure(speed, peer_missing)),
    slowestReading(speeds),
    {
      name: 'parsers whose time grows faster than the log',
      unit: '',
      ours: superlinear.length,
      target: { at: 'most', value: 0 },
      ...(superlinear.length === 0 ? {} : { note: superlinear.join('; ') }),
    },
  ];
}

/** Verification reads a log by its parser and looks beside it for what the tool says otherwise. */
function slowestReading(speeds: ParserSpeed[]): Figure {
  const slowest = speeds.reduce((a, b) => (b.read_mb_per_second < a.read_mb_per_second ? b : a));
  return {
    name: 'log read for a verdict, slowest of these parsers',
    unit: 'MB/s',
    ours: slowest.read_mb_per_second,
    target: { at: 'least', value: 20 },
    note: slowest.parser,
  };
}

function speedFigure({ parser, mb_per_second, peer_mb_per_second, same_result }: ParserSpeed, missing: string | null): Figure {
  return {
    name: parser,
    unit: 'MB/s',
    ours: mb_per_second,
    ...(peer_mb_per_second === null ? {} : { peer: { name: 'swebench, Python', value: peer_mb_per_second } }),
    ...(parser === 'parse_log_pytest' ? { target: { at: 'least', value: 50 } } : {}),
    note: same_result === null ? (missing ?? 'not compared') : same_result ? 'same result' : 'OTHER RESULT',
  };
}
