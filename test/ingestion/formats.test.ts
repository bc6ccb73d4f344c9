import { describe, expect, it } from 'vitest';
import { calls, collect, fixture, only, outline } from './collect.ts';

const PATCH = /^diff --git a\/calc\.py b\/calc\.py\n[^]*\n\+ {4}return a \/ b\n$/;

describe('mini-swe-agent', () => {
  it('2.x: keeps reasoning and parallel calls, drops the note of how it ended', async () => {
    const trajectory = await only(fixture('mini-swe-agent-2/demo__calc-1.traj.json'));
    expect(outline(trajectory.messages)).toEqual([
      'system: You work in a shell.',
      'user: Task: divide() in calc.py subtracts. Make it divide.',
      'assistant: First a look at the files. (thought) → scripted_0_0 bash',
      'tool scripted_0_0: exit 0⏎calc.py⏎def divide(a, b):⏎    return a - b⏎',
      'assistant:  (thought) → scripted_1_0 bash → scripted_1_1 bash',
      'tool scripted_1_0: exit 0⏎',
      'tool scripted_1_1: exit 0⏎2.0⏎',
      'assistant: The history may tell more. (thought) → scripted_2_0 bash',
      'tool scripted_2_0: exit 3⏎c6a56eb Add calc⏎',
      'assistant: The change is done. → scripted_3_0 bash',
    ]);
    expect(trajectory).toMatchObject({
      id: 'demo__calc-1',
      format: 'mini-swe-agent',
      harness: 'mini-swe-agent',
      model: 'openai/mini2',
      ending: { kind: 'finished', status: 'Submitted' },
      model_patch: expect.stringMatching(PATCH),
      reported: [],
    });
  });

  it('2.x: gives back the replies that were refused', async () => {
    const trajectory = await only(fixture('mini-swe-agent-2/demo__calc-2.traj.json'));
    expect(outline(trajectory.messages).slice(-2)).toEqual([
      'assistant: This reply forgets to call anything.',
      'user: No call: No tool calls found in the response. Every response',
    ]);
    expect(trajectory.ending).toMatchObject({ kind: 'format_errors', status: 'RepeatedFormatError' });
    expect(trajectory.reported).toEqual(['replies that were refused stand where they came (3 times, first at message 7)']);
  });

  it('1.x: makes calls of the only fenced command of a reply, and results of the answers', async () => {
    const trajectory = await only(fixture('mini-swe-agent-1/demo__calc-1.traj.json'));
    expect(outline(trajectory.messages).map((line) => line.replace(/: .*⏎.*?(?= →|$)/, ': …'))).toEqual([
      'system: You work in a shell.',
      'user: Task: divide() in calc.py subtracts. Make it divide.',
      'assistant: … → call_2_0 bash',
      'tool call_2_0: …',
      'assistant: THOUGHT: I describe the fix but run nothing.',
      'user: One command in a fence, please.',
      'assistant: … → call_6_0 bash',
      'tool call_6_0: …',
      'assistant: … → call_8_0 bash',
      'tool call_8_0: …',
    ]);
    expect(calls(trajectory.messages)[1]).toBe(JSON.stringify({ command: "sed -i 's/a - b/a \\/ b/' calc.py && git diff --stat" }));
    expect(trajectory.ending?.kind).toBe('finished');
  });
});

describe('OpenHands V0', () => {
  it('output.jsonl: one message a reply whatever number of events it led to, with exit codes', async () => {
    const { trajectories, bad } = await collect(fixture('openhands-0.53/output.jsonl'));
    const [finished, limited] = trajectories;
    expect(bad).toEqual([]);
    expect(outline(finished?.messages ?? [])).toEqual([
      'system: The system prompt is left out.',
      'user: divide() in /testbed/calc.py subtracts. Make it divide.',
      'assistant: First a look at the file. (thought) → scripted_0_0 str_replace_editor',
      "tool scripted_0_0: Here's the result of running `cat -n` on /testbed/calc.py:⏎ ",
      'assistant: The operator is wrong; I fix it and look at the state of the (thought) → scripted_1_0 str_replace_editor → scripted_1_1 execute_bash',
      "tool scripted_1_0: The file /testbed/calc.py has been edited. Here's the result",
      'tool scripted_1_1:  M calc.py⏎⏎[exit code 0]',
      'assistant: I think that this is all. Shall I go on?',
      'user: Please go on alone and call finish when you are done.',
      'assistant:  → scripted_3_0 think',
      'tool scripted_3_0: Your thought has been logged.',
      'assistant:  → scripted_4_0 execute_bash',
      'tool scripted_4_0: 2.0⏎⏎[exit code 1]',
      'assistant:  → scripted_5_0 finish',
    ]);
    expect(finished).toMatchObject({
      id: 'demo__calc-1',
      format: 'openhands',
      repo: 'demo/calc',
      base_commit: expect.stringMatching(/^[0-9a-f]{40}$/),
      ending: { kind: 'finished', detail: 'divide() divides now.' },
      model_patch: expect.stringMatching(PATCH),
      reported: [],
    });
    expect(finished?.tools.map((tool) => tool.function.name)).toEqual(['execute_bash', 'think', 'finish', 'str_replace_editor']);
    expect(limited?.ending).toMatchObject({ kind: 'turn_limit', status: 'error: RuntimeError' });
    expect(limited?.reported).toEqual(['replies whose calls could not be read are not on record, only the errors (2 times)']);
  });

  it('llm_completions: the last file, with the reasoning of the earlier ones', async () => {
    const trajectory = await only(fixture('openhands-0.53/llm_completions'));
    expect(trajectory).toMatchObject({ id: 'demo__calc-1', format: 'openhands-completions', ending: { kind: 'finished' }, reported: [] });
    const [row] = (await collect(fixture('openhands-0.53/output.jsonl'))).trajectories;
    const shape = (lines: string[]) =>
      lines.map((line) => (line.startsWith('tool') ? line.slice(0, 40) : line)).map((line) => line.replace(/⏎.*/, ''));
    expect(shape(outline(trajectory.messages))).toEqual(shape(outline(row?.messages ?? [])));
    expect(trajectory.tools).toEqual(row?.tools);
  });
});

describe('OpenHands V1', () => {
  it('merges the actions of one response and keeps what was malformed', async () => {
    const trajectory = await only(fixture('openhands-v1'));
    expect(outline(trajectory.messages).map((line) => line.replace(/^(tool \S+): .*/, '$1'))).toEqual([
      'system: The system prompt is left out.',
      'user: divide() in /testbed/calc.py subtracts. Make it divide.',
      'assistant: First a look at the file. (thought) → scripted_0_0 file_editor',
      'tool scripted_0_0',
      'assistant: The operator is wrong; I fix it and look at the state of the (thought) → scripted_1_0 file_editor → scripted_1_1 terminal',
      'tool scripted_1_0',
      'tool scripted_1_1',
      'assistant:  → scripted_2_0 terminal',
      'tool scripted_2_0',
      'assistant:  → scripted_3_0 terminal',
      'tool scripted_3_0',
      'assistant:  → scripted_4_0 finish',
      'tool scripted_4_0',
    ]);
    expect(trajectory).toMatchObject({
      id: 'e559cb9b1b6a40d0aacd5ad784c402b9',
      harness: 'openhands-v1',
      model: 'openai/sdk',
      ending: { kind: 'finished', detail: 'divide() divides now.' },
      reported: ['malformed calls whose arguments OpenHands has replaced (message 7)', 'tools are recorded without their parameters'],
    });
  });
});

describe('SWE-agent', () => {
  it('1.x: reads the history without demonstrations, content as text or as parts', async () => {
    const trajectory = await only(fixture('sweagent-1/demo__calc-1'));
    expect(outline(trajectory.messages)).toEqual([
      'system: You work in a repository.',
      'user: divide() in calc.py subtracts. Make it divide.',
      'assistant: First a look at the file. → call_1 bash',
      'tool call_1: def divide(a, b):\r⏎    return a - b\r⏎',
      'assistant: The operator is wrong. → call_2 str_replace_editor',
      'tool call_2: The file was changed.',
      'assistant: Done. → call_3 submit',
      'tool call_3: Please look at your change once more.⏎diff --git a/calc.py b',
      'assistant: It is right. → call_4 submit',
      'tool call_4: diff --git a/calc.py b/calc.py⏎index 336ea5a..5df2688 100644',
    ]);
    expect(trajectory).toMatchObject({
      id: 'demo__calc-1',
      base_commit: 'f7c7ef1e9ce5d84bb7744b1c09962bd648fe517e',
      model: 'openai/teacher',
      ending: { kind: 'finished', status: 'submitted' },
      reported: ['demonstrations left out: 1 messages', 'replies that were asked for again and are not in the history: 1'],
    });
  });

  it('1.x: leaves out what the harness says after a limit, and distinguishes call limit from cost limit', async () => {
    const trajectory = await only(fixture('sweagent-1/demo__calc-2'));
    expect(outline(trajectory.messages).at(-1)).toBe('tool call_2: The file was changed.');
    expect(trajectory.ending).toEqual({ kind: 'turn_limit', status: 'submitted (exit_cost)', detail: '' });
  });

  it('0.x: makes calls of the actions; edits are no shell', async () => {
    const trajectory = await only(fixture('sweagent-0/demo__calc-1.traj'));
    expect(
      trajectory.messages
        .flatMap((message) => (message.role === 'assistant' ? (message.tool_calls ?? []) : []))
        .map((call) => call.function),
    ).toEqual([
      { name: 'bash', arguments: '{"command":"open calc.py"}' },
      { name: 'edit', arguments: '{"command":"edit 2:2\\n    return a / b\\nend_of_edit"}' },
      { name: 'bash', arguments: '{"command":"git log --all -3"}' },
      { name: 'submit', arguments: '{}' },
    ]);
    expect(outline(trajectory.messages)[7]).toBe('tool call_6_0: c6a56eb Add calc');
    expect(trajectory).toMatchObject({ id: 'demo__calc-1', instance_id: 'demo__calc-1', ending: { kind: 'finished' } });
  });
});

describe('Parquet datasets', () => {
  it('Open-SWE-Traces, first revision: harness and teacher from the path, calls paired in order, double thinking dropped', async () => {
    const trajectory = await only(fixture('parquet/open-swe-traces/first'));
    expect(outline(trajectory.messages)).toEqual([
      'system: You work in a repository.',
      'user: divide() subtracts.',
      'assistant: I look at it. (thought) → call_2_0 execute_bash → call_2_1 execute_bash',
      'tool call_2_0: def divide(a, b):⏎    return a - b',
      'tool call_2_1: clean',
      'assistant:  → call_5_0 str_replace_editor',
      'tool call_5_0: The arguments could not be read.',
      'assistant:  → call_7_0 finish',
    ]);
    expect(calls(trajectory.messages)[2]).toBe('{"command": "str_replace", "path": "/calc/calc.py"');
    expect(trajectory).toMatchObject({
      harness: 'openhands',
      model: 'minimax_m25',
      tools: [],
      resolved: 1,
      model_patch: expect.stringContaining('return a / b'),
    });
  });

  it('Open-SWE-Traces, v1.0: tools as JSON strings, patches in the metadata, an unknown verdict as -1', async () => {
    const trajectory = await only(fixture('parquet/open-swe-traces/v1'));
    expect(trajectory.tools[0]?.function).toEqual({
      name: 'execute_bash',
      description: 'left out',
      parameters: { type: 'object', properties: { command: { type: 'string' } }, required: ['command'] },
    });
    expect(trajectory).toMatchObject({ resolved: -1, reference_patch: 'the gold patch', harness: 'openhands', model: null });
  });

  it('Open-SWE-Traces, later revisions: `messages`, and the teacher in the metadata', async () => {
    const trajectory = await only(fixture('parquet/open-swe-traces/later'));
    expect(trajectory).toMatchObject({
      format: 'open-swe-traces',
      harness: 'mini-swe-agent',
      model: 'Qwen3.6-27B',
      resolved: -1,
      reported: [],
    });
  });

  it('nebius OpenHands: results by id whatever their order, tools without the nulls that Parquet adds', async () => {
    const trajectory = await only(fixture('parquet/nebius-openhands.parquet'));
    expect(outline(trajectory.messages).slice(2, 5)).toEqual([
      'assistant: I look. → a execute_bash → b execute_bash',
      'tool b: /calc',
      'tool a: calc.py',
    ]);
    expect(trajectory.tools[1]?.function.parameters).toEqual({
      type: 'object',
      properties: { thought: { type: 'string' } },
      required: ['thought'],
    });
    expect(trajectory).toMatchObject({ format: 'nebius-openhands', id: 'chatcmpl-27dd', resolved: 1, ending: { kind: 'finished' } });
  });

  it('nebius SWE-agent: the last fenced block is the command', async () => {
    const trajectory = await only(fixture('parquet/nebius-sweagent.parquet'));
    expect(calls(trajectory.messages)).toEqual(['{"command":"open calc.py"}', '{}']);
    expect(trajectory).toMatchObject({
      format: 'nebius-sweagent',
      model: 'swe-agent-llama-70b',
      resolved: 0,
      ending: { kind: 'context_full' },
    });
  });

  it('SWE-Zero: neither verdict nor ending', async () => {
    const trajectory = await only(fixture('parquet/swe-zero.parquet'));
    expect(trajectory).toMatchObject({ format: 'swe-zero', id: 'zero-1', resolved: null, ending: null, reported: [] });
  });
});

describe('ATIF', () => {
  it('takes results in order where they name no call, and drops reasoning that only repeats the text', async () => {
    const trajectory = await only(fixture('atif/trajectory.json'));
    const original = await only(fixture('mini-swe-agent-2/demo__calc-1.traj.json'));
    expect(outline(trajectory.messages)).toEqual(outline(original.messages).map((line) => line.replace(' (thought)', '')));
    expect(trajectory).toMatchObject({ id: 'demo-session-1', format: 'atif', harness: 'mini-swe-agent', model: 'openai/mini2' });
  });
});
