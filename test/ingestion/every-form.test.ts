import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadGrammars } from '../../activities/syntax/grammars.ts';
import type { IngestedTrajectory } from '../../schemas/ingested.ts';
import { scanInProcess } from '../scanning/scan-in-process.ts';
import { collect } from './collect.ts';
import { agentForms } from './forms/agents.ts';
import type { Form } from './forms/form.ts';
import { type Made, made, numbers } from './forms/made.ts';
import { linesOf, plainForms } from './forms/plain.ts';

const forms = [...plainForms, ...agentForms];
const seeds = [1, 2, 3, 4, 5, 6];
/** Odd changes a form. */
const rounds = 6;

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-forms-'));
  await loadGrammars();
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function trajectoriesFor(form: Form, seed: number): Made[] {
  const powers = form.commands === true ? { calls: 1, tools: false } : { calls: 3, tools: true };
  return (form.single === true ? [0] : [0, 1, 2]).map((index) => made(seed * 10 + index, powers));
}

interface Told {
  text: string;
  reasoning: string;
  calls: { name: string; args: unknown; result: string }[];
}

/** What was made, as far as the form has it. */
function wanted(form: Form, { turns }: Made): Told[] {
  return turns.map(({ text, reasoning, calls }) => ({
    text,
    reasoning: form.reasoning === false ? '' : reasoning,
    calls: calls.map(({ name, args, result }) => ({ name, args, result: form.trimmed === true ? result.trim() : result })),
  }));
}

/** What was read: each reply with its calls, and each call with the result that was paired with it. */
function told(form: Form, { messages }: IngestedTrajectory): Told[] {
  const results = new Map(messages.flatMap((message) => (message.role === 'tool' ? [[message.tool_call_id, message.content]] : [])));
  return messages.flatMap((message) => {
    if (message.role !== 'assistant') return [];
    const calls = (message.tool_calls ?? []).map(({ id, function: { name, arguments: given } }) => ({
      name,
      args: JSON.parse(given),
      result: form.trimmed === true ? (results.get(id) ?? '').trim() : (results.get(id) ?? ''),
    }));
    return [
      {
        text: form.commands === true ? (message.content.split('\n```')[0] ?? '') : message.content,
        reasoning: message.reasoning_content ?? '',
        calls,
      },
    ];
  });
}

/** The commands in a made trajectory that the scanner must find, with their turn and call. */
function marked({ turns }: Made): string[] {
  return turns.flatMap(({ calls }, turn) =>
    calls.flatMap(({ args: { command } }, call) =>
      String(command).startsWith('git log --all') ? [`${turn}/${call} ${String(command)}`] : [],
    ),
  );
}

async function scanned(path: string): Promise<string[][]> {
  const { reports } = await scanInProcess(path);
  expect(reports.flatMap(({ unread }) => unread)).toEqual([]);
  return reports.map(({ findings }) => findings.map(({ turn, call, command }) => `${turn}/${call} ${command}`));
}

describe.each(forms)('$name', (form) => {
  it('gives back what was written, to ingest and to scan', async () => {
    for (const seed of seeds) {
      const all = trajectoriesFor(form, seed);
      const path = join(folder, `${form.name}-${seed}.${form.ending}`);
      writeFileSync(path, form.write(all));
      const { trajectories, bad } = await collect(path);
      expect(bad).toEqual([]);
      expect(trajectories.map((one) => told(form, one))).toEqual(all.map((one) => wanted(form, one)));
      expect(trajectories.flatMap(({ lost }) => lost)).toEqual([]);
      expect(await scanned(path)).toEqual(all.map(marked));
    }
  });

  it('gives the same when it is packed', async () => {
    const all = trajectoriesFor(form, 7);
    for (const [packing, pack] of [
      ['gz', gzipSync],
      ['zst', zstdCompressSync],
    ] as const) {
      const path = join(folder, `${form.name}.${form.ending}.${packing}`);
      writeFileSync(path, pack(form.write(all)));
      const { trajectories } = await collect(path);
      expect(trajectories.map((one) => told(form, one))).toEqual(all.map((one) => wanted(form, one)));
      expect(await scanned(path)).toEqual(all.map(marked));
    }
  });

  it('that is cut gives a beginning of it, or says what could not be read', async () => {
    const all = trajectoriesFor(form, 8);
    const written = Buffer.from(form.write(all));
    const whole = all.map((one) => wanted(form, one).flatMap(({ calls }) => calls.map(({ name, args }) => JSON.stringify([name, args]))));
    const next = numbers(9);
    const path = join(folder, `cut-${form.name}.${form.ending}`);
    for (let round = 0; round < 6; round += 1) {
      const cut = written.subarray(0, Math.floor(written.length * next()));
      writeFileSync(path, cut);
      const { trajectories, bad } = await collect(path);
      const read = trajectories.map((one) =>
        told(form, one).flatMap(({ calls }) => calls.map(({ name, args }) => JSON.stringify([name, args]))),
      );
      expect(read).toEqual(whole.slice(0, read.length).map((calls, index) => calls.slice(0, read[index]?.length)));
      const less = read.length < whole.length || read.some((calls, index) => calls.length < (whole[index]?.length ?? 0));
      const said = bad.length > 0 || trajectories.some(({ reported, lost }) => reported.length + lost.length > 0);
      expect(said || !less || endsWhole(cut)).toBe(true);
    }
  });
});

/** Lines that end with a whole one do not tell that there were more. */
function endsWhole(cut: Buffer): boolean {
  const last = cut.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
  try {
    JSON.parse(last);
    return true;
  } catch {
    return false;
  }
}

const oddValues = [null, 0, '', 'x', [], {}, [[]], { role: 'assistant' }, -1, true];

/** A value in which one thing somewhere is another, is missing or stands twice. */
function changed(value: unknown, next: () => number): unknown {
  if (next() < 0.05) return oddValues[Math.floor(next() * oddValues.length)];
  if (Array.isArray(value) && value.length > 0) {
    const at = Math.floor(next() * value.length);
    if (next() < 0.1) return value.toSpliced(at, 1);
    if (next() < 0.1) return value.toSpliced(at, 0, value[at]);
    return value.with(at, changed(value[at], next));
  }
  if (typeof value !== 'object' || value === null) return oddValues[Math.floor(next() * oddValues.length)];
  const entries = Object.entries(value);
  const at = Math.floor(next() * entries.length);
  return Object.fromEntries(
    entries.flatMap(([key, inner], index) => (index !== at ? [[key, inner]] : next() < 0.1 ? [] : [[key, changed(inner, next)]])),
  );
}

it.each(forms.filter(({ ending }) => ending !== 'eval'))(
  '$name with something odd in it is read or refused, the same by both commands',
  async (form) => {
    const next = numbers(11);
    const path = join(folder, `odd-${form.name}.${form.ending}`);
    for (let round = 0; round < rounds; round += 1) {
      const text = String(form.write(trajectoriesFor(form, 12)));
      const odd =
        form.ending === 'jsonl'
          ? linesOf(
              text
                .trimEnd()
                .split('\n')
                .map((line) => JSON.parse(line))
                .map((line) => (next() < 0.5 ? line : changed(line, next))),
            )
          : JSON.stringify(changed(JSON.parse(text), next));
      writeFileSync(path, odd);
      const { trajectories, bad } = await collect(path);
      const { reports, bad: unread } = await scanInProcess(path);
      expect(reports.map(({ id }) => id)).toEqual(trajectories.map(({ id }) => id));
      expect(unread.map(({ problem }) => problem).toSorted()).toEqual(bad.map(({ problem }) => problem).toSorted());
      expect(bad.filter(({ problem }) => /undefined|is not a function|Cannot read/.test(problem))).toEqual([]);
    }
  },
);

it('all forms of one folder are read together, the same by both commands', async () => {
  const together = join(folder, 'together');
  mkdirSync(together);
  for (const form of forms) writeFileSync(join(together, `${form.name}.${form.ending}`), form.write(trajectoriesFor(form, 1)));
  const { trajectories, bad } = await collect(together);
  const { reports, bad: unread } = await scanInProcess(together);
  expect([bad, unread]).toEqual([[], []]);
  expect(trajectories).toHaveLength(forms.reduce((sum, form) => sum + trajectoriesFor(form, 1).length, 0));
  expect(reports.map(({ id, place }) => [id, place])).toEqual(trajectories.map(({ id, place }) => [id, place]));
});
