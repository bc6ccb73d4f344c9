import { useLayoutEffect, useRef } from 'preact/hooks';
import type { RunView } from './run-view.ts';

/** The field of the search over the whole run; Enter steps on, Escape closes it. */
export function FindBar({ view }: { view: RunView }) {
  const { finder } = view;
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  // Before the next key press, which is meant for the field: an effect after a busy frame would lose what is typed until then.
  useLayoutEffect(() => {
    if (!finder.open.value) return;
    field.current?.focus();
    field.current?.select();
  }, [finder.open.value]);
  if (!finder.open.value) return null;
  const look = () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    finder.find(field.current?.value ?? '', Math.max(0, view.selected.value));
  };
  const typed = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(look, 150);
  };
  const step = (forward: boolean) => {
    if (timer.current === undefined) finder.step(forward);
    else look();
  };
  const close = () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    finder.close();
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Enter') step(!event.shiftKey);
    else if (event.key === 'Escape') close();
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
        onInput={typed}
        onKeyDown={key}
      />
      <button type="button" onClick={() => step(false)}>
        previous
      </button>
      <button type="button" onClick={() => step(true)}>
        next
      </button>
      <button type="button" onClick={close}>
        close
      </button>
      <span role="status" class="find-count">
        {finder.text()}
      </span>
    </search>
  );
}
