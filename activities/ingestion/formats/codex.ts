import { type Draft, type RecordFormat, unifiedMessages } from '../format.ts';
import { at, type Fields, fieldsOf, listOf, textOf, unfolded } from '../loose-values.ts';
import { isRecord } from '../../../schemas/is-record.ts';
import { readMessages } from '../message-list.ts';
import { Oddities } from '../oddities.ts';
import { requestUsage } from '../usage.ts';
import { isPrintedLine, printedItems, printedSession, printedUsage } from './codex-printed.ts';

/** Sessions of Codex: `rollout-*.jsonl`, in the older form too, and what `codex exec --json` prints. */
export const codex: RecordFormat = {
  id: 'codex',
  detect: (value) => Array.isArray(value) && areLines(value.slice(0, 20)),
  detectLines: areLines,
  read(value): Draft[] {
    const lines = listOf(value).filter(isRecord);
    return lines.some(isPrintedLine) ? [printed(lines)] : sessionsOf(lines).map(draftOf);
  },
};

const kinds = new Set(['session_meta', 'response_item', 'event_msg', 'turn_context', 'compacted']);

function areLines(first: readonly unknown[]): boolean {
  return (
    first.some(isRolloutLine) || first.some((value) => at(value, 'record_type') === 'state' || isPrintedLine(value)) || isBareHead(first[0])
  );
}

function isRolloutLine(value: unknown): boolean {
  return isRecord(value) && kinds.has(textOf(value['type']) ?? '') && isRecord(value['payload']);
}

const headKeys = new Set(['id', 'timestamp', 'instructions', 'git', 'cwd', 'originator', 'cli_version', 'source', 'model_provider']);

/** The first line of a session from before lines had a type: items follow as they are. */
function isBareHead(value: unknown): boolean {
  if (!isRecord(value) || !['id', 'timestamp', 'instructions'].every((key) => key in value)) return false;
  return Object.keys(value).every((key) => headKeys.has(key));
}

interface Session {
  meta: Fields;
  /** Items of the Responses API. */
  items: unknown[];
  model: string | null;
  /** Of its first turn. */
  effort: string | null;
  usage: unknown;
  notes: Set<string>;
}

/** The sessions of a file: another one begins where another head follows items. A head before any is that of the session it goes on from. */
function sessionsOf(lines: Fields[]): Session[] {
  const sessions: Session[] = [];
  let session = newSession({});
  for (const line of lines) {
    const type = textOf(line['type']) ?? '';
    const payload = kinds.has(type) ? fieldsOf(line['payload']) : line;
    if (type === 'session_meta' || isBareHead(line)) {
      if (session.items.length > 0 && textOf(payload['id']) !== textOf(session.meta['id'])) {
        sessions.push(session);
        session = newSession(payload);
      } else if (Object.keys(session.meta).length === 0) session.meta = payload;
    } else if (type === 'turn_context') {
      session.model ??= textOf(payload['model']);
      session.effort ??= textOf(payload['effort']);
    } else if (type === 'event_msg') noteEvent(session, payload);
    else if (type === 'compacted') session.notes.add('the harness replaced earlier messages by a summary: they stand in full');
    else if (at(line, 'record_type') === undefined && !besides.has(textOf(payload['type']) ?? '')) session.items.push(readable(payload));
  }
  return [...sessions, session];
}

/** Items that hold nothing of the conversation. */
const besides = new Set(['ghost_snapshot', 'compaction', 'compaction_summary', 'other']);

function newSession(meta: Fields): Session {
  return { meta, items: [], model: null, effort: null, usage: undefined, notes: new Set() };
}

function noteEvent(session: Session, event: Fields): void {
  // Each event has the sum of those before it.
  if (event['type'] === 'token_count') session.usage = at(event, 'info', 'total_token_usage') ?? session.usage;
  if (event['type'] === 'turn_aborted') session.notes.add(`a turn was aborted: ${textOf(event['reason']) ?? 'without a reason'}`);
  if (event['type'] === 'error') session.notes.add(`an error ended a turn: ${(textOf(event['message']) ?? '').slice(0, 200)}`);
}

/** Outputs of the shell came as JSON in a text, with the exit code beside them. */
function readable(item: Fields): Fields {
  const output = unfolded(item['output']);
  if (typeof item['output'] !== 'string' || typeof at(output, 'output') !== 'string' || !isRecord(at(output, 'metadata'))) return item;
  return { ...item, output: { output: at(output, 'output'), exit_code: at(output, 'metadata', 'exit_code') } };
}

function draftOf({ meta, items, model, effort, usage, notes }: Session): Draft {
  const oddities = new Oddities();
  for (const note of notes) oddities.note(note);
  const instructions = textOf(at(meta, 'base_instructions', 'text')) ?? textOf(meta['instructions']);
  const system = instructions === null ? [] : [{ role: 'system', content: instructions }];
  return {
    id: textOf(meta['id']) ?? '',
    harness: 'codex',
    model: model ?? textOf(meta['model']),
    reasoning_effort: effort,
    repo: /([^/:]+\/[^/:]+?)(?:\.git)?\/?$/.exec(textOf(at(meta, 'git', 'repository_url')) ?? '')?.[1] ?? null,
    base_commit: textOf(at(meta, 'git', 'commit_hash')),
    messages: unifiedMessages(readMessages([...system, ...items], oddities), oddities),
    usage: requestUsage(usage, null),
    oddities,
  };
}

function printed(lines: Fields[]): Draft {
  const oddities = new Oddities();
  return {
    id: printedSession(lines) ?? '',
    harness: 'codex',
    messages: unifiedMessages(readMessages(printedItems(lines), oddities), oddities),
    usage: printedUsage(lines),
    oddities,
  };
}
