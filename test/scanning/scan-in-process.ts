import { type BadPlace, ProblemTally } from '../../activities/ingestion/problem-tally.ts';
import { inputFiles } from '../../activities/scanning/inputs/input-files.ts';
import { scanUnit } from '../../activities/scanning/pool/scan-unit.ts';
import { type ScanInput, unitsOfInputs } from '../../activities/scanning/pool/units-of-inputs.ts';
import { scanRules } from '../../activities/scanning/scan-rules.ts';
import { ScanReport } from '../../schemas/finding.ts';
import { placeText } from '../../schemas/place.ts';
import { ScanContext } from '../../schemas/scan-context.ts';

export interface InProcess {
  reports: ScanReport[];
  bad: { place: string; problem: string }[];
  damaged: string[];
}

/** What `tracemill scan` makes of a path or a stream, without threads. `loadGrammars()` must have been awaited. */
export async function scanInProcess(input: string | ScanInput): Promise<InProcess> {
  const found: InProcess = { reports: [], bad: [], damaged: [] };
  const settings = { context: ScanContext.parse({}), rules: [...scanRules] };
  const tally = new ProblemTally();
  const say = (problems: BadPlace[]) => found.bad.push(...problems.map(({ place, problem }) => ({ place: placeText(place), problem })));
  for await (const unit of unitsOfInputs(typeof input === 'string' ? await inputFiles([input]) : [input])) {
    await scanUnit(unit, settings, ({ lines, bad, damaged }) => {
      found.reports.push(...lines.split('\n').flatMap((line) => (line === '' ? [] : [ScanReport.parse(JSON.parse(line))])));
      for (const problem of bad) say(tally.add(problem));
      found.damaged.push(...damaged.map(placeText));
    });
  }
  say(tally.end());
  return found;
}
