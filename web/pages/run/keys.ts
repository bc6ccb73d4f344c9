import { useEffect } from 'preact/hooks';
import type { RunView } from './run-view.ts';

/** What keys do that leads out of a run. */
export interface Neighbours {
  /** To the next rollout of the same task (1), or the one before (-1). */
  onSibling?: (step: 1 | -1) => void;
  onTask?: (step: 1 | -1) => void;
}

/** The keys of a run and what they do, as the help shows them. */
export const keysInWords: readonly (readonly [string, string])[] = [
  ['j / k', 'next, previous turn'],
  ['e / E', 'next, previous failure'],
  ['f / F', 'next, previous finding'],
  ['/ or Ctrl-F', 'find in the whole run; Enter and Shift-Enter step, Escape closes'],
  ['h / l', 'previous, next rollout of the same task'],
  ['[ / ]', 'previous, next task'],
  ['g / G', 'first, last turn'],
  ['?', 'this help'],
];

/** Listens to the keys of a run, unless somebody writes in a field. */
export function useKeys(view: RunView, { onSibling, onTask }: Neighbours): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey) return;
      const find = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f' && !event.shiftKey;
      if (find && view.finder.open.value) return;
      if (!find && (event.ctrlKey || event.metaKey || isField(event.target))) return;
      const act = find ? () => openFind(view) : actionOf(event.key, view, { onSibling, onTask });
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [view, onSibling, onTask]);
}

function openFind(view: RunView): void {
  view.finder.open.value = true;
}

function actionOf(key: string, view: RunView, { onSibling, onTask }: { [K in keyof Neighbours]: Neighbours[K] | undefined }) {
  const { head } = view.store;
  const errors = head.value?.errors.seqs ?? [];
  const findings = head.value?.findings.map(({ seq }) => seq) ?? [];
  const actions: Record<string, (() => void) | undefined> = {
    j: () => view.go(view.selected.value + 1),
    k: () => view.go(view.selected.value - 1),
    g: () => view.go(0),
    G: () => view.go(view.turns.value - 1),
    e: () => view.step(errors, true, 'failure'),
    E: () => view.step(errors, false, 'failure'),
    f: () => view.step(findings, true, 'finding'),
    F: () => view.step(findings, false, 'finding'),
    '/': () => openFind(view),
    '?': () => {
      view.help.value = !view.help.value;
    },
    Escape: view.help.value
      ? () => {
          view.help.value = false;
        }
      : view.finder.open.value
        ? () => view.finder.close()
        : undefined,
    h: onSibling && (() => onSibling(-1)),
    l: onSibling && (() => onSibling(1)),
    '[': onTask && (() => onTask(-1)),
    ']': onTask && (() => onTask(1)),
  };
  return Object.hasOwn(actions, key) ? actions[key] : undefined;
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (/^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable);
}
