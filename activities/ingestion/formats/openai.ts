import { Resolved } from '../../../schemas/verdict.ts';
import { anyEnding } from '../endings.ts';
import { conversation, type Draft, type RecordFormat } from '../format.ts';
import { at, type Fields, fieldsOf, firstOf, firstText, listOf, nameOf, numberOf, patchText, textOf, unfolded } from '../loose-values.ts';
import { isMessageList } from '../message-list.ts';
import { Oddities } from '../oddities.ts';
import { roleOf } from '../loose-roles.ts';
import { isMessage } from '../read-message.ts';
import { reasoningEffortIn } from '../reasoning-effort.ts';
import { readTools } from '../tool-definitions.ts';
import { requestUsage, usageOf } from '../usage.ts';

/**
 * Plain messages of any API: a bare list, or an object with `messages`, `trajectory`, `conversations`, Gemini's `contents` or the
 * `input` and `output` of the Responses API (a list, or one as a JSON string) and perhaps `tools`, with whatever else it says under
 * the usual names.
 */
export const openAi: RecordFormat = {
  id: 'openai',
  detect(value) {
    const list = messagesOf(value);
    return isMessageList(list) || (Array.isArray(list) && list.length === 0);
  },
  /** A message a line, perhaps behind lines that describe the session: rows hold their messages in a list. */
  detectLines(first) {
    const messages = first.filter(isMessage).length;
    const others = first.length - Math.max(0, first.findIndex(isMessage)) - messages;
    return messages > 1 && messages > others && !first.some((line) => Array.isArray(messagesOf(line)));
  },
  read(value): Draft[] {
    const oddities = new Oddities();
    const { row, list } = Array.isArray(value) ? headed(value, oddities) : { row: fieldsOf(value), list: listOf(messagesOf(value)) };
    const { resolved } = row;
    return [
      {
        id: nameOf(row['trajectory_id']) ?? nameOf(row['traj_id']) ?? nameOf(row['id']) ?? '',
        instance_id: nameOf(row['instance_id']) ?? nameOf(at(row['key'], 'instance_id')),
        repo: textOf(row['repo']),
        base_commit: textOf(row['base_commit']),
        license: textOf(row['license']) ?? textOf(row['licence']),
        language: textOf(row['language']),
        harness: textOf(row['harness']),
        model: textOf(row['model']) ?? textOf(row['model_name']),
        reasoning_effort: reasoningEffortIn(row, row['generation_config'], row['sampling_params'], row['metadata']),
        messages: conversation([...systemOf(row), ...list, ...replyOf(row)], oddities),
        tools: readTools(row['tools'], oddities),
        ending: anyEnding(textOf(row['exit_status']), oddities),
        exit_status: textOf(row['exit_status']),
        usage: usageOf({
          ...requestUsage(row['usage'], null),
          cost_usd: firstOf(row, ['cost_usd', 'total_cost_usd', 'total_cost', 'cost']),
        }),
        // An empty patch is a patch: the run changed nothing.
        model_patch: [row['model_patch'], row['patch']].find((patch) => typeof patch === 'string') ?? null,
        reference_patch: patchText(at(unfolded(row['metadata']), 'reference_patch')),
        resolved: typeof resolved === 'boolean' ? (resolved ? 1 : 0) : (Resolved.safeParse(numberOf(resolved)).data ?? null),
        oddities,
      },
    ];
  },
};

/** What stands before the first message of a list describes the session. */
function headed(value: unknown[], oddities: Oddities): { row: Fields; list: unknown[] } {
  const begin = value.findIndex(isMessage);
  const heads = value.slice(0, Math.max(0, begin));
  if (heads.length === 0) return { row: {}, list: value };
  oddities.note('what stands before the first message is taken for a description of the session');
  return { row: Object.assign({}, ...heads.map(fieldsOf)), list: value.slice(begin) };
}

const listKeys = ['messages', 'trajectory', 'conversations', 'conversation', 'contents', 'input'];

/** The system prompt, where the API takes it beside the messages. */
function systemOf(row: Fields): unknown[] {
  const system = firstOf(row, ['system', 'system_prompt', 'systemInstruction', 'system_instruction', 'instructions']);
  const content = at(system, 'parts') ?? system;
  const list = messagesOf(row);
  if (typeof content !== 'string' && !Array.isArray(content)) return [];
  return content.length === 0 || roleOf(at(listOf(list)[0], 'role')) === 'system' ? [] : [{ role: 'system', content }];
}

/** The last reply, where it stands beside the messages that asked for it; none where it is also the last of them. */
function replyOf(row: Fields): unknown[] {
  const held = unfolded(firstOf(row, ['output', 'completion', 'candidates', 'choices']));
  const items = (Array.isArray(held) ? held : [held]).map((item) =>
    isMessage(item) ? item : (at(item, 'message') ?? at(item, 'content')),
  );
  const last = listOf(messagesOf(row)).at(-1);
  const said = firstText(row, ['completion', 'response']);
  if (said !== null && isMessage(last) && !['assistant', 'call'].includes(roleOf(at(last, 'role') ?? at(last, 'from')) ?? 'call'))
    return [{ role: 'assistant', content: said }];
  return isMessageList(items) && JSON.stringify(last) !== JSON.stringify(items.at(-1)) ? items : [];
}

function messagesOf(value: unknown): unknown {
  if (Array.isArray(value)) return value;
  const fields = fieldsOf(value);
  const { input, output, prompt } = fields;
  if (typeof input === 'string' && isMessageList(output)) return [{ role: 'user', content: input }];
  return unfolded(firstOf(fields, listKeys) ?? (isMessageList(prompt) ? prompt : undefined));
}
