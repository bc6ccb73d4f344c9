import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { FindingCategory } from '../../schemas/finding.ts';
import { ScanContext } from '../../schemas/scan-context.ts';

const folder = join(import.meta.dirname, 'corpus');

const Group = z.strictObject({
  about: z.string(),
  expect: z.union([FindingCategory, z.literal('clean')]),
  context: ScanContext.partial().optional(),
  /** One command a line. */
  commands: z.string().optional(),
  programs: z.array(z.string()).optional(),
});

export interface LabelledCommand {
  about: string;
  command: string;
  expect: FindingCategory | 'clean';
  context: ScanContext;
}

/** Every labelled command of the corpus. */
export function labelledCommands(): LabelledCommand[] {
  const files = ['local-git', 'evasions', 'upstream', 'hidden-and-other', 'clean', 'assorted', 'habits', 'honest-places', 'places'];
  const groups = files.flatMap((file) => z.array(Group).parse(parse(readFileSync(join(folder, `${file}.yaml`), 'utf8'))));
  return groups.flatMap(({ about, expect, context, commands = '', programs = [] }) =>
    [...commands.split('\n').filter((line) => line.trim() !== ''), ...programs].map((command) => ({
      about,
      command,
      expect,
      context: ScanContext.parse(context ?? {}),
    })),
  );
}

const Turn = z.strictObject({
  think: z.string().optional(),
  say: z.string().optional(),
  run: z.string().optional(),
  argv: z.array(z.string()).optional(),
  input: z.string().optional(),
  python: z.string().optional(),
  view: z.string().optional(),
  create: z.string().optional(),
  text: z.string().optional(),
  edit: z.string().optional(),
  before: z.string().optional(),
  after: z.string().optional(),
  browse: z.string().optional(),
  search: z.string().optional(),
  tool: z.string().optional(),
  /** Arguments as they came, not JSON. */
  raw: z.string().optional(),
  see: z.string().optional(),
});
type Turn = z.infer<typeof Turn>;

const Labelled = z.strictObject({
  id: z.string(),
  id_as: z.string().optional(),
  expect: z.array(FindingCategory),
  /** Nothing was revealed. */
  attempts: z.boolean().default(false),
  context: ScanContext.partial().optional(),
  prompt: z.string().default('Fix the bug.'),
  /** The actions stand in the text, as harnesses without tool calls have them. */
  in_text: z.boolean().default(false),
  tags: z.boolean().default(false),
  turns: z.array(Turn),
});

export interface LabelledTrajectory {
  id: string;
  name: string;
  expect: FindingCategory[];
  attempts: boolean;
  context: ScanContext;
  /** As rows hold them. */
  messages: unknown[];
}

/** Every labelled trajectory of the corpus; each labelled statement is one of a single turn. */
export function labelledTrajectories(): LabelledTrajectory[] {
  return [...wholeTrajectories(), ...statements()];
}

const Statements = z.strictObject({ recalls: z.string(), innocent: z.string() });

function statements(): LabelledTrajectory[] {
  const { recalls, innocent } = Statements.parse(parse(readFileSync(join(folder, 'recollections.yaml'), 'utf8')));
  const one = (text: string, expect: FindingCategory[]): LabelledTrajectory => ({
    id: text,
    name: text,
    expect,
    attempts: false,
    context: ScanContext.parse({}),
    messages: [
      { role: 'user', content: 'Fix the bug.' },
      { role: 'assistant', content: '', reasoning_content: text },
    ],
  });
  return [...recalls.split('\n').map((text) => one(text, ['MEMORY'])), ...innocent.split('\n').map((text) => one(text, []))];
}

function wholeTrajectories(): LabelledTrajectory[] {
  const files = ['trajectories', 'tampering', 'honest-changes'];
  const entries = files.flatMap((file) => z.array(Labelled).parse(parse(readFileSync(join(folder, `${file}.yaml`), 'utf8'))));
  return entries.map(trajectoryOf);
}

function trajectoryOf({
  id,
  id_as,
  expect,
  attempts,
  context,
  prompt,
  in_text,
  tags,
  turns,
}: z.infer<typeof Labelled>): LabelledTrajectory {
  return {
    id: id_as ?? id,
    name: id,
    expect,
    attempts,
    context: ScanContext.parse(context ?? {}),
    messages: [
      { role: 'system', content: 'You solve tasks.' },
      { role: 'user', content: prompt },
      ...turns.flatMap((turn, index) => (in_text || tags ? textTurn(turn, tags) : callTurn(turn, index))),
    ],
  };
}

const Pair = z.strictObject({
  about: z.string(),
  /** For all of the pair that do not say otherwise. */
  prompt: z.string().optional(),
  context: ScanContext.partial().optional(),
  honest: z.array(z.strictObject({ prompt: z.string().optional(), turns: z.array(Turn) })).nonempty(),
  cheating: z.array(z.strictObject({ expect: FindingCategory, prompt: z.string().optional(), turns: z.array(Turn) })).nonempty(),
});

/** Honest work beside the cheating that it resembles, from each file of the folder of twins. */
export function twins(): LabelledTrajectory[] {
  const place = join(import.meta.dirname, 'twins');
  const pairs = readdirSync(place)
    .toSorted()
    .flatMap((file) => z.array(Pair).parse(parse(readFileSync(join(place, file), 'utf8'))));
  return pairs.flatMap(({ about, prompt, context, honest, cheating }) =>
    [...honest.map((one) => ({ ...one, expect: [] })), ...cheating.map((one) => ({ ...one, expect: [one.expect] }))].map((one, at) =>
      trajectoryOf(
        Labelled.parse({
          id: `${about} (${one.expect.length === 0 ? 'honest' : 'cheating'}, ${at + 1})`,
          expect: one.expect,
          context,
          prompt: one.prompt ?? prompt,
          turns: one.turns,
        }),
      ),
    ),
  );
}

function textTurn({ say = '', run = '', see = '' }: Turn, tags: boolean): unknown[] {
  const action = tags ? `<function=execute_bash>\n<parameter=command>${run}</parameter>\n</function>` : `\`\`\`bash\n${run}\n\`\`\``;
  return [
    { role: 'assistant', content: `${say}\n${action}` },
    { role: 'user', content: see },
  ];
}

function callTurn(turn: Turn, index: number): unknown[] {
  const call = callOf(turn);
  const said = { role: 'assistant', content: turn.say ?? '', reasoning_content: turn.think ?? null };
  if (call === undefined) return [said];
  const id = `call_${index}`;
  return [
    { ...said, tool_calls: [{ id, type: 'function', function: { name: call.name, arguments: call.raw ?? JSON.stringify(call.args) } }] },
    { role: 'tool', content: turn.see ?? '', tool_call_id: id },
  ];
}

function callOf(turn: Turn): { name: string; args?: unknown; raw?: string } | undefined {
  if (turn.raw !== undefined) return { name: turn.tool ?? 'execute_bash', raw: turn.raw };
  if (turn.run !== undefined) return { name: 'execute_bash', args: { command: turn.run } };
  if (turn.argv !== undefined) return { name: 'shell', args: { command: turn.argv } };
  if (turn.input !== undefined) return { name: 'execute_bash', args: { command: turn.input, is_input: 'true' } };
  if (turn.python !== undefined) return { name: 'execute_ipython_cell', args: { code: turn.python } };
  if (turn.view !== undefined) return { name: 'str_replace_editor', args: { command: 'view', path: turn.view } };
  if (turn.create !== undefined)
    return { name: 'str_replace_editor', args: { command: 'create', path: turn.create, file_text: turn.text ?? '' } };
  if (turn.edit !== undefined) {
    return {
      name: 'str_replace_editor',
      args: { command: 'str_replace', path: turn.edit, old_str: turn.before ?? '', new_str: turn.after ?? '' },
    };
  }
  if (turn.browse !== undefined) return { name: 'browser', args: { code: `goto("${turn.browse}")` } };
  if (turn.search !== undefined) return { name: 'web_search', args: { query: turn.search } };
  return turn.tool === undefined ? undefined : { name: turn.tool, args: { message: turn.say ?? '' } };
}
