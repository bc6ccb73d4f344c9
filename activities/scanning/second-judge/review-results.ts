import { z } from 'zod';
import { ScanReport } from '../../../schemas/finding.ts';
import type { UnitResult } from '../pool/unit.ts';
import { Passage } from './passages.ts';
import type { SecondJudge } from './second-judge.ts';

const MarkedReport = ScanReport.extend({ passages: z.array(Passage) });

/** Reports of a result that are put to the judge at the same time; the questions about one go out one after the other. */
const reportsAtOnce = 16;

/** Results of a scan with the judgements of a second judge, in the same order. */
export async function* reviewResults(
  results: AsyncIterable<UnitResult>,
  judge: SecondJudge,
  signal: AbortSignal,
): AsyncGenerator<UnitResult> {
  for await (const result of results) {
    const lines = result.lines.split('\n').filter((line) => line !== '');
    const reviewed: ScanReport[] = [];
    for (let at = 0; at < lines.length; at += reportsAtOnce) {
      reviewed.push(...(await Promise.all(lines.slice(at, at + reportsAtOnce).map((line) => review(line, judge, signal)))));
    }
    const accused = reviewed.filter(({ git_hack_attempted }) => git_hack_attempted).length;
    yield { ...result, accused, lines: reviewed.map((report) => `${JSON.stringify(report)}\n`).join('') };
  }
}

async function review(line: string, judge: SecondJudge, signal: AbortSignal): Promise<ScanReport> {
  const { passages, ...report } = MarkedReport.parse(JSON.parse(line));
  return await judge.review(report, passages, signal);
}
