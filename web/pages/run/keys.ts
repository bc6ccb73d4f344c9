import { useLayoutEffect } from 'preact/hooks';
import { useKeys } from '../shell/keys.tsx';
import type { RunView } from './run-view.ts';

/** What keys do that leads out of a run. */
export interface Neighbours {
  /** To the next rollout of the same task (1), or the one before (-1). */
  onSibling?: (step: 1 | -1) => void;
  onTask?: (step: 1 | -1) => void;
}

/** The keys of a run and what they do, as the help shows them. */
const runKeys = [
  { keys: 'j k', does: 'next, previous turn' },
  { keys: 'e E', does: 'next, previous failure' },
  { keys: 'f F', does: 'next, previous finding' },
  { keys: '/ Ctrl-F', does: 'finds in the whole run; Enter and Shift-Enter step, Esc closes, and then Ctrl-F is the browser\u2019s' },
  { keys: 'h l', does: 'previous, next rollout of the same task' },
  { keys: '[ ]', does: 'previous, next task' },
  { keys: 'g G', does: 'first, last turn' },
  { keys: 'o', does: 'shows the turns of low value that are folded here, or folds them' },
];

/** Listens to the keys of a run, unless somebody writes in a field. */
export function useRunKeys(view: RunView, neighbours: Neighbours): void {
  useKeys(runKeys, ({ key }) => {
    const act = actionOf(key, view, neighbours);
    act?.();
    return act !== undefined;
  });
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const find = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f' && !event.shiftKey && !event.altKey;
      // Pressed again, it is the browser's own.
      if (!find || view.finder.open.value) return;
      event.preventDefault();
      openFind(view);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [view]);
}

function openFind(view: RunView): void {
  view.finder.open.value = true;
}

function actionOf(key: string, view: RunView, { onSibling, onTask }: Neighbours) {
  const { head } = view.store;
  const errors = head.value?.errors.seqs ?? [];
  const findings = head.value?.findings.map(({ seq }) => seq) ?? [];
  const actions: Record<string, (() => void) | undefined> = {
    j: () => view.stepRow(true),
    k: () => view.stepRow(false),
    g: () => view.go(0, { open: false }),
    G: () => view.go(view.turns.value - 1, { open: false }),
    o: () => view.turnGroup(view.selected.value),
    e: () => view.step(errors, true, 'failure'),
    E: () => view.step(errors, false, 'failure'),
    f: () => view.step(findings, true, 'finding'),
    F: () => view.step(findings, false, 'finding'),
    '/': () => openFind(view),
    Escape: view.finder.open.value ? () => view.finder.close() : undefined,
    h: onSibling && (() => onSibling(-1)),
    l: onSibling && (() => onSibling(1)),
    '[': onTask && (() => onTask(-1)),
    ']': onTask && (() => onTask(1)),
  };
  return Object.hasOwn(actions, key) ? actions[key] : undefined;
}
