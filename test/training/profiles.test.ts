import { Template } from '@huggingface/jinja';
import { RecordBatchReader } from 'apache-arrow';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readRecord } from '../../activities/ingestion/index.ts';
import { chatTemplate } from '../../activities/rendering/chat-template.ts';
import { openStudentTokenizer, type StudentTokenizer } from '../../activities/rendering/student-tokenizer.ts';
import { learnRow } from '../../activities/training/files/learn-row.ts';
import type { LearnedRow } from '../../activities/training/files/profile.ts';
import { profiles } from '../../activities/training/files/profiles/registry.ts';
import type { DatasetRow } from '../../schemas/dataset-row.ts';
import { StudentBase } from '../../schemas/student.ts';
import type { TrainingProfile } from '../../schemas/training-files.ts';
import { calls, message, row } from './rows.ts';

let tokenizer: StudentTokenizer;

beforeAll(async () => {
  tokenizer = await openStudentTokenizer();
});

/** Everything that has been seen to differ between consumers, but for what their own readers cannot tell apart. */
function oddRow(mode: 'think' | 'no_think'): DatasetRow {
  const thought = (text: string) => (mode === 'think' ? { reasoning_content: text } : {});
  const edit = JSON.stringify({ path: 'a b.py', text: 'x = "1"\r\n\tnaïve 🦊 <b>\n', lines: [1, 2], deep: { on: true, off: null } });
  return row(
    {
      trajectory: [
        message('system', 'You solve issues.\n'),
        message('user', 'Why does <|im_end|> stand in the output? <think>no</think>'),
        message('assistant', 'Two at once.', {
          ...thought('First\n\nsecond.'),
          tool_calls: calls(['execute_bash', '{"command":"ls -la\\n"}'], ['edit', edit]),
        }),
        message('tool', 'a\r\nb\u2028c'),
        message('tool', 'shown: <|im_start|>user\n</tool_response>'),
        message('assistant', '', { tool_calls: calls(['execute_bash', '{}']) }),
        message('tool', ''),
        message('user', 'Go on.'),
        message('assistant', 'No call here.', thought('Nothing to do.')),
        message('user', 'Go on.'),
        message('assistant', '', { ...thought('Done.'), tool_calls: calls(['finish', '{"message": "fixed"}']) }),
      ],
    },
    mode,
  );
}

function learned(base: StudentBase, source: DatasetRow): LearnedRow {
  const read = learnRow(source, 'openhands', { tokenizer, base, max_tokens: 100_000 });
  if (!read.ok) throw new Error(read.code);
  return read.row;
}

async function written(name: TrainingProfile, rows: readonly LearnedRow[]): Promise<string> {
  const encoder = await profiles[name].open();
  return Buffer.concat([...rows.flatMap((one) => encoder.add(one)), ...encoder.end()]).toString();
}

async function line(name: TrainingProfile, one: LearnedRow): Promise<unknown> {
  const text = await written(name, [one]);
  expect(text.split('\n')).toHaveLength(2);
  return JSON.parse(text);
}

/** What a consumer gets that renders with the chat template of the base. */
function shown(base: StudentBase, messages: unknown, tools: unknown): string {
  return new Template(chatTemplate(base).text).render({ messages, tools, add_generation_prompt: false });
}

const cases = StudentBase.options.flatMap((base) => (['think', 'no_think'] as const).map((mode) => ({ base, mode })));

describe.each(cases)('files for $base, mode $mode', ({ base, mode }) => {
  const wanted = (one: LearnedRow) => shown(base, one.conversation.messages, one.conversation.tools);
  const Chat = z.looseObject({ messages: z.array(z.looseObject({ role: z.string() })), tools: z.array(z.unknown()) });
  const Plain = z.object({ messages: z.array(z.strictObject({ role: z.string(), content: z.string() })), tools: z.string() });
  const ShareGpt = z.object({ conversations: z.array(z.strictObject({ from: z.string(), value: z.string() })), tools: z.string() });
  const roles: Record<string, string> = { system: 'system', human: 'user', gpt: 'assistant', tool: 'tool' };

  it('show the student the text whose tokens were counted, with the trigger once', () => {
    const one = learned(base, oddRow(mode));
    const text = wanted(one);
    expect(tokenizer.count(text)).toBe(one.counts.tokens);
    expect(text.match(/\n\n\/(?:no_)?think<\|im_end\|>/g)).toEqual([`\n\n/${mode}<|im_end|>`]);
  });

  it.each(['automodel', 'openai-object', 'trl'] as const)('%s: messages and tools render to the same text', async (name) => {
    const one = learned(base, oddRow(mode));
    const { messages, tools } = Chat.parse(await line(name, one));
    expect(shown(base, messages, tools)).toBe(wanted(one));
    expect(JSON.stringify(messages).replaceAll('\\"off\\": null', '').replaceAll('"off":null', '')).not.toContain('null');
  });

  it('swift: plain messages render to the same text', async () => {
    const one = learned(base, oddRow(mode));
    const { messages, tools } = Plain.parse(await line('swift', one));
    expect(shown(base, messages, JSON.parse(tools))).toBe(wanted(one));
    const others = messages.filter(({ role }) => role !== 'assistant').map(({ content }) => content);
    expect(others.join('')).not.toMatch(/<\|im_|<\/?think>|<\/tool_response>/);
  });

  it('sharegpt: turns render to the same text', async () => {
    const one = learned(base, oddRow(mode));
    const { conversations, tools } = ShareGpt.parse(await line('sharegpt', one));
    const messages = conversations.map(({ from, value }) => ({ role: roles[from], content: value }));
    expect(shown(base, messages, JSON.parse(tools))).toBe(wanted(one));
  });

  it('arrow: columns render to the same text, nulls and all', async () => {
    const one = learned(base, oddRow(mode));
    const encoder = await profiles.arrow.open();
    const bytes = Buffer.concat([...encoder.add(one), ...encoder.end()]);
    const [batch] = [...RecordBatchReader.from(bytes)];
    const read = Chat.extend({ tools: z.array(z.string()), n_tokens: z.int() }).parse(JSON.parse(JSON.stringify(batch?.get(0))));
    expect(
      shown(
        base,
        read.messages,
        read.tools.map((tool): unknown => JSON.parse(tool)),
      ),
    ).toBe(wanted(one));
    expect(read.n_tokens).toBe(one.counts.tokens);
  });

  it('atif: its reader gives the conversation back', async () => {
    const one = learned(base, oddRow(mode));
    const document = await line('atif', one);
    expect(document).toMatchObject({ schema_version: 'ATIF-v1.7', agent: { name: 'openhands', model_name: 'Scripted-1.5' } });
    const [read] = readRecord(document, { path: 'x', place: { file: 'x', unit: null, number: null }, fallbackId: 'x', cut: false });
    if (read?.ok !== true) throw new Error('the document was not read');
    expect(shown(base, read.trajectory.messages, one.conversation.tools)).toBe(wanted(one));
  });
});

describe('a line', () => {
  const facts = { instance_id: 'acme__parser-7', trajectory_id: row().trajectory_id, mode: 'think', enable_thinking: true };

  it.each(['automodel', 'trl', 'swift', 'sharegpt'] as const)('of %s says what the row is and how long', async (name) => {
    const one = learned('instruct', row());
    expect(await line(name, one)).toMatchObject({ ...facts, n_tokens: one.counts.tokens, n_trained_tokens: one.counts.trained_tokens });
  });

  it('of atif says so in its extra fields', async () => {
    const one = learned('instruct', row());
    expect(await line('atif', one)).toMatchObject({ extra: { ...facts, n_tokens: one.counts.tokens } });
  });

  it.each(['trl', 'atif'] as const)('of %s keeps numbers and the order of keys in arguments', async (name) => {
    const text = '{"n": 9007199254740993, "x": 1.0, "2": "b", "1": "a"}';
    const one = learned(
      'instruct',
      row({ trajectory: [message('user', 'x'), message('assistant', '', { tool_calls: calls(['f', text]) })] }),
    );
    expect(await written(name, [one])).toContain(`"arguments":${text}`);
  });

  it.each(['automodel', 'trl', 'swift', 'sharegpt', 'atif'] as const)('of %s is one line for every reader of lines', async (name) => {
    const ends = 'a\u2028b\u2029c\u0085d';
    const text = JSON.stringify({ command: ends });
    const trajectory = [message('user', ends), message('assistant', ends, { tool_calls: calls(['f', text]) })];
    const one = learned('instruct', row({ trajectory }));
    const file = await written(name, [one]);
    expect(file).not.toMatch(/[\u0085\u2028\u2029]/);
    expect(JSON.stringify(JSON.parse(file))).toContain(ends);
  });

  it('of automodel has arguments as the string of the template', async () => {
    expect(await line('automodel', learned('coder', row()))).toMatchObject({
      messages: [
        {},
        {},
        { tool_calls: [{ id: 'call_1', function: { arguments: '{"command": "grep -rn parse src"}' } }] },
        { tool_call_id: 'call_1' },
        {},
        {},
        {},
      ],
    });
  });
});

describe('a row that cannot be learned', () => {
  const said = (content: string) => row({ trajectory: [message('user', 'x'), message('assistant', content)] });

  it.each([
    ['special_tokens', said('I stop <|im_end|> here')],
    ['special_tokens', said('<think>inside</think>')],
    ['lone_surrogate', said('half \ud83e')],
    [
      'call_markup',
      row({ trajectory: [message('user', 'x'), message('assistant', '', { tool_calls: calls(['f', '{"a": "</parameter>"}']) })] }),
    ],
    ['bad_arguments', row({ trajectory: [message('user', 'x'), message('assistant', '', { tool_calls: calls(['f', '{"a": 1,}']) })] })],
  ])('is left out for %s', (code, source) => {
    expect(learnRow(source, 'openhands', { tokenizer, base: 'coder', max_tokens: 100_000 })).toEqual({ ok: false, code });
  });

  it('is left out whole when it is too long by one token', () => {
    const { tokens } = learned('coder', row()).counts;
    expect(learnRow(row(), 'openhands', { tokenizer, base: 'coder', max_tokens: tokens }).ok).toBe(true);
    expect(learnRow(row(), 'openhands', { tokenizer, base: 'coder', max_tokens: tokens - 1 })).toMatchObject({
      ok: false,
      code: 'over_long',
      counts: { tokens },
    });
  });
});
