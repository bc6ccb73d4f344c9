import { readLog } from '../../../activities/verification/ambiguity/read-log.ts';
import { parserNames } from '../../../activities/verification/parse-log.ts';
import { mutatedLogs } from './mutated-logs.ts';
import { randomLogs, seededRandom } from './random-logs.ts';

/** Parsers whose originals raise on some logs; no other may end in an error. */
const mayFail = /pytest_v2|astropy|scikit|sphinx|seaborn|karma|preact|calypso|doctest|nlohmann|django/;

export interface FuzzReport {
  logs: number;
  /** Logs that gave one status at least. */
  parsed: number;
  /** Logs that ended in an error which the original raises too. */
  refused: number;
  /** Errors that no original raises. */
  unexpected: string[];
}

/** Gives `count` logs to the parsers, one log to one parser in turn: random ones, and every third a real one mutated. */
export function fuzzParsers(count: number, seed: number): FuzzReport {
  const names = parserNames();
  const random = randomLogs(seed);
  const mutated = mutatedLogs(seededRandom(seed + 1));
  const report: FuzzReport = { logs: count, parsed: 0, refused: 0, unexpected: [] };
  for (let turn = 0; turn < count; turn++) {
    // A round goes through all parsers; the kinds of logs change places from round to round.
    const name = names[turn % names.length] ?? '';
    const round = Math.floor(turn / names.length);
    const log = (turn + round) % 3 === 0 ? mutated.next().value : random.next().value;
    // The look beside the parser may not end in an error either.
    const result = readLog(name, log);
    if (result.ok) report.parsed += result.reading.statuses.size > 0 ? 1 : 0;
    else if (result.reason === 'parser_error' && mayFail.test(name)) report.refused++;
    else report.unexpected.push(`${result.detail}: ${JSON.stringify(log)}`);
  }
  return report;
}
