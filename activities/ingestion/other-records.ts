import { type Fields, fieldsOf } from './loose-values.ts';
import { isRecord } from '../../schemas/is-record.ts';

/** What a record seems to be that is not read, and what to give instead. */
interface OtherRecord {
  name: string;
  is: (fields: Fields) => boolean;
  instead: string;
}

const has =
  (...keys: string[]) =>
  (fields: Fields) =>
    keys.every((key) => key in fields);

const any =
  (...keys: string[]) =>
  (fields: Fields) =>
    keys.some((key) => key in fields);

const withPatch = any('model_patch', 'prediction', 'patch');

/** The more particular come first. */
const others: OtherRecord[] = [
  {
    name: 'tasks of a benchmark',
    is: (row) => has('problem_statement')(row) && any('test_patch', 'FAIL_TO_PASS', 'base_commit')(row),
    instead: 'they go to a campaign file as its source',
  },
  {
    name: 'predictions of a benchmark: patches without trajectories',
    is: (row) => has('instance_id')(row) && withPatch(row),
    instead: 'give the logs of the run',
  },
  {
    name: 'a report of a benchmark',
    is: any('resolved_ids', 'completed_ids', 'resolved_instances', 'tests_status'),
    instead: 'give the logs of the run',
  },
  { name: 'the history of prompts of Claude Code', is: has('display', 'pastedContents'), instead: 'its sessions are below projects/' },
  { name: 'the history of prompts of Codex', is: has('session_id', 'ts', 'text'), instead: 'its sessions are rollout-*.jsonl' },
  { name: 'the history of prompts of Gemini CLI', is: has('sessionId', 'messageId', 'message'), instead: 'its sessions are below chats/' },
  {
    name: 'the last answer of an agent without its calls',
    is: (row) => has('type', 'result', 'session_id')(row) || has('response', 'stats')(row),
    instead: 'print the session as a stream: --output-format stream-json',
  },
  {
    name: 'what Cline shows',
    is: (row) => has('ts', 'type')(row) && any('say', 'ask')(row),
    instead: 'give api_conversation_history.json',
  },
  {
    name: 'a chat of Copilot in VS Code',
    is: has('requests', 'responderUsername'),
    instead: 'its tool calls are not recorded as the model made them',
  },
  { name: 'chats of Cursor', is: any('bubbleId', 'composerData', 'allComposers', 'composerId'), instead: 'export them as messages' },
  { name: 'an export of claude.ai', is: has('chat_messages'), instead: 'it holds chats, not runs of an agent' },
  { name: 'an export of ChatGPT', is: has('mapping', 'current_node'), instead: 'it holds chats, not runs of an agent' },
  { name: 'a part of a session of opencode', is: has('sessionID', 'messageID'), instead: 'write the session by `opencode export`' },
  { name: 'runs of LangSmith', is: has('run_type', 'inputs'), instead: 'export the messages of the root run' },
  {
    name: 'traces of OpenTelemetry',
    is: (row) => any('resourceSpans', 'scopeSpans')(row) || has('trace_id', 'span_id')(row) || has('traceId', 'spanId')(row),
    instead: 'export the messages of the model',
  },
  {
    name: 'the memory of smolagents',
    is: any('model_output', 'model_input_messages'),
    instead: 'write agent.memory.get_full_steps as messages',
  },
  { name: 'the state of a team of AutoGen', is: has('agent_states'), instead: 'write the messages of its agents' },
  { name: 'traffic of a browser (HAR)', is: ({ log }) => isRecord(log) && 'entries' in log, instead: 'give the messages' },
  { name: 'a notebook of Jupyter', is: has('cells', 'nbformat'), instead: 'give the messages' },
  { name: 'a recording of a terminal', is: has('version', 'width', 'height'), instead: 'give the log of the agent' },
  {
    name: 'pairs of prompt and completion as texts',
    is: (row) => has('prompt')(row) && any('completion', 'response', 'chosen')(row),
    instead: 'write them as messages',
  },
];

/** Why a record of no format that is read is left out: what it seems to be, else its keys. */
export function otherRecord(value: unknown): string {
  const fields = fieldsOf(value);
  const known = others.find(({ is }) => is(fields));
  if (known !== undefined) return `${known.name}, which is not read: ${known.instead}`;
  const keys = Object.keys(fields).slice(0, 12).join(', ');
  const what = keys === '' ? (Array.isArray(value) ? `a list of ${value.length}` : typeof value) : `keys: ${keys}`;
  return `of no known format (${what}); \`tracemill ingest --help\` names those that are read`;
}
