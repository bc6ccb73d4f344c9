import { Problem } from '../../../schemas/problem.ts';
import type { ReleaseManifest, RowStatistics } from '../../../schemas/release.ts';
import type { RowSelection } from '../../../schemas/training.ts';

/** Rows of a release that a selection takes, by its manifest alone. Throws `Problem` no_matching_rows when there are none. */
export function matchingRows({ statistics, rows }: Pick<ReleaseManifest, 'statistics' | 'rows'>, selection: RowSelection): number {
  const { modes, languages, harnesses, outcomes = ['resolved', 'unresolved', 'unknown'] } = selection;
  const ofCell = (cell: RowStatistics) => {
    const wanted =
      (modes === undefined || modes.includes(cell.mode)) &&
      (languages === undefined || languages.some((language) => language === cell.language)) &&
      (harnesses === undefined || harnesses.includes(cell.harness));
    return wanted ? outcomes.reduce((sum, outcome) => sum + cell[outcome], 0) : 0;
  };
  const matching = statistics.reduce((sum, cell) => sum + ofCell(cell), 0);
  if (matching > 0) return matching;
  throw new Problem('no_matching_rows', `none of the ${rows} rows of the release is ${described(selection)}`, {
    hint: rows === 0 ? 'the release is empty: see its ledger for why' : `the release has ${statistics.map(shown).join('; ')}`,
  });
}

function described({ modes, outcomes, languages, harnesses }: RowSelection): string {
  const parts = [
    ['mode', modes],
    ['outcome', outcomes],
    ['language', languages],
    ['harness', harnesses],
  ] as const;
  const said = parts.flatMap(([name, values]) => (values === undefined ? [] : [`of ${name} ${values.join(' or ')}`]));
  return said.length === 0 ? 'there' : said.join(', ');
}

function shown({ harness, mode, language, resolved, unresolved, unknown }: RowStatistics): string {
  return `${harness} ${mode} ${language}: ${resolved} resolved, ${unresolved} unresolved, ${unknown} unknown`;
}
