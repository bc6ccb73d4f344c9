import type { Retry } from '../../../schemas/live-detail.ts';
import type { ReportedProblem } from '../../../schemas/reported-problem.ts';
import { Name } from './name.tsx';

/** Why something ended without its result. */
export function Problem({ problem }: { problem: ReportedProblem | null }) {
  if (problem === null) return null;
  return (
    <div class="notice" role="status">
      <strong>
        <Name text={problem.code} />
      </strong>
      <p>
        <Name text={problem.message} most={2000} />
      </p>
      <p>
        <Name text={problem.hint} most={1000} />
      </p>
    </div>
  );
}

/** What failed and is tried again. */
export function Retries({ retries }: { retries: readonly Retry[] }) {
  return (
    <>
      {retries.map(({ activity, attempt, code, message }) => (
        <div class="notice" role="status" key={`${activity} ${code}`}>
          <strong>
            <Name text={activity} /> is tried again (attempt {attempt})
          </strong>
          <p>
            <Name text={`${code}: ${message}`} most={1000} />
          </p>
        </div>
      ))}
    </>
  );
}
