import { Shown } from '../text/shown.tsx';
import type { ListRow } from './list-rows.ts';
import type { RunView } from './run-view.ts';

/** Turns of a group that are looked at for what they are called. */
const named = 20;

/** Turns of low value as one row, which shows them and folds them. */
export function GroupRow({ group, view }: { group: Extract<ListRow, { kind: 'group' }>; view: RunView }) {
  const { seq, last, open, what } = group;
  const selected = !open && view.selected.value >= seq && view.selected.value <= last;
  const names = open ? '' : namesOf(group, view);
  return (
    <article class={`turn group${selected ? ' selected' : ''}`} aria-current={selected ? 'true' : undefined}>
      <button type="button" class="plain" aria-expanded={open} onClick={() => view.turnGroup(seq)}>
        {what}
      </button>{' '}
      <span class="soft">
        {seq === last ? `#${seq}` : `#${seq} to #${last}`}
        {names !== '' && ': '}
        <Shown text={names} />
      </span>
    </article>
  );
}

/** What the notes and messages are called, each once, as far as they are here. */
function namesOf({ seq, last }: { seq: number; last: number }, view: RunView): string {
  void view.store.arrived.value;
  const names = new Set<string>();
  for (let at = seq; at <= Math.min(last, seq + named - 1); at += 1) {
    for (const { name } of view.store.turn(at)?.parts ?? []) if (name !== '') names.add(name.slice(0, 60));
  }
  const [first = '', second, third, ...others] = names;
  const shown = [first, second, third].filter((name) => name !== undefined);
  return `${shown.join(', ')}${others.length > 0 || last - seq >= named ? ', …' : ''}`;
}
