import type { Message, ToolDefinition } from '../../schemas/message.ts';
import type { Task } from '../../schemas/task.ts';
import type { Fact, TrajectoryOrigin } from '../../schemas/row-origin.ts';
import { trajectoryId } from '../../schemas/trajectory-id.ts';
import type { Trajectory } from '../../schemas/trajectory.ts';
import type { Verdict } from '../../schemas/verdict.ts';
import { ScanReport } from '../../schemas/finding.ts';

export const FIX = `diff --git a/src/parse.py b/src/parse.py
index 1111111..2222222 100644
--- a/src/parse.py
+++ b/src/parse.py
@@ -1,2 +1,2 @@
 def parse(text):
-    return text
+    return text.strip()
`;

export const TEST_CHANGE = FIX.replaceAll('src/parse.py', 'tests/test_parse.py');

export function task(change: Partial<Task> = {}): Task {
  return {
    instance_id: 'acme__parser-7',
    repo: 'acme/parser',
    language: 'python',
    base_commit: 'a'.repeat(40),
    patch: FIX,
    test_patch: TEST_CHANGE,
    problem_statement: 'parse() keeps blanks around the text. It should strip them.',
    FAIL_TO_PASS: ['tests/test_parse.py::test_blank'],
    PASS_TO_PASS: ['tests/test_parse.py::test_plain'],
    image_name: 'acme/parser:7',
    install_config: { test_cmd: ['pytest'], log_parser: 'parse_log_pytest' },
    license: 'MIT',
    hf_dataset_name: 'nebius/SWE-rebench-V2',
    ...change,
  };
}

const tools: ToolDefinition[] = [
  tool('execute_bash', { command: { type: 'string' }, timeout: { type: 'number' } }, ['command']),
  tool('finish', { message: { type: 'string' } }, ['message']),
];

function tool(name: string, properties: Record<string, unknown>, required: string[]): ToolDefinition {
  return { type: 'function', function: { name, description: `The tool ${name}.`, parameters: { type: 'object', properties, required } } };
}

/** One turn: the call and what comes back. */
export interface Step {
  name?: string;
  arguments?: string;
  observation?: string;
  content?: string;
  reasoning?: string;
}

export const finish: Step = { name: 'finish', arguments: '{"message":"done"}', observation: 'Noted.' };

export function run(command: string, observation = 'ok'): Step {
  return { arguments: JSON.stringify({ command }), observation };
}

export function conversation(steps: Step[], mode: 'think' | 'no_think' = 'no_think'): Message[] {
  return [
    { role: 'system', content: 'You solve issues.' },
    { role: 'user', content: 'parse() keeps blanks around the text.' },
    ...steps.flatMap((step, turn) => turnMessages(step, turn, mode)),
  ];
}

function turnMessages(step: Step, turn: number, mode: 'think' | 'no_think'): Message[] {
  const id = `call_${turn}`;
  const reasoning = step.reasoning ?? (mode === 'think' ? 'Let me look at the parser first.' : '');
  const call = {
    id,
    type: 'function' as const,
    function: { name: step.name ?? 'execute_bash', arguments: step.arguments ?? '{"command":"ls"}' },
  };
  return [
    { role: 'assistant', content: step.content ?? '', ...(reasoning === '' ? {} : { reasoning_content: reasoning }), tool_calls: [call] },
    { role: 'tool', content: step.observation ?? 'ok', tool_call_id: id },
  ];
}

/** A rollout that did everything right, apart from what `change` says. */
export function trajectory(steps: Step[] = [run('ls'), run('cat src/parse.py'), finish], change: Partial<Trajectory> = {}): Trajectory {
  const key = change.key ?? { campaign: 'demo', instance_id: 'acme__parser-7', harness: 'openhands', mode: 'no_think', sample: 0 };
  return {
    id: trajectoryId(key),
    key,
    repo: 'acme/parser',
    base_commit: 'a'.repeat(40),
    teacher: { name: 'scripted', model: 'Scripted-1.5' },
    tools,
    messages: conversation(steps, key.mode),
    turns: steps.map((_, turn) => ({ turn, calls: 1, errors: [], finish_reason: 'tool_calls' })),
    ending: { kind: 'finished', status: 'finished', detail: '' },
    model_patch: FIX,
    usage: { prompt_tokens: 1000, completion_tokens: 100 },
    cost_usd: 0,
    image_cleaned: true,
    replay_divergences: [],
    ...change,
  };
}

/** As a file of another tool that does not say these facts. */
export function origin(lacks: Fact[]): TrajectoryOrigin {
  const place = { file: 'runs.jsonl', unit: 'line' as const, number: 3 };
  return { format: 'openai', place, id: 'run-3', sha256: 'b'.repeat(64), exit_status: null, lacks, unread: [] };
}

export function verdict(change: Partial<Verdict> = {}): Verdict {
  return {
    resolved: 1,
    reason: 'tests',
    detail: '',
    fail_to_pass: { passed: ['tests/test_parse.py::test_blank'], failed: [] },
    pass_to_pass: { passed: ['tests/test_parse.py::test_plain'], failed: [] },
    exit_codes: [0],
    duration_ms: 1234.5,
    ...change,
  };
}

export function scan(change: Partial<ScanReport> = {}): ScanReport {
  return ScanReport.parse({
    id: 'row',
    git_hack_attempted: false,
    findings: [],
    unparsed: 0,
    scanner_version: 2,
    preset: 'follow-up',
    ...change,
  });
}
