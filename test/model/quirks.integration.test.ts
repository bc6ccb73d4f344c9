import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelEnding } from '../../activities/model/contract.ts';
import { callsSha256 } from '../../demo/scripted-teacher/compose-reply.ts';
import { askedTwice } from '../../demo/scripted-teacher/request-log.ts';
import type { Message } from '../../schemas/message.ts';
import { messageOf } from '../../schemas/problem.ts';
import { ContextWording, ErrorForm, RefusalWording, TeacherQuirk } from '../../schemas/teacher-quirk.ts';
import { SpokenReasoning, TeacherScript } from '../../schemas/teacher-script.ts';
import type { Reply } from '../../schemas/turn.ts';
import { always, asking, never, Rig } from './rig.ts';

const reasoning = 'Two things at once save a turn.';
const spoken = {
  reasoning,
  text: 'I look at both.',
  calls: [{ run: 'ls -la' }, { run: 'git status' }, { tool: 'submit', arguments: {} }],
  repeat: 'forever',
};

let rig: Rig;
let sample = 0;

beforeAll(async () => {
  rig = await Rig.start([always], { scripts: scripts() });
});

afterAll(() => rig.end());

/** A script for each kind of answer, chosen by the model's name. */
function scripts(): TeacherScript[] {
  const script = (model: string, turn: object, more: object = {}) =>
    TeacherScript.parse({ name: model, match: { model }, turns: [{ ...spoken, ...turn }], strict: true, ...more });
  return [
    ...TeacherQuirk.options.map((quirk) => script(`quirk-${quirk}`, { quirks: [quirk] })),
    ...SpokenReasoning.options.map((form) => script(`reasoning-${form}`, {}, { reasoning_field: form })),
    ...ContextWording.options.map((wording) => script(`full-${wording}`, { misbehave: [{ kind: 'context_full', wording }] })),
    ...RefusalWording.options.map((wording) => script(`refused-${wording}`, { misbehave: [{ kind: 'refused', wording }] })),
    ...ErrorForm.options.map((form) => script(`error-${form}`, { misbehave: [{ kind: 'error_in_200', form }] })),
  ];
}

const modes = [
  ['streamed', true],
  ['whole', false],
] as const;

/** So many turns with this model, as a harness goes on: each call is answered. What ended them, if anything did. */
async function talk(model: string, streaming: boolean, turns: number, at = rig) {
  const number = sample++;
  const { session, journal } = await at.session({ sample: number, teacher: { model, streaming } });
  const replies: Reply[] = [];
  let ended: string | undefined;
  try {
    const messages: Message[] = [...asking(0).messages];
    for (let turn = 0; turn < turns; turn += 1) {
      const { reply } = await session.exchange({ ...asking(turn), messages: [...messages] }, never);
      replies.push(reply);
      const { content, reasoning_content, tool_calls } = reply;
      messages.push({ role: 'assistant', content, ...(reasoning_content !== undefined && { reasoning_content }), tool_calls });
      for (const { id } of tool_calls) messages.push({ role: 'tool', tool_call_id: id, content: 'ok' });
    }
  } catch (error) {
    ended = error instanceof ModelEnding ? error.kind : messageOf(error);
  } finally {
    await journal.close();
  }
  return { replies, ended, log: at.teacher.log().filter(({ key }) => key?.includes(`/think/${number}/`)) };
}

/** How it was meant, whichever way it came. */
function expectWhole(reply: Reply | undefined): void {
  expect(reply?.content.replace(/( 😀)?( \ufffd)?$/, '')).toBe(spoken.text);
  expect(reply?.reasoning_content?.replace(/( 😀)?( \ufffd)?$/, '')).toBe(reasoning);
  expect(reply?.tool_calls.map(({ function: { name } }) => name)).toEqual(['execute_bash', 'execute_bash', 'submit']);
  expect(new Set(reply?.tool_calls.map(({ id }) => id)).size).toBe(3);
}

describe.each(modes)('an answer that comes %s', (_, streaming) => {
  it.each([...TeacherQuirk.options.map((name) => `quirk-${name}`), ...SpokenReasoning.options.map((name) => `reasoning-${name}`)])(
    'is read as it was meant, and its history is taken: %s',
    async (model) => {
      const { replies, ended, log } = await talk(model, streaming, 2);
      expect(ended).toBeUndefined();
      for (const reply of replies) expectWhole(reply);
      const answers = log.filter(({ event }) => event === 'answered');
      expect(answers.map(({ calls_sha256 }) => calls_sha256)).toEqual(
        replies.map(({ tool_calls }) => callsSha256(tool_calls.map((call) => call.function))),
      );
      expect(log.filter(({ event }) => event === 'asked')).toHaveLength(2);
    },
  );

  it.each(ContextWording.options)('ends a rollout whose context is full, by the words of %s', async (wording) => {
    const { ended, log } = await talk(`full-${wording}`, streaming, 1);
    expect(ended).toBe('context_full');
    expect(log.filter(({ event }) => event === 'asked')).toHaveLength(1);
  });

  it.each(RefusalWording.options)('ends a rollout that the filter of a provider stops: %s', async (wording) => {
    const { ended, log } = await talk(`refused-${wording}`, streaming, 1);
    expect(ended).toBe('model_refused');
    expect(log.filter(({ event }) => event === 'asked')).toHaveLength(1);
  });

  it.each(ErrorForm.options)('is asked for again where HTTP 200 holds an error: %s', async (form) => {
    const { replies, ended, log } = await talk(`error-${form}`, streaming, 1);
    expect(ended).toBeUndefined();
    expectWhole(replies[0]);
    expect(log.map(({ event }) => event)).toEqual(['asked', 'misbehaved', 'asked', 'answered']);
  });
});

describe('answers whose oddities come together by chance, between failures', () => {
  const chaos = {
    seed: process.env['QUIRKS_SEED'] ?? 'quirks',
    quirks: 0.25,
    probabilities: {
      error_in_200: 0.1,
      cut_stream: 0.05,
      bad_json: 0.05,
      missing_finish: 0.05,
      server_error: 0.05,
      dropped_connection: 0.05,
    },
    maxAttempts: 2,
    tokensPerSecond: 1000,
  };
  const rollouts = 40;
  const turns = 4;

  it('are each read as they were meant, and paid once', async () => {
    const mixed = await Rig.start([spoken], { chaos, scripts: [TeacherScript.parse({ name: 'mixed', turns: [spoken], strict: true })] });
    try {
      const conversations = await Promise.all(
        Array.from({ length: rollouts }, (_, number) => talk('mixed', number % 2 === 0, turns, mixed)),
      );
      const quirks = new Set(mixed.teacher.log().flatMap((entry) => entry.quirks ?? []));
      expect(quirks.size).toBe(TeacherQuirk.options.length);
      for (const { replies, ended, log } of conversations) {
        expect(ended).toBeUndefined();
        const answers = log.filter(({ event }) => event === 'answered');
        expect(answers).toHaveLength(turns);
        for (const [place, reply] of replies.entries()) {
          expect({ quirks: answers[place]?.quirks, calls: callsSha256(reply.tool_calls.map((call) => call.function)) }).toEqual({
            quirks: answers[place]?.quirks,
            calls: answers[place]?.calls_sha256,
          });
          expectWhole(reply);
        }
      }
      expect(askedTwice(mixed.teacher.log())).toEqual([]);
    } finally {
      await mixed.end();
    }
  });
});

it('none of them is paid twice', () => {
  expect(askedTwice(rig.teacher.log())).toEqual([]);
});
