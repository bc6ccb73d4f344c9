import { clippedName } from '../../model/text/visible.ts';
import { refine } from '../address.ts';
import { Name } from '../parts/name.tsx';
import { whole } from '../parts/units.ts';
import { listColumns, verdictWord } from './columns.tsx';
import { type ListQuery, whereAddress } from './list-query.ts';

/** Values of the columns that have few, with how many of the rows shown have each; those chosen are alternatives. */
export function Facets({ facets, where }: { facets: Record<string, Record<string, number>>; where: ListQuery['where'] }) {
  const chosen = Object.entries(where);
  const columns = listColumns.filter(({ name }) => Object.keys(facets[name] ?? {}).length > 1 || where[name] !== undefined);
  return (
    <section aria-label="Filters" class="facets">
      {columns.map(({ name, title }) => (
        <details key={name}>
          <summary>
            {title}
            {where[name] !== undefined && <strong> ({where[name].length} chosen)</strong>}
          </summary>
          <Values name={name} title={title} counts={facets[name] ?? {}} chosen={where[name] ?? []} />
        </details>
      ))}
      {chosen.map(([name, values]) => (
        <span key={name} class="chosen">
          <Name text={`${name} ${values.map((value) => label(name, value)).join(' or ')}`} />{' '}
          <button type="button" onClick={() => choose(name, [])} aria-label={`no longer filter by ${clippedName(name, 80)}`}>
            ×
          </button>
        </span>
      ))}
    </section>
  );
}

function Values({
  name,
  title,
  counts,
  chosen,
}: {
  name: string;
  title: string;
  counts: Record<string, number>;
  chosen: readonly string[];
}) {
  const values = [...new Set([...chosen, ...Object.keys(counts)])];
  return (
    <fieldset>
      <legend class="unseen">{title}</legend>
      {values.map((value) => (
        <label key={value}>
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onClick={() => choose(name, chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value])}
          />{' '}
          <Name text={label(name, value)} most={60} /> <span class="soft">{whole(counts[value] ?? 0)}</span>
        </label>
      ))}
    </fieldset>
  );
}

function choose(name: string, values: readonly string[]): void {
  refine({ ...whereAddress({ [name]: values }), from: undefined, at: undefined });
}

function label(name: string, value: string): string {
  if (value === '') return 'unknown or none';
  return name === 'resolved' ? verdictWord(Number(value)) : value;
}
