import type { IngestedTrajectory } from '../../../schemas/ingested.ts';

/** A field of a record that no other part of a page shows. */
export interface UnshownField {
  /** Where it stands: `messages[].mood`. */
  path: string;
  /** What it holds at each place, as JSON unless it is a text; one entry for the same value everywhere. */
  values: { at: string; text: string }[];
  /** How often it stands there. */
  count: number;
  /** Characters of values that are left out, as there are too many. */
  left: number;
}

/** Characters of one field that are kept: it stands beside every message of a long run. */
const mostCharacters = 256 * 1024;

/** Deeper values are taken as they are, not field by field. */
const deepest = 12;

/** Fields of one record that are told apart; further ones are counted together. */
const mostPaths = 500;

/**
 * Names of fields that readers of formats take messages, calls, results and facts from: what they hold is shown, or is what a
 * format needs to tell its parts apart.
 */
const understood = new Set(
  `role content type text message messages parts value from history steps events input output contents conversations trajectory
  tool_calls function_call function_calls calls call function functionCall functionResponse functionCallResult functionResult name id
  call_id callId tool_call_id tool_use_id tool_name tool function_name source_call_id arguments args input_items params parameters
  action actions observation observations result results response resultDisplay stdout stderr thinking reasoning reasoning_content
  reasoning_details thought thoughts summary signature encrypted_content payload item kind event additional_kwargs choices kwargs
  usage agent extra extras info metadata source toolCalls tool_call tool_call_ids tool_call_metadata model_response llm_message
  system_prompt output_text input_text response_item message_id`.split(/\s+/),
);

/** What a call was given is shown whole, whatever its names are. */
const shownWhole = new Set(['arguments', 'args', 'input', 'parameters', 'params']);

/**
 * Fields of `record` that hold something which `trajectory` does not show, at any depth; those in `known` are shown elsewhere.
 * A log of many samples is looked through for the one that the trajectory is.
 */
export function unshownFields(record: unknown, trajectory: IngestedTrajectory, known: ReadonlySet<string>): UnshownField[] {
  const found = new Map<string, UnshownField>();
  const shown = shownTexts(trajectory);
  visit(record, { path: '', at: '', depth: 0, named: true });
  return [...found.values()];

  function visit(value: unknown, place: { path: string; at: string; depth: number; named: boolean }): void {
    const { path, at, depth, named } = place;
    if (isNothing(value)) return;
    const inside = typeof value === 'object' && value !== null && depth < deepest && (named || Array.isArray(value));
    if (!inside) {
      if (!named || depth >= deepest) add(found, path, at, value, shown);
      return;
    }
    if (Array.isArray(value)) {
      const own = path === 'samples' ? ownSamples(value, trajectory) : value;
      for (const [index, each] of own.entries()) {
        visit(each, { path: `${path}[]`, at: at === '' ? String(index) : at, depth: depth + 1, named });
      }
      return;
    }
    for (const [name, each] of Object.entries(value)) {
      if (shownWhole.has(name) && !Array.isArray(each)) continue;
      const inner = path === '' ? name : `${path}.${name}`;
      visit(each, { path: inner, at, depth: depth + 1, named: inner !== sampleEvents && (understood.has(name) || known.has(name)) });
    }
  }
}

/** What a log notes beside the messages of a sample; as long as the run itself, in words of its own. */
const sampleEvents = 'samples[].events';

function ownSamples(samples: readonly unknown[], { id, instance_id }: IngestedTrajectory): readonly unknown[] {
  if (samples.length === 1) return samples;
  return samples.filter((sample) => {
    if (typeof sample !== 'object' || sample === null || !('id' in sample)) return false;
    return String(sample.id) === instance_id || String(sample.id) === id;
  });
}

function add(found: Map<string, UnshownField>, path: string, at: string, value: unknown, shown: ReadonlySet<string>): void {
  const text = typeof value === 'string' ? value : json(value);
  if (typeof value === 'string' && shown.has(text.trim())) return;
  const name = found.has(path) || found.size < mostPaths ? path : 'further fields';
  const field = found.get(name) ?? { path: name, values: [], count: 0, left: 0 };
  found.set(name, field);
  field.count += 1;
  const [first] = field.values;
  if (field.values.length === 1 && first?.text === text && field.left === 0) return;
  const kept = field.values.reduce((sum, each) => sum + each.text.length, 0);
  if (kept + text.length > mostCharacters && kept > 0) field.left += text.length;
  else field.values.push({ at, text });
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
}

/** Texts that pages show as they are. */
function shownTexts({ messages, id, instance_id, model, repo }: IngestedTrajectory): Set<string> {
  const shown = new Set([id, instance_id ?? '', model ?? '', repo ?? '']);
  for (const message of messages) {
    shown.add(message.content.trim());
    if (message.role !== 'assistant') continue;
    shown.add((message.reasoning_content ?? '').trim());
    for (const { function: called } of message.tool_calls ?? []) shown.add(called.name);
  }
  return shown;
}

function json(value: unknown): string {
  try {
    return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner)) ?? String(value);
  } catch {
    return 'nested too deep to be written';
  }
}
