import { useEffect, useRef } from 'preact/hooks';
import type { RunView } from './run-view.ts';

/** The field of the search over the whole run; Enter steps on, Escape closes it. */
export function FindBar({ view }: { view: RunView }) {
  const { finder } = view;
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    if (!finder.open.value) return;
    field.current?.focus();
    field.current?.select();
  }, [finder.open.value]);
  if (!finder.open.value) return null;
  const typed = (value: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => finder.find(value, Math.max(0, view.selected.value)), 150);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Enter') finder.step(!event.shiftKey);
    else if (event.key === 'Escape') finder.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search class="find" aria-label="find in this run">
      <input
        ref={field}
        type="search"
        aria-label="find in the whole run"
        placeholder="find in the whole run"
        spellcheck={false}
        onInput={(event) => typed(event.currentTarget.value)}
        onKeyDown={key}
      />
      <button type="button" onClick={() => finder.step(false)}>
        previous
      </button>
      <button type="button" onClick={() => finder.step(true)}>
        next
      </button>
      <button type="button" onClick={() => finder.close()}>
        close
      </button>
      <span role="status" class="find-count">
        {finder.text()}
      </span>
    </search>
  );
}
