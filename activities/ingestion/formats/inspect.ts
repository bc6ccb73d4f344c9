import { nameTable } from '../../../schemas/name-table.ts';
import type { Ending } from '../../../schemas/trajectory.ts';
import type { Resolved } from '../../../schemas/verdict.ts';
import { Problem } from '../../../schemas/problem.ts';
import { conversation, type Draft, type RecordFormat } from '../format.ts';
import { at, type Fields, fieldsOf, listOf, nameOf, numberOf, textOf } from '../loose-values.ts';
import { isRecord } from '../../../schemas/is-record.ts';
import { Oddities } from '../oddities.ts';
import { reasoningEffortIn } from '../reasoning-effort.ts';
import { requestUsage, summedUsage, usageOf } from '../usage.ts';
import { inspectConversations } from './inspect-messages.ts';

/** Logs of Inspect, as `.eval` archives and as JSON: each sample is a trajectory, and the agents that stand only in its events another. */
export const inspect: RecordFormat = {
  id: 'inspect',
  detect: (value) =>
    isRecord(value) && isRecord(value['eval']) && 'task' in value['eval'] && ('samples' in value || 'plan' in value || 'status' in value),
  parts(value) {
    const samples = listOf(at(value, 'samples'));
    return samples.length < 2 ? [value] : samples.map((sample) => ({ ...fieldsOf(value), samples: [sample] }));
  },
  read(value): Draft[] {
    const samples = listOf(at(value, 'samples'));
    if (samples.length === 0) {
      throw new Problem('empty_trajectory', 'a log of Inspect without samples', { hint: 'it may have been written with --no-log-samples' });
    }
    return samples.flatMap((sample) => draftsOf(fieldsOf(sample), fieldsOf(at(value, 'eval'))));
  },
};

function draftsOf(sample: Fields, run: Fields): Draft[] {
  const metadata = fieldsOf(sample['metadata']);
  const epoch = numberOf(sample['epoch']) ?? 1;
  const name = nameOf(sample['id']);
  const id = name === null ? '' : `${name}${epoch === 1 ? '' : `#${epoch}`}`;
  const instance = nameOf(metadata['instance_id']) ?? (name !== null && /__.+-\d+$/.test(name) ? name : null);
  const [messages, aside] = inspectConversations(sample);
  const oddities = new Oddities();
  const known = {
    instance_id: instance,
    repo: textOf(metadata['repo']),
    base_commit: textOf(metadata['base_commit']),
    harness: textOf(run['solver']) ?? 'inspect',
    model: textOf(run['model']),
    reasoning_effort: reasoningEffortIn(run['model_generate_config'], run['model_args']),
    reference_patch: textOf(metadata['patch']),
  };
  const main: Draft = {
    ...known,
    id,
    messages: conversation(messages, oddities),
    ending: endingOf(sample, oddities),
    exit_status: isRecord(sample['error']) ? 'error' : statusOf(sample),
    resolved: resolvedOf(fieldsOf(sample['scores']), oddities),
    usage: usageIn(sample),
    oddities,
  };
  if (aside.length === 0) return [main];
  const other = new Oddities();
  other.note('calls that stand in the events of the sample, and not in its messages');
  return [main, { ...known, id: `${id}#events`, messages: conversation(aside, other), oddities: other }];
}

const limits: Record<string, Ending['kind']> = nameTable({
  message: 'turn_limit',
  turn: 'turn_limit',
  time: 'time_limit',
  working: 'time_limit',
  token: 'cost_limit',
  cost: 'cost_limit',
  context: 'context_full',
});

const stops: Record<string, Ending['kind']> = nameTable({
  stop: 'finished',
  model_length: 'context_full',
  content_filter: 'model_refused',
});

/** The limit that the sample came to, else why the model stopped. */
function statusOf(sample: Fields): string | null {
  return textOf(at(sample, 'limit', 'type')) ?? textOf(at(listOf(at(sample, 'output', 'choices'))[0], 'stop_reason'));
}

function endingOf(sample: Fields, oddities: Oddities): Ending | null {
  if (isRecord(sample['error'])) {
    oddities.note(`ended by an error: ${(textOf(sample['error']['message']) ?? '').slice(0, 200)}`);
    return null;
  }
  const status = statusOf(sample);
  const kind = (isRecord(sample['limit']) ? limits : stops)[status ?? ''];
  return status === null || kind === undefined ? null : { kind, status, detail: '' };
}

/** Right and wrong are letters, numbers or booleans. A score between them is no verdict: it is noted. */
function resolvedOf(scores: Fields, oddities: Oddities): Resolved | null {
  for (const [scorer, score] of Object.entries(scores)) {
    const value = at(score, 'value');
    if (value === 'C' || value === 1 || value === true) return 1;
    if (value === 'I' || value === 0 || value === false) return 0;
    oddities.note(`score ${scorer}: ${JSON.stringify(value ?? null).slice(0, 100)}`);
  }
  return null;
}

function usageIn(sample: Fields): NonNullable<Draft['usage']> | null {
  const models = Object.values(fieldsOf(sample['model_usage']));
  const usage = summedUsage(models.map((model) => requestUsage(model, null)));
  const costs = models.flatMap((model) => numberOf(at(model, 'total_cost')) ?? []);
  return usageOf({ ...usage, cost_usd: costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0) });
}
