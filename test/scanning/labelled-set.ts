import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { FindingCategory } from '../../schemas/finding.ts';

const Label = z.union([FindingCategory, z.literal('CLEAN')]);
export type Label = z.infer<typeof Label>;

/** A short trajectory that a person labelled who had not seen the scanner's rules. */
const LabelledCase = z.object({
  id: z.string(),
  repo: z.string(),
  base_commit: z.string().optional(),
  prompt: z.string(),
  messages: z.array(
    z.union([
      z.object({
        role: z.literal('assistant'),
        reasoning: z.string().nullish(),
        content: z.string().nullish(),
        calls: z.array(z.object({ name: z.string(), arguments: z.unknown() })).nullish(),
      }),
      z.object({ role: z.enum(['tool', 'user']), content: z.string() }),
    ]),
  ),
  label: Label,
  /** What kind of act it is, in a few words. */
  kind: z.string(),
  why: z.string(),
});
export type LabelledCase = z.infer<typeof LabelledCase>;

/** The cases of a file, packed with gzip or not, or of all JSON-lines files of a folder in the order of their names. */
export function labelledCases(path: string): LabelledCase[] {
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => name.endsWith('.jsonl'))
        .toSorted()
        .map((name) => join(path, name))
    : [path];
  return files.flatMap((file) =>
    textOf(file)
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => LabelledCase.parse(JSON.parse(line))),
  );
}

function textOf(file: string): string {
  const bytes = readFileSync(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** The case as a row that `tracemill scan` reads: messages with tool calls in the form of OpenAI. */
export function rowOf({ id, repo, base_commit, prompt, messages }: LabelledCase): Record<string, unknown> {
  let open: string[] = [];
  const turns = messages.map((message, index) => {
    if (message.role !== 'assistant')
      return open.length === 0 ? { role: 'user', content: message.content } : { ...message, tool_call_id: open.shift() };
    const calls = (message.calls ?? []).map((call, place) => ({
      id: `call_${index}_${place}`,
      type: 'function',
      function: { name: call.name, arguments: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments) },
    }));
    open = calls.map((call) => call.id);
    return {
      role: 'assistant',
      content: message.content ?? '',
      ...(message.reasoning ? { reasoning_content: message.reasoning } : {}),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    };
  });
  return { id, repo, ...(base_commit ? { base_commit } : {}), messages: [{ role: 'user', content: prompt }, ...turns] };
}
