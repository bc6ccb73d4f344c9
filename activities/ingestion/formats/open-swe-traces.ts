import { nameTable } from '../../../schemas/name-table.ts';
import { Resolved } from '../../../schemas/verdict.ts';
import { conversation, type Draft, type RecordFormat } from '../format.ts';
import { at, fieldsOf, listOf, numberOf, patchText, textOf, unfolded } from '../loose-values.ts';
import { isMessageList } from '../message-list.ts';
import { Oddities } from '../oddities.ts';
import { reasoningEffortIn } from '../reasoning-effort.ts';
import { readTools } from '../tool-definitions.ts';

/**
 * Rows of Open-SWE-Traces in all its revisions, and of Tracemill's own releases: `trajectory` or `messages`, tools
 * perhaps missing, the model's patch at the top or in `metadata`, calls without ids.
 */
export const openSweTraces: RecordFormat = {
  id: 'open-swe-traces',
  detect(value) {
    const row = fieldsOf(value);
    const published = 'metadata' in row || 'hf_dataset_name' in row || ('license' in row && 'resolved' in row);
    return published && 'instance_id' in row && isMessageList(row['trajectory'] ?? row['messages']);
  },
  read(value, { path }): Draft[] {
    const row = fieldsOf(value);
    const oddities = new Oddities();
    const metadata = unfolded(row['metadata']);
    const messages = conversation(listOf(row['trajectory'] ?? row['messages']), oddities);
    const tools = readTools(row['tools'], oddities);
    const called = messages.flatMap((message) => (message.role === 'assistant' ? (message.tool_calls ?? []) : []));
    const names = new Set([...tools, ...called].map((item) => item.function.name));
    return [
      {
        id: textOf(row['trajectory_id']) ?? '',
        instance_id: textOf(row['instance_id']),
        repo: textOf(row['repo']),
        license: textOf(row['license']),
        language: textOf(row['language']),
        hf_dataset_name: textOf(row['hf_dataset_name']),
        harness: harnessIn(path) ?? harnessOf(names),
        model: textOf(at(metadata, 'teacher_model', 'name')) ?? modelIn(path),
        reasoning_effort: reasoningEffortIn(at(metadata, 'teacher_model')),
        messages,
        tools,
        model_patch: patchText(at(metadata, 'model_patch')) ?? patchText(row['model_patch']),
        reference_patch: patchText(at(metadata, 'reference_patch')),
        resolved: Resolved.safeParse(numberOf(row['resolved'])).data ?? -1,
        oddities,
      },
    ];
  },
};

/** The first revision names harness and teacher nowhere but in `data/<harness>/<teacher>/<dataset>/`. */
const folders: Record<string, string> = nameTable({ openhands: 'openhands', sweagent: 'sweagent', minisweagent: 'mini-swe-agent' });
const layout = /(?:^|[/\\])(openhands|sweagent|minisweagent)[/\\]([^/\\]+)[/\\][^/\\]+[/\\][^/\\]+$/;

function harnessIn(path: string): string | null {
  return folders[layout.exec(path)?.[1] ?? ''] ?? null;
}

function modelIn(path: string): string | null {
  return layout.exec(path)?.[2] ?? null;
}

function harnessOf(tools: Set<string>): string | null {
  if (tools.has('execute_bash')) return 'openhands';
  if (tools.has('submit')) return 'sweagent';
  return tools.size === 1 && tools.has('bash') ? 'mini-swe-agent' : null;
}
