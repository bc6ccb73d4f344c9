import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ToolDefinition } from '../../../schemas/message.ts';
import type { Ending } from '../../../schemas/trajectory.ts';
import { openHandsEnding, openHandsError } from '../endings.ts';
import { unifiedMessages, type Draft, type FolderFormat, type RecordFormat } from '../format.ts';
import { parseJson } from '../../tables/loose-json.ts';
import { argumentsText } from '../loose-calls.ts';
import { type LooseMessage, looseMessage } from '../loose-message.ts';
import { readContent } from '../loose-parts.ts';
import { readMessage } from '../read-message.ts';
import { at, fieldsOf, listOf, numberOf, textOf } from '../loose-values.ts';
import { isRecord } from '../../../schemas/is-record.ts';
import { Oddities } from '../oddities.ts';
import { reasoningEffortIn } from '../reasoning-effort.ts';
import { readTools } from '../tool-definitions.ts';
import { openHandsUsage, summedUsage } from '../usage.ts';

/** The events folder of an OpenHands V1 conversation: `<conversation>/events/event-<number>-<id>.json`. */
export const openHandsV1Folder: FolderFormat = {
  id: 'openhands-v1',
  detect: ({ files }) => files.some((name) => eventFile.test(name)),
  async read({ path, files }): Promise<Draft> {
    const oddities = new Oddities();
    const events = await readEventFiles(path, files, oddities);
    const state: unknown = await readFile(join(dirname(path), 'base_state.json'), 'utf8').then(parseJson, () => null);
    const status = textOf(at(state, 'execution_status'));
    const ending = endingOf(events, status, oddities);
    return {
      id: basename(path) === 'events' ? basename(dirname(path)) : basename(path),
      model: modelOf(state),
      ...draftOf(events, oddities),
      ending,
      exit_status: status,
      usage: summedUsage(Object.values(fieldsOf(at(state, 'stats', 'usage_to_metrics'))).map(openHandsUsage)),
    };
  },
};

/** V1 events in one value: a list of them, or a benchmark's output row with them as `history`. */
export const openHandsV1: RecordFormat = {
  id: 'openhands-v1',
  detect: (value) => isEvent(eventsOf(value)[0]),
  detectLines: (first) => first.some(isEvent),
  read(value): Draft[] {
    const oddities = new Oddities();
    const events = eventsOf(value);
    const row = Array.isArray(value) ? {} : fieldsOf(value);
    const instance = textOf(row['instance_id']);
    const error = textOf(row['error']);
    return [
      {
        ...(instance === null ? {} : { id: instance }),
        instance_id: instance,
        repo: textOf(at(row['instance'], 'repo')),
        base_commit: textOf(at(row['instance'], 'base_commit')),
        model: textOf(at(row['metadata'], 'llm', 'model')),
        reasoning_effort: reasoningEffortIn(at(row['metadata'], 'llm')),
        model_patch: textOf(at(row['test_result'], 'git_patch')),
        exit_status: error,
        usage: openHandsUsage(row['metrics']),
        ...draftOf(events, oddities),
        ending: error === null ? endingOf(events, null, oddities) : openHandsError(error, oddities),
      },
    ];
  },
};

const eventFile = /^event-(\d{5,})-.+\.json$/;

function eventsOf(value: unknown): unknown[] {
  return listOf(Array.isArray(value) ? value : at(value, 'history'));
}

function isEvent(value: unknown): boolean {
  return isRecord(value) && /(Event|Observation|Condensation)$/.test(textOf(value['kind']) ?? '') && 'source' in value;
}

/** OpenHands does not flush files to disk, so the last one may be cut. It reads nothing after a gap in the numbers. */
async function readEventFiles(path: string, files: string[], oddities: Oddities): Promise<unknown[]> {
  const numbered = files.flatMap((name) => {
    const number = eventFile.exec(name)?.[1];
    return number === undefined ? [] : { name, number: Number(number) };
  });
  const events: unknown[] = [];
  for (const { name, number } of numbered.toSorted((a, b) => a.number - b.number)) {
    if (number !== events.length) {
      oddities.lose('message', `event ${events.length} is missing: what follows is not read`);
      break;
    }
    try {
      events.push(parseJson(await readFile(join(path, name), 'utf8')));
    } catch {
      oddities.lose('message', `event ${number} is cut: what follows is not read`);
      break;
    }
  }
  return events;
}

function draftOf(events: unknown[], oddities: Oddities): Pick<Draft, 'harness' | 'messages' | 'tools' | 'oddities'> {
  return {
    harness: 'openhands-v1',
    messages: unifiedMessages(readEvents(events, oddities), oddities),
    tools: toolsOf(events, oddities),
    oddities,
  };
}

function modelOf(state: unknown): string | null {
  return textOf(at(state, 'agent', 'llm', 'model'));
}

/** Actions of one response become one message, at the place of the first. */
function readEvents(events: unknown[], oddities: Oddities): LooseMessage[] {
  const messages: LooseMessage[] = [];
  const replies = new Map<string, LooseMessage>();
  for (const event of events) {
    const kind = textOf(at(event, 'kind')) ?? '';
    if (kind === 'ActionEvent') {
      const response = textOf(at(event, 'llm_response_id'));
      const reply = response === null ? undefined : replies.get(response);
      const action = readAction(event, oddities, messages.length);
      if (reply === undefined) {
        messages.push(action);
        if (response !== null) replies.set(response, action);
      } else {
        reply.calls.push(...action.calls);
        reply.content ||= action.content;
        reply.reasoning ||= action.reasoning;
      }
    } else messages.push(...readOther(event, kind, oddities));
  }
  return messages;
}

function readAction(event: unknown, oddities: Oddities, index: number): LooseMessage {
  const { text, dropped } = readContent(at(event, 'thought'));
  const blocks = listOf(at(event, 'thinking_blocks')).flatMap((block) => textOf(at(block, 'thinking')) ?? []);
  const call = {
    id: textOf(at(event, 'tool_call_id')) ?? textOf(at(event, 'tool_call', 'id')),
    name: textOf(at(event, 'tool_call', 'name')) ?? textOf(at(event, 'tool_name')) ?? '',
    arguments:
      at(event, 'tool_call', 'arguments') === undefined ? actionArguments(event) : argumentsText(at(event, 'tool_call', 'arguments')),
  };
  if (call.arguments.includes('_openhands_malformed_tool_call'))
    oddities.note('malformed calls whose arguments OpenHands has replaced', index);
  return looseMessage('assistant', text, {
    reasoning: textOf(at(event, 'reasoning_content')) ?? blocks.join('\n'),
    calls: [call],
    dropped,
  });
}

function readOther(event: unknown, kind: string, oddities: Oddities): LooseMessage[] {
  const answers = textOf(at(event, 'tool_call_id'));
  switch (kind) {
    case 'SystemPromptEvent': {
      const texts = [at(event, 'system_prompt'), at(event, 'dynamic_context')].map((part) => readContent(part).text);
      return [looseMessage('system', texts.filter((text) => text !== '').join('\n\n'))];
    }
    case 'MessageEvent':
      return readMessage(at(event, 'llm_message'));
    case 'ObservationEvent': {
      const { text, dropped } = readContent(at(event, 'observation', 'content'));
      return [looseMessage('tool', resultText(text, at(event, 'observation')), { answers, dropped })];
    }
    case 'AgentErrorEvent':
      return [looseMessage('tool', textOf(at(event, 'error')) ?? '', { answers })];
    case 'UserRejectObservation':
      return [looseMessage('tool', textOf(at(event, 'rejection_reason')) ?? '', { answers })];
    case 'Condensation':
      oddities.note('the harness replaced earlier messages by a summary: they stand in full');
      return [];
    default:
      if (!eventsBeside.has(kind)) oddities.lose('message', `an event of the kind ${JSON.stringify(kind)} that is not known`);
      return [];
  }
}

/** Events of the machinery around the conversation. */
const eventsBeside = new Set(
  'PauseEvent ConversationStateUpdateEvent ConversationErrorEvent TokenEvent CondensationRequest CondensationSummaryEvent HookExecutionEvent'.split(
    ' ',
  ),
);

/** What an action was, where its call is not on record. */
function actionArguments(event: unknown): string {
  const { kind: _kind, ...values } = fieldsOf(at(event, 'action'));
  return argumentsText(values);
}

/** The model saw the exit code too, which the event keeps apart. */
function resultText(content: string, observation: unknown): string {
  const metadata = at(observation, 'metadata');
  const text = [textOf(at(metadata, 'prefix')), content, textOf(at(metadata, 'suffix'))].join('');
  const exitCode = numberOf(at(observation, 'exit_code')) ?? numberOf(at(metadata, 'exit_code'));
  return exitCode === null || exitCode === -1 || /exit code/.test(textOf(at(metadata, 'suffix')) ?? '')
    ? text
    : `${text}\n[exit code ${exitCode}]`;
}

function toolsOf(events: unknown[], oddities: Oddities): ToolDefinition[] {
  const prompt = events.find((event) => at(event, 'kind') === 'SystemPromptEvent');
  const tools = readTools(at(prompt, 'tools'), oddities);
  if (tools.some((tool) => Object.keys(tool.function.parameters).length === 0))
    oddities.note('tools are recorded without their parameters');
  return tools;
}

function endingOf(events: unknown[], status: string | null, oddities: Oddities): Ending | null {
  const failure = events.findLast((event) => at(event, 'kind') === 'ConversationErrorEvent');
  if (failure !== undefined) return openHandsEnding(textOf(at(failure, 'code')), textOf(at(failure, 'detail')) ?? '', oddities);
  const finish = events.findLast((event) => at(event, 'action', 'kind') === 'FinishAction');
  if (finish !== undefined) return { kind: 'finished', status: 'finished', detail: textOf(at(finish, 'action', 'message')) ?? '' };
  return openHandsEnding(status, '', oddities);
}
