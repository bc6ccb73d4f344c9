import { createReadStream } from 'node:fs';
import { basename, join } from 'node:path';
import { Problem } from '../../../schemas/problem.ts';
import { unifiedMessages, type Draft, type FolderFormat, type FolderSample, type RecordFormat } from '../format.ts';
import { readJsonDocument } from '../json-document.ts';
import type { LooseMessage } from '../loose-message.ts';
import { at, fieldsOf, listOf, textOf } from '../loose-values.ts';
import { isMessageList, readMessages, replyMessage } from '../message-list.ts';
import { Oddities } from '../oddities.ts';
import { readSpoken } from '../spoken/read-spoken.ts';
import { readTools } from '../tool-definitions.ts';

/** One completion log of OpenHands V0: the messages of a request and the response. */
export const openHandsCompletion: RecordFormat = {
  id: 'openhands-completions',
  detect: (value) => isMessageList(at(value, 'messages')) && Array.isArray(at(value, 'response', 'choices')) && 'kwargs' in fieldsOf(value),
  read(value): Draft[] {
    const oddities = new Oddities();
    return [draftOf(value, new Map(), oddities)];
  },
};

/**
 * A folder `llm_completions/<instance>/`, a file a request. The last one repeats all before it without the reasoning.
 * Reasoning stands only in its own response, so of the other files only the response is kept.
 */
export const completionFolder: FolderFormat = {
  id: 'openhands-completions',
  detect: ({ files, head }) =>
    files.length > 0 && files.every((name) => /-\d+(\.\d+)?\.json$/.test(name)) && /^\s*\{\s*"messages"/.test(head(files[0] ?? '')),
  async read(folder): Promise<Draft> {
    const oddities = new Oddities();
    const files = folder.files.toSorted((a, b) => timeOf(a) - timeOf(b));
    const reasoning = await reasoningByCall(folder, files, oddities);
    for (const name of files.toReversed()) {
      const { value, cut } = await readJsonDocument(createReadStream(join(folder.path, name)), []).catch(() => ({
        value: null,
        cut: true,
      }));
      if (!cut && isMessageList(at(value, 'messages'))) return { ...draftOf(value, reasoning, oddities), ...identityOf(folder) };
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
  return Number(/-(\d+(?:\.\d+)?)\.json$/.exec(name)?.[1] ?? 0);
}

/** Id of a reply's first call → the reply's reasoning. */
async function reasoningByCall({ path }: FolderSample, files: string[], oddities: Oddities): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const name of files) {
    try {
      const { value } = await readJsonDocument(createReadStream(join(path, name)), ['messages', 'fncall_messages', 'kwargs']);
      const reply = replyOf(value);
      const id = reply?.calls[0]?.id;
      if (reply !== null && typeof id === 'string' && reply.reasoning !== '') found.set(id, reply.reasoning);
    } catch {
      oddities.note('completion files that cannot be read');
    }
  }
  return found;
}

function draftOf(value: unknown, reasoning: Map<string, string>, oddities: Oddities): Draft {
  // Where calls were emulated in text, `fncall_messages` holds the messages with calls.
  const history = listOf(at(value, 'fncall_messages') ?? at(value, 'messages'));
  const messages = readMessages(history, oddities).map((message): LooseMessage => {
    const known = reasoning.get(message.calls[0]?.id ?? '');
    return known === undefined || message.reasoning !== '' ? message : { ...message, reasoning: known };
  });
  const reply = replyOf(value);
  const all = reply === null ? messages : [...messages, reply];
  const finish = reply?.calls.find(({ name }) => name === 'finish');
  return {
    harness: 'openhands',
    model: textOf(at(value, 'response', 'model')),
    messages: unifiedMessages(readSpoken(all), oddities),
    tools: readTools(at(value, 'kwargs', 'tools'), oddities),
    ending: finish === undefined ? null : { kind: 'finished', status: 'finish', detail: '' },
    oddities,
  };
}

function replyOf(value: unknown): LooseMessage | null {
  return replyMessage(at(value, 'fncall_response') ?? at(value, 'response'));
}
