import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeShard } from '../../activities/dataset/shards/parquet-shard.ts';
import { patchSize } from '../../activities/patches/patch-size.ts';
import { parsePatch } from '../../activities/patches/patch.ts';
import type { DatasetRow, RowMessage } from '../../schemas/dataset-row.ts';
import type { RowLanguage } from '../../schemas/names.ts';

/**
 * Rows as another home would publish them: cells, languages, verdicts, turns and shares of bytes as the public dataset has them, but with
 * a twentieth of the turns, and a quarter of the text of each. A row of 221.5 KB becomes one of some 5.5 KB.
 */
const fewerTurns = 20;
const shorterTexts = 4;

/** Rows, mean turns, and shares of verdicts (1, 0) of each published cell. */
const cells = [
  {
    harness: 'openhands',
    teacher: 'minimax_m25',
    model: 'MiniMax-M2.5',
    thinks: true,
    rows: 43_603,
    turns: 58.2,
    passed: 0.329,
    failed: 0.447,
  },
  {
    harness: 'openhands',
    teacher: 'qwen35_122b',
    model: 'Qwen3.5-122B',
    thinks: false,
    rows: 40_463,
    turns: 94.1,
    passed: 0.243,
    failed: 0.522,
  },
  {
    harness: 'sweagent',
    teacher: 'minimax_m25',
    model: 'MiniMax-M2.5',
    thinks: true,
    rows: 46_819,
    turns: 74.8,
    passed: 0.358,
    failed: 0.41,
  },
  {
    harness: 'sweagent',
    teacher: 'qwen35_122b',
    model: 'Qwen3.5-122B',
    thinks: false,
    rows: 20_334,
    turns: 130.7,
    passed: 0.361,
    failed: 0.381,
  },
] as const;
type Cell = (typeof cells)[number];

const languages: readonly [RowLanguage, number][] = [
  ['python', 0.232],
  ['go', 0.226],
  ['ts', 0.178],
  ['js', 0.142],
  ['rust', 0.1],
  ['java', 0.07],
  ['php', 0.047],
  ['c', 0.003],
  ['cpp', 0.002],
];
const licences = ['MIT', 'MIT', 'Apache-2.0', 'BSD-3-Clause', 'BSD-2-Clause'] as const;

/** Mean characters of a turn in the public dataset: 67.5 % of the bytes are observations, 28.7 % replies. */
const meanBytes = 221_500;
const meanTurns = 85;
const observed = (meanBytes * 0.675) / meanTurns;
const replied = (meanBytes * 0.287) / meanTurns;
/** Of a logarithmic normal distribution whose 90th percentile of turns is 1.8 times its median, as published. */
const spread = 0.46;

const words =
  'the parser fails when value empty list token index buffer state error return call check test field name path read write line file module import class method option default config error handler stream cache queue thread lock node edge graph key map set tuple string bytes number length offset limit range start stop step'.split(
    ' ',
  );
/** What readers of Parquet, JSON and Arrow have stumbled over. */
const oddities = [
  'naïve café',
  '日本語のテスト',
  'e\u0301 combining',
  '👩🏽‍💻 family',
  '\u2028line\u2029par',
  'tab\there',
  'cr\r\nlf',
  'nul\u0000byte',
  '\u001B[31mred\u001B[0m',
  '\uFEFFbom',
  'back\\slash "quoted"',
  'مرحبا',
];

/** Numbers from 0 up to 1 that follow from a seed. */
function draws(seed: string): () => number {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Logarithmic normal with this mean. */
function lengthOf(mean: number, draw: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
  return Math.max(1, Math.round(mean * Math.exp(spread * normal - spread ** 2 / 2)));
}

function pick<T>(from: readonly T[], draw: () => number): T {
  const found = from[Math.floor(draw() * from.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}

function text(mean: number, draw: () => number): string {
  const length = lengthOf(mean / shorterTexts, draw);
  const parts: string[] = [];
  for (let size = 0; size < length; ) {
    const word = draw() < 0.004 ? pick(oddities, draw) : pick(words, draw);
    parts.push(word, draw() < 0.12 ? '\n' : ' ');
    size += word.length + 1;
  }
  return parts.join('');
}

const call = (name: string, given: object) => ({ type: 'function' as const, function: { name, arguments: JSON.stringify(given) } });

function turnsOf({ harness, thinks, turns }: Cell, draw: () => number): RowMessage[] {
  const shell = harness === 'openhands' ? 'execute_bash' : 'bash';
  const messages: RowMessage[] = [];
  const say = (role: RowMessage['role'], content: string, more: Partial<RowMessage> = {}) =>
    messages.push({ role, content, reasoning_content: null, tool_calls: null, ...more });
  say('system', text(meanBytes * 0.016, draw));
  say('user', text(meanBytes * 0.022, draw));
  const count = lengthOf(turns / fewerTurns, draw);
  for (let turn = 0; turn < count; turn += 1) {
    const reply = text(replied / 2, draw);
    say('assistant', thinks ? '' : reply, {
      reasoning_content: thinks ? reply : null,
      tool_calls: [
        call(shell, {
          command: `grep -rn "${pick(words, draw)}" src/${pick(words, draw)}.py | head -${1 + Math.floor(draw() * 40)} # ${text(replied / 2, draw)}`,
        }),
      ],
    });
    say('tool', text(observed, draw));
  }
  if (harness === 'openhands') {
    say('assistant', '', { tool_calls: [call('finish', { message: text(replied, draw) })] });
  } else {
    say('assistant', '', { tool_calls: [call('submit', {})] });
    say('tool', text(observed, draw));
  }
  return messages;
}

function patchOf(draw: () => number): { patch: string; num_modified_files: number; num_modified_lines: number } {
  const name = pick(words, draw);
  const [before, after] = [text(600, draw), text(600, draw)].map((each) => each.split(/[^ -~]+/).join(' '));
  const patch = `diff --git a/src/${name}.py b/src/${name}.py\n--- a/src/${name}.py\n+++ b/src/${name}.py\n@@ -1 +1 @@\n-${before}\n+${after}\n`;
  return { patch, ...patchSize(parsePatch(patch)) };
}

/** Row `number` of all; the same number is the same row. */
function syntheticRow(number: number): { cell: Cell; row: DatasetRow } {
  const draw = draws(`row ${number}`);
  const all = cells.reduce((sum, { rows }) => sum + rows, 0);
  let at = draw() * all;
  const cell = cells.find(({ rows }) => (at -= rows) < 0) ?? cells[0];
  let share = draw();
  const [language] = languages.find(([, of]) => (share -= of) < 0) ?? ['python' as const];
  const repo = `owner-${Math.floor(draw() * 400)}/${pick(words, draw)}`;
  const verdict = draw();
  const hex = createHash('sha256').update(`id ${number}`).digest('hex');
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  const tool = (name: string) =>
    JSON.stringify({ type: 'function', function: { name, description: text(400, draw), parameters: { type: 'object', properties: {} } } });
  return {
    cell,
    row: {
      instance_id: `${repo.replace('/', '__')}-${Math.floor(number / 3)}`,
      repo,
      license: pick(licences, draw),
      language,
      trajectory_id: id,
      trajectory: turnsOf(cell, draw),
      tools: (cell.harness === 'openhands'
        ? ['execute_bash', 'str_replace_editor', 'think', 'finish']
        : ['bash', 'str_replace_editor', 'submit']
      ).map(tool),
      resolved: verdict < cell.passed ? 1 : verdict < cell.passed + cell.failed ? 0 : -1,
      metadata: {
        category: 'bug-fix',
        reference_patch: patchOf(draw),
        model_patch: patchOf(draw),
        teacher_model: { name: cell.model, enable_thinking: cell.thinks, reasoning_effort: null },
        git_hack_attempted: false,
      },
      hf_dataset_name: 'nebius/SWE-rebench-V2',
    },
  };
}

/** Writes the rows of these numbers below a folder, laid out as the public dataset is: one file a cell. Gives the characters of their messages. */
export async function writeSyntheticRows(folder: string, from: number, to: number): Promise<{ characters: number }> {
  let characters = 0;
  for (const wanted of cells) {
    async function* rows(): AsyncGenerator<DatasetRow> {
      for (let number = from; number < to; number += 1) {
        const { cell, row } = syntheticRow(number);
        if (cell !== wanted) continue;
        for (const { content, reasoning_content, tool_calls } of row.trajectory) {
          characters += content.length + (reasoning_content?.length ?? 0);
          for (const each of tool_calls ?? []) characters += each.function.arguments.length;
        }
        yield row;
      }
    }
    const path = join(folder, 'data', wanted.harness, wanted.teacher, 'swe-rebench-v2', 'train-00000-of-00001.parquet');
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(path, 'w');
    await writeShard(async (bytes) => void writeSync(file, bytes), rows());
    closeSync(file);
  }
  return { characters };
}
