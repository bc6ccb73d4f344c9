/**
 * Evaluations that are repeated are named by their series and a date, as a schedule names them: `nightly-20260131`, with
 * another word where a day has several. The series of a name without a date is the name itself.
 */
export function seriesOf(evaluation: string): string {
  return /^(.+)-\d{8}(-[a-z0-9]+)?$/.exec(evaluation)?.[1] ?? evaluation;
}
