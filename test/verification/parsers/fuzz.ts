import { parseLog, parserNames } from '../../../activities/verification/parse-log.ts';
import { randomLogs } from './random-logs.ts';

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

/** Gives `count` random logs to the parsers, one log to one parser in turn. */
export function fuzzParsers(count: number, seed: number): FuzzReport {
  const names = parserNames();
  const logs = randomLogs(seed);
  const report: FuzzReport = { logs: count, parsed: 0, refused: 0, unexpected: [] };
  for (let turn = 0; turn < count; turn++) {
    const name = names[turn % names.length] ?? '';
    const log = logs.next().value;
    const result = parseLog(name, log);
    if (result.ok) report.parsed += result.statuses.size > 0 ? 1 : 0;
    else if (result.reason === 'parser_error' && mayFail.test(name)) report.refused++;
    else report.unexpected.push(`${result.detail}: ${JSON.stringify(log)}`);
  }
  return report;
}
