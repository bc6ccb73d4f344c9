import { createHash } from 'node:crypto';
import type { ScanReport } from '../../../schemas/finding.ts';
import type { EvaluationOutcome } from '../../../schemas/evaluation-record.ts';
import type { IngestedTrajectory } from '../../../schemas/ingested.ts';
import type { ViewRow } from '../../../schemas/view-row.ts';

const unknownRow: Omit<ViewRow, 'id'> = {
  instance_id: '',
  repo: '',
  language: '',
  license: '',
  harness: '',
  mode: '',
  model: '',
  sample: 0,
  stage: '',
  ending: '',
  fate: '',
  rule: '',
  resolved: null,
  turns: null,
  prompt_tokens: null,
  completion_tokens: null,
  cost_usd: null,
  bytes: null,
  seconds: null,
  findings: null,
  categories: '',
};

/** The row of a trajectory in a list. */
export function rowOfTrajectory(id: string, trajectory: IngestedTrajectory): ViewRow {
  const { instance_id, repo, language, license, harness, model, ending, exit_status, resolved, messages, usage } = trajectory;
  return {
    ...unknownRow,
    id,
    instance_id: instance_id ?? trajectory.id,
    repo: repo ?? '',
    language: language ?? '',
    license: license ?? '',
    harness: harness ?? trajectory.format,
    model: model ?? '',
    ending: ending?.kind ?? exit_status ?? '',
    resolved,
    turns: messages.filter(({ role }) => role === 'assistant').length,
    prompt_tokens: usage?.prompt_tokens ?? null,
    completion_tokens: usage?.completion_tokens ?? null,
    cost_usd: usage?.cost_usd ?? null,
    bytes: messages.reduce((sum, message) => sum + bytesOf(message), 0),
  };
}

function bytesOf(message: IngestedTrajectory['messages'][number]): number {
  const own = Buffer.byteLength(message.content);
  if (message.role !== 'assistant') return own;
  const calls = (message.tool_calls ?? []).reduce((sum, call) => sum + Buffer.byteLength(call.function.arguments), 0);
  return own + Buffer.byteLength(message.reasoning_content ?? '') + calls;
}

/** The row of what a scan said of one trajectory. */
export function rowOfReport(id: string, report: ScanReport): ViewRow {
  const categories = [...new Set(report.findings.map(({ category }) => category))].sort().join(' ');
  return { ...unknownRow, id, instance_id: report.id, findings: report.findings.length, categories };
}

/** The row of one attempt of an evaluation. */
export function rowOfOutcome(id: string, outcome: EvaluationOutcome, model: string): ViewRow {
  const { instance_id, harness, mode, run, verdict, ending, turns, prompt_tokens, completion_tokens, cost_usd, findings } = outcome;
  return {
    ...unknownRow,
    id,
    instance_id,
    harness,
    mode,
    model,
    sample: run,
    stage: verdict,
    ending: ending ?? '',
    resolved: verdict === 'resolved' ? 1 : verdict === 'infra_error' || verdict === 'not_run' ? -1 : 0,
    turns,
    prompt_tokens,
    completion_tokens,
    cost_usd,
    findings: findings.length,
    categories: [...new Set(findings)].sort().join(' '),
  };
}

/** Makes ids for addresses of names that may hold anything: the same name gives the same id, wherever it stands in a file. */
export class RowIds {
  readonly #used = new Set<string>();

  take(name: string): string {
    const plain = /^[\w@+=-][\w.@+=-]{0,119}$/.test(name) ? name : `${slug(name)}-${digest(name)}`;
    let id = plain;
    for (let number = 2; this.#used.has(id); number += 1) id = `${plain}~${number}`;
    this.#used.add(id);
    return id;
  }
}

function slug(name: string): string {
  return name
    .replace(/[^\w]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 60);
}

function digest(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 10);
}
