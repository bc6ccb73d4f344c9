import { useEffect, useState } from 'preact/hooks';
import { durationText } from './amounts.ts';
import type { RunView } from './run-view.ts';

/** How old what is shown of an open run is; says so when nothing newer came for three intervals. */
export function Age({ view }: { view: RunView }) {
  const [now, setNow] = useState(Date.now());
  const open = view.store.head.value?.open === true;
  useEffect(() => {
    if (!open) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [open]);
  if (!open) return null;
  const age = Math.max(0, now - view.store.readAt.value);
  const failure = view.store.failure.value;
  const stale = view.store.isStale(now);
  return (
    <span class={stale ? 'age stale' : 'age'} role={stale ? 'alert' : undefined}>
      {stale ? 'stale: ' : 'open, '}read {age < 1500 ? 'now' : `${durationText(age)} ago`}
      {failure !== null && ` (${failure}; what was read stays)`}
    </span>
  );
}
