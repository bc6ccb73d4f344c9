import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { canonicalArguments } from '../../../activities/rendering/canonical-arguments.ts';
import { installedFile } from '../../../activities/rendering/student-tokenizer.ts';
import { type DescribedEnvironment, ensureDescribed } from '../../../activities/python/ensure-environment.ts';
import type { Message, ToolDefinition } from '../../../schemas/message.ts';
import { StudentBase } from '../../../schemas/student.ts';

/** What Python gives for a row; without a mask for the prompt of a turn. */
const Result = z.union([
  z.strictObject({ text: z.string(), ids: z.array(z.int()), mask: z.array(z.literal([0, 1])).optional() }),
  z.strictObject({ error: z.string() }),
]);
export type Result = z.infer<typeof Result>;

/** A row as a trainer or server has it. */
export interface PythonRow {
  base: StudentBase;
  messages: readonly Message[];
  tools: readonly ToolDefinition[];
  /** How calls carry their arguments: as canonical text, as the model wrote them, or as an object. */
  callArguments: 'canonical' | 'as written' | 'object';
  /** The name of the reasoning's field. */
  reasoning?: 'reasoning' | 'reasoning_content';
  /** The prompt of the next turn instead of a training row. */
  add_generation_prompt?: true;
  enable_thinking?: boolean;
}

export const transformersEnvironment: DescribedEnvironment = {
  name: 'test-transformers',
  purpose: 'the rendering of transformers',
  python: { from: [3, 11], to: [3, 13] },
  lockFile: join(import.meta.dirname, 'transformers.txt'),
};

/** The rows rendered by transformers with the template files of the project and the tokenizer that is installed. */
export async function renderWithPython(rows: readonly PythonRow[]): Promise<Result[]> {
  const { python } = await ensureDescribed(transformersEnvironment);
  const child = spawn(python, pythonArguments(), { stdio: ['pipe', 'pipe', 'inherit'], env: pythonVariables });
  child.stdin.end(rows.map((row) => `${rowJson(row)}\n`).join(''));
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (code !== 0) throw new Error(`Python ended with ${code}`);
  return output.split('\n').flatMap((line) => (line === '' ? [] : [Result.parse(JSON.parse(line))]));
}

/** No notices on standard error, and no look-ups on a hub. */
export const pythonVariables = { ...process.env, TRANSFORMERS_VERBOSITY: 'error', HF_HUB_OFFLINE: '1', PYTHONUTF8: '1' };

function pythonArguments(): string[] {
  const templates = StudentBase.options.map(
    (base) => `${base}=${join(import.meta.dirname, `../../../activities/rendering/templates/${base}.jinja`)}`,
  );
  return [join(import.meta.dirname, 'render_with_transformers.py'), installedFile(), ...templates];
}

/** Written by hand where arguments are objects: their numbers must arrive as they are. */
function rowJson({ messages, callArguments, reasoning = 'reasoning_content', ...row }: PythonRow): string {
  const written = messages.map((message) => {
    if (message.role !== 'assistant') return JSON.stringify(message);
    const { tool_calls: calls, reasoning_content: thought, ...rest } = message;
    const fields = [JSON.stringify({ ...rest, ...(thought === undefined ? {} : { [reasoning]: thought }) }).slice(1, -1)];
    if (calls !== undefined) fields.push(`"tool_calls": [${calls.map((call) => callJson(call.function, callArguments)).join(', ')}]`);
    return `{${fields.join(', ')}}`;
  });
  return `{"messages": [${written.join(', ')}], ${JSON.stringify(row).slice(1)}`;
}

function callJson({ name, arguments: given }: { name: string; arguments: string }, form: PythonRow['callArguments']): string {
  const canonical = canonicalArguments(given);
  const value = { canonical: JSON.stringify(canonical), 'as written': JSON.stringify(given), object: canonical }[form];
  return `{"type": "function", "function": {"name": ${JSON.stringify(name)}, "arguments": ${value}}}`;
}
