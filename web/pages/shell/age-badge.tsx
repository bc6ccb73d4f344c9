import { useEffect, useState } from 'preact/hooks';
import { ageOf } from '../../model/polling/age.ts';
import { shown } from './shown.ts';

const shapes = { waiting: '◌', fresh: '●', stale: '▲', failed: '■' };

/** How old what the page shows is. A screen reader is told when its state changes, and not each second. */
export function AgeBadge() {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const state = shown.value;
  if (state === null || state.staleAfter === Infinity) return null;
  const { state: word, text } = ageOf(state, Math.max(now, state.at ?? 0));
  return (
    <span class={`age ${word}`} data-state={word}>
      <span aria-hidden="true">{shapes[word]} </span>
      <span class="age-text">{text}</span>
      <span class="unseen" role="status">
        {word === 'stale' ? 'What is shown is stale' : word === 'failed' ? 'The last update failed' : ''}
      </span>
    </span>
  );
}
