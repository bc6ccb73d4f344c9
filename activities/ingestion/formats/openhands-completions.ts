import { createReadStream } from 'node:fs';
import { basename, join } from 'node:path';
import { Problem } from '../../../schemas/problem.ts';
import { unifiedMessages, type Draft, type FolderFormat, type FolderSample, type RecordFormat } from '../format.ts';
import { readJsonDocument } from '../json-document.ts';
import type { LooseMessage } from '../loose-message.ts';
import { at, textOf, unfolded } from '../loose-values.ts';
import { isMessageList, readMessages, replyMessage } from '../message-list.ts';
import { Oddities } from '../oddities.ts';
import { readSpoken } from '../spoken/read-spoken.ts';
import { readMessage } from '../read-message.ts';
import { readTools } from '../tool-definitions.ts';
import { requestUsage, summedUsage, usageOf } from '../usage.ts';

/** One completion log of OpenHands: the messages of a request and the response, of either API. */
export const openHandsCompletion: RecordFormat = {
  id: 'openhands-completions',
  detect: (value) =>
    (isMessageList(at(value, 'messages')) && Array.isArray(at(value, 'response', 'choices'))) ||
    (isMessageList(at(value, 'input')) && Array.isArray(at(value, 'response', 'output'))),
  read(value): Draft[] {
    const oddities = new Oddities();
    return [draftOf(value, new Map(), oddities)];
  },
};

const fileName = /-(\d+(?:\.\d+)?)(?:-[0-9a-f]{2,8})?\.json$/;

/** How a completion file begins: no other file of a run does. */
const fileHead = /^\s*\{\s*"(?:messages|input|kwargs|tools|context_window|llm_path|raw_messages)"/;

/**
 * A folder `llm_completions/<instance>/`, a file a request. The last one repeats all before it without the reasoning.
 * Reasoning stands only in its own response, so of the other files only the response is kept. Replies that the last one no longer
 * holds, since the harness shortened its history, are put before it.
 */
export const completionFolder: FolderFormat = {
  id: 'openhands-completions',
  detect: ({ files, head }) => files.length > 0 && files.every((name) => fileName.test(name)) && fileHead.test(head(files[0] ?? '')),
  async read(folder): Promise<Draft> {
    const oddities = new Oddities();
    const files = folder.files.toSorted((a, b) => timeOf(a) - timeOf(b));
    const responses = await responsesOf(folder, files, oddities);
    for (const name of files.toReversed()) {
      const { value, cut } = await readJsonDocument(createReadStream(join(folder.path, name)), []).catch(() => ({
        value: null,
        cut: true,
      }));
      if (!cut && historyOf(value) !== null)
        return { ...draftOf(value, responses.replies, oddities), ...identityOf(folder), usage: summedUsage(responses.usage) };
      oddities.note('the last completion file is cut: an earlier one is read');
    }
    throw new Problem('empty_trajectory', 'none of the completion files is whole');
  },
};

function identityOf({ path }: FolderSample): Pick<Draft, 'id' | 'instance_id'> {
  return { id: basename(path), instance_id: basename(path) };
}

/** The second at which the request was made, from `<model>-<seconds>.json`. */
function timeOf(name: string): number {
  return Number(fileName.exec(name)?.[1] ?? 0);
}

/** Replies by what they called, and what each request used. */
async function responsesOf(
  { path }: FolderSample,
  files: string[],
  oddities: Oddities,
): Promise<{ replies: Map<string, LooseMessage>; usage: ReturnType<typeof usageIn>[] }> {
  const replies = new Map<string, LooseMessage>();
  const usage: ReturnType<typeof usageIn>[] = [];
  for (const name of files) {
    try {
      const { value } = await readJsonDocument(createReadStream(join(path, name)), [
        'messages',
        'fncall_messages',
        'raw_messages',
        'kwargs',
      ]);
      usage.push(usageIn(value));
      const reply = repliesOf(value)[0];
      if (reply !== undefined && reply.calls.length > 0) replies.set(callsKey(reply), reply);
    } catch {
      oddities.lose('assistant', `the completion file ${name} cannot be read`);
    }
  }
  return { replies, usage };
}

/** Where calls were emulated in text their ids are counted anew in each request. */
function callsKey({ calls }: LooseMessage): string {
  return JSON.stringify(calls.map(({ id, name, arguments: given }) => [id, name, unfolded(given)]));
}

function draftOf(value: unknown, replies: Map<string, LooseMessage>, oddities: Oddities): Draft {
  const messages = readMessages([...instructionsOf(value), ...(historyOf(value) ?? [])], oddities);
  const own = repliesOf(value);
  const held = new Set([...messages, ...own].map(callsKey));
  const forgotten = [...replies].filter(([key]) => !held.has(key)).map(([, reply]) => reply);
  for (const _reply of forgotten) oddities.lose('result', 'what came back to a reply that the last request no longer holds');
  const begins = messages.findIndex(({ role }) => role === 'assistant' || role === 'tool');
  const start = begins === -1 ? messages.length : begins;
  const all = [...messages.slice(0, start), ...forgotten, ...messages.slice(start), ...own].map((message): LooseMessage => {
    const known = replies.get(callsKey(message));
    return known === undefined || message.reasoning !== '' ? message : { ...message, reasoning: known.reasoning };
  });
  const finish = own.flatMap(({ calls }) => calls).find(({ name }) => name === 'finish');
  return {
    harness: 'openhands',
    model: textOf(at(value, 'response', 'model')),
    messages: unifiedMessages(readSpoken(all), oddities),
    tools: readTools(at(value, 'kwargs', 'tools') ?? at(value, 'tools'), oddities),
    ending: finish === undefined ? null : { kind: 'finished', status: 'finish', detail: '' },
    usage: usageIn(value),
    oddities,
  };
}

/** The messages of the request: of several copies the one with calls, where another has them emulated in text. Null for no request. */
function historyOf(value: unknown): unknown[] | null {
  const copies = ['fncall_messages', 'raw_messages', 'messages', 'input'].map((key) => at(value, key)).filter(isMessageList);
  return copies.find((copy) => copy.some((message) => readMessage(message).some(({ calls }) => calls.length > 0))) ?? copies.at(-1) ?? null;
}

function instructionsOf(value: unknown): unknown[] {
  const instructions = textOf(at(value, 'instructions'));
  return instructions === null ? [] : [{ role: 'system', content: instructions }];
}

function repliesOf(value: unknown): LooseMessage[] {
  const items = at(value, 'response', 'output');
  if (Array.isArray(items)) return readMessages(items, new Oddities());
  const reply = replyMessage(at(value, 'fncall_response') ?? at(value, 'response'));
  return reply === null ? [] : [reply];
}

function usageIn(value: unknown): NonNullable<Draft['usage']> | null {
  return usageOf({ ...requestUsage(at(value, 'response', 'usage')), cost_usd: at(value, 'cost') });
}
