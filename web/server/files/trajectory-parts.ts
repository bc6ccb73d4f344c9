import type { ScanReport } from '../../../schemas/finding.ts';
import type { IngestedTrajectory } from '../../../schemas/ingested.ts';
import { placeText } from '../../../schemas/place.ts';
import type { Fact } from '../../../schemas/transcript.ts';
import { turnsOfMessages } from '../../model/transcript/message-turns.ts';
import { type RawPart, type RawTurn, textPart } from '../../model/transcript/raw-turn.ts';
import { callFacts } from './call-facts.ts';
import type { TranscriptParts } from './transcript-folder.ts';
import { unshownFields } from './unshown-fields.ts';

/** Reasons listed in a notice; of more, the number is said. */
const listedReasons = 50;

/** Longest value shown among the facts; a longer one stands behind the last turn. */
const factCharacters = 300;

/** Fields of records that the messages, the patch or a fact of this page come from, in any format. */
const shownFields = new Set([
  'messages',
  'trajectory',
  'history',
  'steps',
  'events',
  'samples',
  'tools',
  'model_patch',
  'patch',
  'reported',
  'lost',
  'place',
  'instance_id',
  'repo',
  'base_commit',
  'license',
  'language',
  'harness',
  'model',
  'ending',
  'exit_status',
  'resolved',
  'image_cleaned',
  'hf_dataset_name',
  'usage',
  'id',
  'format',
]); // prettier-ignore

/** What a page shows of a trajectory from a file, with what a scan said of it; `record` is the file's own value. */
export function partsOfTrajectory(
  id: string,
  trajectory: IngestedTrajectory,
  { record, version, report }: { record: unknown; version: string; report: ScanReport | null },
): TranscriptParts {
  const others = otherFields(record, trajectory);
  return {
    about: {
      id,
      title: trajectory.instance_id ?? trajectory.id,
      open: false,
      version,
      facts: [...factsOf(trajectory), ...others.facts],
      ending: endingText(trajectory),
      resolved: trajectory.resolved,
      tests: [],
      decisions: [],
      fate: null,
      patch: trajectory.model_patch === '' ? null : trajectory.model_patch,
      unread: unreadOf(trajectory, report),
    },
    findings: report?.findings ?? [],
    turns: concat(turnsOfMessages(trajectory.messages, callFacts(record)), others.turns),
  };
}

function* concat(first: Iterable<RawTurn>, second: Iterable<RawTurn>): Generator<RawTurn> {
  yield* first;
  yield* second;
}

function endingText({ ending, exit_status }: IngestedTrajectory): string | null {
  if (ending === null) return exit_status;
  return [ending.kind, ending.status, ending.detail].filter((text, at, all) => text !== '' && all.indexOf(text) === at).join(': ');
}

function unreadOf({ lost, reported }: IngestedTrajectory, report: ScanReport | null): string[] {
  const reasons = [
    ...lost.map(({ what, reason, message }) => `not read: ${what}${message === null ? '' : ` of message ${message + 1}`}: ${reason}`),
    ...reported,
    ...(report?.unread ?? []).map((reason) => `not scanned: ${reason}`),
  ];
  const more = reasons.length - listedReasons;
  return more > 0 ? [...reasons.slice(0, listedReasons), `and ${more} reasons more`] : reasons;
}

function factsOf(trajectory: IngestedTrajectory): Fact[] {
  const { usage, place, ending: _ending, messages: _messages, tools, ...rest } = trajectory;
  const { format, repo, base_commit, license, language, hf_dataset_name, harness, model, exit_status, image_cleaned, reference_patch } =
    rest;
  const named: [string, string | number | boolean | null][] = [
    ['id', trajectory.id],
    ['read from', place === null ? null : placeText(place)],
    ['format', format],
    ['repository', repo],
    ['base commit', base_commit],
    ['license', license],
    ['language', language],
    ['data set', hf_dataset_name],
    ['harness', harness],
    ['model', model],
    ['exit status', exit_status],
    ['history removed', image_cleaned],
    ['tools', tools.length === 0 ? null : tools.map((tool) => tool.function.name).join(', ')],
    ['reference patch', reference_patch === null ? null : `${reference_patch.length} characters`],
    ...Object.entries(usage ?? {}).map(([name, value]): [string, string | number | null] => [name.replaceAll('_', ' '), value]),
  ];
  return named.flatMap(([name, value]) => (value === null ? [] : [{ name, value: String(value) }]));
}

/** Fields of a record that no other part of the page shows: short ones as facts, others whole behind the last turn. */
function otherFields(record: unknown, trajectory: IngestedTrajectory): { facts: Fact[]; turns: RawTurn[] } {
  const facts: Fact[] = [];
  const parts: RawPart[] = [];
  for (const { path, values, count, left } of unshownFields(record, trajectory, shownFields)) {
    const [first] = values;
    if (first === undefined) continue;
    const times = count === 1 || left > 0 ? '' : ` (${count} times)`;
    if (values.length === 1 && left === 0 && first.text.length <= factCharacters) {
      facts.push({ name: `file: ${path}`, value: first.text + times });
      continue;
    }
    const more = left === 0 ? '' : `\n${left} characters more of it are not shown`;
    if (values.length === 1) parts.push(textPart('field', path + times, spread(first.text) + more, isJson(first.text) ? 'json' : 'text'));
    else parts.push(textPart('field', path, values.map(({ at, text }) => `${at}: ${text}`).join('\n') + more));
  }
  return { facts, turns: parts.length === 0 ? [] : [fieldTurn(parts)] };
}

function isJson(text: string): boolean {
  return /^[[{]/.test(text);
}

/** JSON on lines of its own; other texts, and such as are too large or deep for it, as they are. */
function spread(text: string): string {
  if (!isJson(text) || text.length > 64 * 1024) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 1);
  } catch {
    return text;
  }
}

function fieldTurn(parts: RawPart[]): RawTurn {
  return { kind: 'note', turn: null, at: null, prompt_tokens: null, completion_tokens: null, latency_ms: null, parts };
}
