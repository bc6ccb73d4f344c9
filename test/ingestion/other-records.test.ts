import { describe, expect, it } from 'vitest';
import { calls, collect, only, outline, stream } from './collect.ts';

const lines = (...values: unknown[]) => stream(values.map((value) => `${JSON.stringify(value)}\n`).join(''));

describe('what is not read', () => {
  it.each([
    [
      { instance_id: 'a__b-1', model_name_or_path: 'm', model_patch: 'diff' },
      /^predictions of a benchmark: patches without trajectories, which is not read: give the logs/,
    ],
    [{ instance_id: 'a__b-1', problem_statement: 'x', test_patch: '', patch: '' }, /^tasks of a benchmark/],
    [{ display: 'mend it', pastedContents: {}, timestamp: 1, project: '/repo' }, /^the history of prompts of Claude Code, .*projects\//],
    [{ session_id: 's', ts: 1, text: 'mend it' }, /^the history of prompts of Codex/],
    [{ ts: 1, type: 'say', say: 'text', text: 'x' }, /api_conversation_history\.json/],
    [{ id: 'r', run_type: 'chain', inputs: {}, outputs: {} }, /^runs of LangSmith/],
    [{ resourceSpans: [] }, /^traces of OpenTelemetry/],
    [{ log: { entries: [] } }, /^traffic of a browser/],
    [{ stars: 5 }, /^of no known format \(keys: stars\); `tracemill ingest --help`/],
  ])('%j is named, once for all lines of its file', async (value, said) => {
    const { trajectories, bad } = await collect(lines(value, value, value));
    expect(trajectories).toEqual([]);
    expect(bad).toEqual([{ place: 'stdin:1', problem: expect.stringMatching(said) }]);
    expect(bad[0]?.problem).toMatch(/\(3 such lines: 1, 2, 3\)$/);
  });

  it.each([
    ['# aider chat started at 2026-01-01 10:00:00\n\n#### mend it', /^a chat history of Aider, which is not read/],
    ['<!DOCTYPE html>\n<html></html>', /^HTML/],
    ['diff --git a/x b/x\n', /^a patch/],
    ['instance_id: x\nmessages: []\n', /^YAML/],
    ['# a campaign\n# of two tasks\nname: demo\n', /^YAML/],
    ['# A run\n\nname: demo\n', /^Markdown/],
    ['just words', /^neither JSON nor Parquet$/],
  ])('%j is named', async (text, said) => {
    expect((await collect(stream(text))).bad).toEqual([{ place: 'stdin', problem: expect.stringMatching(said) }]);
  });
});

describe('sessions of other agents', () => {
  it('of goose are read from lines and from an export', async () => {
    const head = {
      id: 's1',
      working_dir: '/repo',
      description: 'x',
      message_count: 3,
      accumulated_input_tokens: 9,
      accumulated_output_tokens: 2,
    };
    const messages = [
      { role: 'user', created: 1, content: [{ type: 'text', text: 'Mend it.' }] },
      {
        role: 'assistant',
        created: 2,
        content: [
          { type: 'text', text: 'I look.' },
          {
            type: 'toolRequest',
            id: 'c1',
            toolCall: { status: 'success', value: { name: 'developer__shell', arguments: { command: 'git log --all' } } },
          },
        ],
      },
      {
        role: 'user',
        created: 3,
        content: [{ type: 'toolResponse', id: 'c1', toolResult: { status: 'success', value: [{ type: 'text', text: 'abc Mend' }] } }],
      },
    ];
    const told = ['user: Mend it.', 'assistant: I look. → c1 developer__shell', 'tool c1: abc Mend'];
    const read = await only(lines(head, ...messages));
    const exported = await only(stream(JSON.stringify({ ...head, conversation: messages }, null, 2)));
    for (const one of [read, exported]) {
      expect(outline(one.messages)).toEqual(told);
      expect(one).toMatchObject({ format: 'goose', id: 's1', lost: [], usage: { prompt_tokens: 9, completion_tokens: 2 } });
      expect(calls(one.messages)).toEqual(['{"command":"git log --all"}']);
    }
  });

  it('of opencode are read from an export, a reply a step', async () => {
    const tool = (callID: string, command: string) => ({
      type: 'tool',
      callID,
      tool: 'bash',
      state: { status: 'completed', input: { command }, output: `out of ${command}` },
    });
    const info = {
      role: 'assistant',
      modelID: 'model-1',
      cost: 0.1,
      tokens: { input: 5, output: 2, reasoning: 1, cache: { read: 3, write: 0 } },
    };
    const trajectory = await only(
      stream(
        JSON.stringify({
          info: { id: 's1', title: 'x' },
          messages: [
            { info: { role: 'user' }, parts: [{ type: 'text', text: 'Mend it.' }] },
            {
              info,
              parts: [
                { type: 'step-start' },
                { type: 'reasoning', text: 'Look first.' },
                tool('c1', 'ls'),
                { type: 'step-finish' },
                { type: 'step-start' },
                { type: 'text', text: 'Now the history.' },
                tool('c2', 'git reflog'),
              ],
            },
          ],
        }),
      ),
    );
    expect(outline(trajectory.messages)).toEqual([
      'user: Mend it.',
      'assistant:  (thought) → c1 bash',
      'tool c1: out of ls',
      'assistant: Now the history. → c2 bash',
      'tool c2: out of git reflog',
    ]);
    expect(trajectory).toMatchObject({ format: 'opencode', id: 's1', model: 'model-1', lost: [] });
    expect(trajectory.usage).toMatchObject({
      cost_usd: 0.1,
      prompt_tokens: 8,
      completion_tokens: 3,
      cached_tokens: 3,
      reasoning_tokens: 1,
    });
  });
});
