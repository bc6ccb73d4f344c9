import { refine } from '../address.ts';
import { listColumns } from './columns.tsx';

/** Which columns are shown. */
export function ColumnPicker({ wanted }: { wanted: readonly string[] }) {
  const change = (name: string) => {
    const next = wanted.includes(name) ? wanted.filter((other) => other !== name) : [...wanted, name];
    refine({ cols: next.length === 0 ? undefined : next.join(',') });
  };
  return (
    <details class="columns">
      <summary>Columns</summary>
      <fieldset>
        <legend class="unseen">Columns that are shown</legend>
        {listColumns.map(({ name, title }) => (
          <label key={name}>
            <input type="checkbox" checked={wanted.includes(name)} onClick={() => change(name)} /> {title}
          </label>
        ))}
        <button type="button" onClick={() => refine({ cols: undefined })}>
          The usual ones
        </button>
      </fieldset>
    </details>
  );
}
