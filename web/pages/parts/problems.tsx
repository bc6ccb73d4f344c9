import type { Retry } from '../../../schemas/live-detail.ts';
import type { ReportedProblem } from '../../../schemas/reported-problem.ts';
import { retryGroups } from '../../../schemas/retry-groups.ts';
import { Name } from './name.tsx';
import { time, whole } from './units.ts';

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

/** What failed and is tried again, once for each reason. */
export function Retries({ retries }: { retries: readonly (Retry & { instance_id?: string })[] }) {
  return (
    <>
      {retryGroups(retries).map(({ first: { activity, attempt, code, message, instance_id }, others, next_try }) => (
        <div class="notice" role="status" key={`${activity} ${code} ${message}`}>
          <strong>
            <Name text={activity} /> fails and is tried again (attempt {attempt}
            {next_try !== null && `, next try ${time(next_try)}`})
            {instance_id !== undefined && (
              <>
                : <Name text={instance_id} />
                {others > 0 && ` and ${whole(others)} more`}
              </>
            )}
          </strong>
          <p>
            <Name text={`${code}: ${message}`} most={1000} />
          </p>
        </div>
      ))}
    </>
  );
}
