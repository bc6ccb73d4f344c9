import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ContentHash } from '../../activities/dataset/shards/content-hash.ts';
import { describeColumns } from '../../activities/dataset/shards/columns.ts';
import { writeShard } from '../../activities/dataset/shards/parquet-shard.ts';
import { countFunnel } from '../../activities/ledger/funnel.ts';
import { projectRoot } from '../../platform/home.ts';
import type { DatasetRow, RowMessage } from '../../schemas/dataset-row.ts';
import { ReleaseManifest } from '../../schemas/release.ts';

/** Turns of a row of the published data set, and characters of its parts: some 220 KB in all. */
const turns = 75;
const sizes = { system: 2500, user: 4000, reasoning: 450, said: 60, argument: 250, observation: 1900 };

/**
 * Writes a release whose rows have the published shape and real text: sources and documents of the installed packages, each
 * piece another one. Text made by a rule would repeat its words, which a tokenizer that remembers words counts for nothing.
 * Returns the bytes of its rows as JSON.
 */
export async function writeReleaseOfText(folder: string, rows: number): Promise<number> {
  const shard = 'data/openhands/scripted/local/train-00000-of-00001.parquet';
  mkdirSync(join(folder, 'data/openhands/scripted/local'), { recursive: true });
  const content = new ContentHash();
  const text = new TextSource();
  let bytes = 0;
  async function* each(): AsyncGenerator<DatasetRow> {
    for (let number = 0; number < rows; number += 1) {
      const row = rowOf(number, text);
      bytes += Buffer.byteLength(JSON.stringify(row));
      content.add(row);
      yield row;
    }
  }
  await writeShard(async (part) => appendFileSync(join(folder, shard), part), each());
  const data = readFileSync(join(folder, shard));
  const file = (path: string) => ({ path, sha256: createHash('sha256').update(data).digest('hex'), size_bytes: data.length });
  const cell = { harness: 'openhands', language: 'python', unresolved: 0, unknown: 0, turns: 0, prompt_tokens: 0, completion_tokens: 0 };
  const half = Math.floor(rows / 2);
  const manifest: ReleaseManifest = {
    format: 1,
    campaign: 'bench',
    version: 'v1',
    form: 'trajectory',
    not_selected: 0,
    rows,
    content_sha256: content.hex(),
    shards: [{ ...file(shard), split: 'openhands', rows }],
    ledger: { ...file('ledger.jsonl'), entries: 0 },
    card: file('README.md'),
    card_files: [],
    refused_licences: [],
    columns: describeColumns(),
    filters: [],
    funnel: countFunnel([]),
    statistics: [
      { ...cell, mode: 'think', rows: rows - half, resolved: rows - half },
      { ...cell, mode: 'no_think', rows: half, resolved: half },
    ],
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(ReleaseManifest.parse(manifest)));
  return bytes;
}

const tool = {
  type: 'function',
  function: {
    name: 'execute_bash',
    description: 'Runs a command in the shell of the project.',
    parameters: { type: 'object', properties: { command: { type: 'string', description: 'The command.' } }, required: ['command'] },
  },
};

function rowOf(number: number, text: TextSource): DatasetRow {
  const thinks = number % 2 === 0;
  const message = (role: RowMessage['role'], size: number): RowMessage => ({
    role,
    content: text.next(size),
    reasoning_content: null,
    tool_calls: null,
  });
  const trajectory = [message('system', sizes.system), message('user', sizes.user)];
  for (let turn = 0; turn < turns; turn += 1) {
    const call = {
      type: 'function' as const,
      function: { name: 'execute_bash', arguments: JSON.stringify({ command: text.next(sizes.argument) }) },
    };
    trajectory.push({
      ...message('assistant', sizes.said),
      reasoning_content: thinks ? text.next(sizes.reasoning) : null,
      tool_calls: [call],
    });
    trajectory.push(message('tool', sizes.observation + (thinks ? 0 : sizes.reasoning)));
  }
  const patch = { patch: text.next(1500), num_modified_files: 1, num_modified_lines: 20 };
  return {
    instance_id: `acme__parser-${number}`,
    repo: 'acme/parser',
    license: 'MIT',
    language: 'python',
    trajectory_id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    trajectory,
    tools: [JSON.stringify(tool)],
    resolved: 1,
    metadata: {
      category: 'bug-fix',
      reference_patch: patch,
      model_patch: patch,
      teacher_model: { name: 'Scripted-1.5', enable_thinking: thinks, reasoning_effort: null },
      git_hack_attempted: false,
    },
    hf_dataset_name: 'local',
  };
}

/** Sources and documents of the installed packages, one after another, in pieces. */
class TextSource {
  #files = textFiles(join(projectRoot, 'node_modules'));
  #text = '';
  #at = 0;

  next(size: number): string {
    while (this.#text.length - this.#at < size) {
      this.#text = this.#text.slice(this.#at) + this.#nextFile();
      this.#at = 0;
    }
    this.#at += size;
    // What stands for a token in the text of a tokenizer's own package would drop the row.
    return this.#text
      .slice(this.#at - size, this.#at)
      .toWellFormed()
      .replaceAll(/<\|?\/?(?=\w+\|?>)/g, '[');
  }

  #nextFile(): string {
    let next = this.#files.next();
    if (next.done === true) {
      // Some 150 MB later, from the beginning.
      this.#files = textFiles(join(projectRoot, 'node_modules'));
      next = this.#files.next();
    }
    return next.done === true ? '' : readFileSync(next.value, 'utf8');
  }
}

function* textFiles(folder: string): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* textFiles(path);
    else if (/\.(?:[cm]?[jt]s|md|py|c|h|go|rs)$/.test(entry.name) && !/\.min\./.test(entry.name) && statSync(path).size < 300_000)
      yield path;
  }
}
