import type { PrivateKind } from '../../schemas/private-text.ts';
import { type PlacedHit, type PlacedText, type PrivateReport, reportPrivate } from '../secrets/private-report.ts';
import { type FilterInput, fine, type Outcome, violation } from './filter.ts';

/** Where a text stands: what it is, and the turn and call where it belongs to one. */
interface Place {
  what: string;
  turn?: number;
  call?: number;
}

/** Three filters ask for the same report of a row. */
const reports = new WeakMap<FilterInput['trajectory'], PrivateReport<Place>>();

function reportOf(input: FilterInput): PrivateReport<Place> {
  const known = reports.get(input.trajectory);
  if (known !== undefined) return known;
  const report = reportPrivate(publishedTexts(input));
  reports.set(input.trajectory, report);
  return report;
}

const nouns: Record<PrivateKind, string> = {
  secrets: 'keys or passwords',
  high_entropy: 'strings like keys beside a name of one',
  emails: 'e-mail addresses',
  home_folders: 'names of home folders',
};

/** What a row that is published holds of some kinds. The evidence says the sort, the length and the place, never the thing itself. */
export function checkPrivate(input: FilterInput, kinds: readonly PrivateKind[]): Outcome {
  const { hits, leftOut } = reportOf(input);
  const found = hits.filter(({ hit }) => kinds.includes(hit.kind));
  const aside = [...leftOut].map(([reason, count]) => `${reason} ${count}`).join(', ');
  const besides = aside === '' ? '' : `; left out: ${aside}`;
  if (found.length === 0) return fine(`no ${kinds.map((kind) => nouns[kind]).join(', no ')}${besides}`);
  const counts = kinds.flatMap((kind) => {
    const ofKind = found.filter(({ hit }) => hit.kind === kind);
    return ofKind.length === 0
      ? []
      : [`${nouns[kind]} in ${ofKind.length} places (${new Set(ofKind.map(({ thing }) => thing)).size} different)`];
  });
  return violation(`${counts.join(', ')}${besides}`, found.map(evidenceOf));
}

function evidenceOf({ hit, place: { what, ...place } }: PlacedHit<Place>): Outcome['evidence'][number] {
  return { text: `${hit.what} of ${hit.end - hit.start} characters at ${hit.start} in ${what}`, ...place };
}

/** Everything of a row that a release publishes as text. */
function* publishedTexts({ trajectory, task }: FilterInput): Generator<PlacedText<Place>> {
  let turn = -1;
  for (const message of trajectory.messages) {
    if (message.role === 'assistant') turn += 1;
    const at = turn < 0 ? {} : { turn };
    if (message.role === 'assistant') {
      yield { text: message.reasoning_content ?? '', json: false, place: { what: 'its reasoning', ...at } };
      for (const [call, { function: called }] of (message.tool_calls ?? []).entries())
        yield { text: called.arguments, json: true, place: { what: `the arguments of ${called.name}`, ...at, call } };
    }
    const what = { system: 'the system prompt', user: 'a message of the user', assistant: 'its reply', tool: 'an observation' }[
      message.role
    ];
    yield { text: message.content, json: false, place: { what, ...at } };
  }
  for (const tool of trajectory.tools) yield { text: JSON.stringify(tool), json: true, place: { what: 'the definition of a tool' } };
  yield { text: trajectory.model_patch, json: false, place: { what: "the model's patch" } };
  yield { text: task.patch, json: false, place: { what: "the task's own patch" } };
}
