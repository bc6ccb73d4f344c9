import type { Polled } from '../../model/polling/poller.ts';
import { Name } from './name.tsx';

/** What could not be learned, one reason each; nothing where all is there. */
export function Missing({ reasons, title = 'Not known now' }: { reasons: readonly string[]; title?: string }) {
  if (reasons.length === 0) return null;
  return (
    <div class="notice" role="status">
      <strong>{title}</strong>
      <ul>
        {reasons.map((reason) => (
          <li key={reason}>
            <Name text={reason} most={1000} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What stands where nothing came yet: that it is asked for, or why it did not come. */
export function Waiting({ of: { problem }, what }: { of: Pick<Polled<unknown>, 'problem'>; what: string }) {
  if (problem === null) return <p aria-busy="true">Loading {`${what.slice(0, 1).toLowerCase()}${what.slice(1)}`}…</p>;
  return (
    <div class="notice" role="alert">
      <strong>{what} did not come.</strong>
      <p>
        <Name text={problem} most={1000} />. It is tried again.
      </p>
    </div>
  );
}
