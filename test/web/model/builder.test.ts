import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../../schemas/journal-entry.ts';
import type { Message } from '../../../schemas/message.ts';
import { TranscriptBuilder } from '../../../web/model/transcript/builder.ts';
import { byteLength } from '../../../web/model/transcript/clip.ts';
import { JournalTurns } from '../../../web/model/transcript/journal-turns.ts';
import { turnsOfMessages } from '../../../web/model/transcript/message-turns.ts';
import { bareFacts } from './bare-facts.ts';

const call = (id: string, command: string) => ({
  id,
  type: 'function' as const,
  function: { name: 'bash', arguments: JSON.stringify({ command }) },
});

const messages: Message[] = [
  { role: 'system', content: 'work' },
  { role: 'user', content: 'fix it' },
  { role: 'assistant', content: 'look', reasoning_content: 'hm', tool_calls: [call('a', 'git log --all'), call('b', 'false')] },
  { role: 'tool', tool_call_id: 'b', content: 'no\nexit code: 1' },
  { role: 'tool', tool_call_id: 'a', content: 'later history' },
  { role: 'assistant', content: 'done' },
];

const finding = {
  category: 'LOCAL_GIT' as const,
  rule: 'local-git',
  severity: 'violation' as const,
  turn: 0,
  call: 0,
  command: 'git log --all',
  evidence: '--all',
  succeeded: true,
};

describe('a transcript of messages', () => {
  it('puts each result beside its call, and marks the span of a finding', () => {
    const builder = new TranscriptBuilder([finding]);
    const views = [...turnsOfMessages(messages)].map((turn) => builder.add(turn).view);
    expect(views.map(({ kind }) => kind)).toEqual(['prompt', 'prompt', 'turn', 'turn']);
    const parts = views[2]?.parts ?? [];
    expect(parts.map(({ kind }) => kind)).toEqual(['thinking', 'reply', 'call', 'result', 'call', 'result']);
    expect(parts[2]).toMatchObject({ form: 'shell', body: { text: 'git log --all' }, marks: [{ start: 8, end: 13, finding: 0 }] });
    expect(parts[5]).toMatchObject({ failed: true, exit_code: 1 });
    const head = builder.head(bareFacts);
    expect(head).toMatchObject({ turns: 4, chunks: 1, errors: { seqs: [2], more: false } });
    expect(head.findings[0]?.seq).toBe(2);
    expect(builder.index(0)?.flags).toEqual([4, 0, 3, 0]);
  });

  it.each([
    ['Exit code 2\nmake: *** no rule', true, 2],
    ['done\n[exit code: 0]', false, 0],
    ['<tool_use_error>String to replace not found</tool_use_error>', true, null],
    ['an exit code of 1 is what it gives\n'.repeat(40), null, null],
  ])('reads from %j whether a call failed', (content, failed, exit_code) => {
    const [turn] = turnsOfMessages([
      { role: 'assistant', content: '', tool_calls: [call('a', 'make')] },
      { role: 'tool', tool_call_id: 'a', content },
    ]);
    expect(turn?.parts[1]).toMatchObject({ failed, exit_code });
  });

  it('cuts long texts and says how long they are', () => {
    const text = '🙂'.repeat(50_000);
    const builder = new TranscriptBuilder();
    const [turn] = turnsOfMessages([{ role: 'assistant', content: text }]);
    if (turn === undefined) throw new Error('no turn');
    const { view, blobs } = builder.add(turn);
    const body = view.parts[0]?.body;
    expect(body).toMatchObject({ bytes: 200_000, blob: '0-0' });
    expect(body !== undefined && 'head' in body && Buffer.from(body.head + body.tail).toString()).not.toContain('�');
    expect(blobs.get('0-0')).toBe(text);
  });

  it.each(['', 'abc', 'äöü', '日本語', '🙂🙂', '\ud800x', '\udc00'])('counts the bytes of %j as an encoder does', (text) => {
    expect(byteLength(text)).toBe(Buffer.byteLength(text));
  });

  it('begins a new chunk after 200 turns', () => {
    const builder = new TranscriptBuilder();
    const turns = [...turnsOfMessages(Array.from({ length: 450 }, () => ({ role: 'assistant' as const, content: 'x' })))];
    expect(turns.map((turn) => builder.add(turn).chunk).filter((chunk, at, all) => chunk !== all[at - 1])).toEqual([0, 1, 2]);
  });
});

describe('a transcript of a journal', () => {
  const reply = { content: 'look', tool_calls: [call('a', 'ls'), call('b', 'false')], finish_reason: 'tool_calls' as const, model: 'm' };
  const observation = (action: number, exit_code: number): JournalEntry => ({
    type: 'observation',
    at: 5,
    action,
    turn: 0,
    action_sha256: '',
    result: {
      status: 'exited',
      exit_code,
      output: `out ${action}`,
      output_offset: 0,
      truncated: false,
      cwd: '/',
      duration_ms: 3,
      limit: null,
    },
  });
  const entries: JournalEntry[] = [
    {
      type: 'exchange',
      at: 1,
      exchange: 0,
      turn: 0,
      request_sha256: '',
      reply,
      usage: { prompt_tokens: 10, completion_tokens: 2 },
      cost_usd: 0,
      latency_ms: 7,
    },
    observation(0, 0),
    observation(1, 1),
    { type: 'patch', at: 9, model_patch: 'diff --git a/x b/x\n' },
  ];

  it('fills the turn with results as they come', () => {
    const journal = new JournalTurns();
    const builder = new TranscriptBuilder();
    const seen = entries.flatMap((entry) =>
      journal.take(entry).map((step) => {
        if (step.kind === 'restart') throw new Error('no restart');
        return step.kind === 'add' ? builder.add(step.turn) : builder.replace(step.turn, step.back);
      }),
    );
    expect(seen.map(({ view }) => [view.seq, view.parts.map(({ kind, failed }) => `${kind} ${failed}`)])).toEqual([
      [0, ['reply null', 'call null', 'call null']],
      [0, ['reply null', 'call null', 'result false', 'call null']],
      [0, ['reply null', 'call null', 'result false', 'call null', 'result true']],
      [1, ['patch null']],
    ]);
    expect(builder.head(bareFacts)).toMatchObject({ turns: 2, errors: { seqs: [0] } });
  });

  const noteOf = (event: 'container_created' | 'model_retry' | 'resumed' | 'container_replaced'): JournalEntry => ({
    type: 'note',
    at: 4,
    event,
    detail: '',
  });
  const [exchange] = entries;
  const views = (given: (JournalEntry | undefined)[]) => {
    const journal = new JournalTurns();
    const builder = new TranscriptBuilder();
    const chunks: number[] = [];
    const seen: string[] = [];
    for (const step of given.flatMap((entry) => (entry === undefined ? [] : journal.take(entry)))) {
      if (step.kind === 'restart') throw new Error('no restart');
      const { view, chunk } = step.kind === 'add' ? builder.add(step.turn) : builder.replace(step.turn, step.back);
      chunks[view.seq] = chunk;
      seen[view.seq] = `${view.turn} ${view.parts.map(({ kind }) => kind).join(' ')}`;
    }
    return { seen, chunks, head: builder.head(bareFacts) };
  };

  it.each([
    ['a container is made', [noteOf('container_created')], []],
    ['a model was asked again', [noteOf('model_retry')], []],
    ['a worker came back with two notes', [noteOf('resumed'), noteOf('container_replaced')], []],
    ['notes stand between the results', [noteOf('resumed')], [noteOf('container_replaced')]],
  ])('gives a result to its exchange when %s in between', (_what, before, between) => {
    const { seen, head } = views([exchange, ...before, observation(0, 0), ...between, observation(1, 1)]);
    expect(seen).toEqual(['0 reply call result call result', ...[...before, ...between].map(() => 'null note')]);
    expect(head.errors.seqs).toEqual([0]);
  });

  it('keeps a turn in the last chunk while notes stand behind it, and after a hundred and more shows its result apart', () => {
    const full = Array.from({ length: 200 }, () => exchange);
    const waiting = views([...full, noteOf('model_retry'), noteOf('resumed'), observation(0, 0)]);
    expect(waiting.seen[199]).toBe('0 reply call result call');
    expect(waiting.chunks.slice(198)).toEqual([0, 0, 0, 0]);
    const lost = views([exchange, ...Array.from({ length: 101 }, () => noteOf('model_retry')), observation(0, 0), observation(1, 1)]);
    expect(lost.seen.at(-1)).toBe('0 result result');
  });
});
