import { createHash } from 'node:crypto';
import { Problem } from '../../../schemas/problem.ts';
import { openSource } from '../../tables/byte-source.ts';
import { filesOf } from '../../tables/inputs.ts';
import { plainValue, readRows } from '../../tables/rows.ts';
import type { GraderName } from '../../../schemas/grader-name.ts';
import type { Benchmark, BenchmarkInstance, InstanceCommands } from './benchmark.ts';
import { setHash } from './choose-instances.ts';

type BenchmarkRow = Readonly<Record<string, unknown>>;

export interface ReadBenchmark {
  benchmark: Benchmark;
  /** Files or folders of files; never an address. */
  data: readonly string[];
  namespace?: string | undefined;
  /** Asked once for rows that do not say how they are tested; without it their verdicts have no cross-check. */
  commandsOf?: ((rows: BenchmarkRow[]) => Promise<ReadonlyMap<string, InstanceCommands | string>>) | undefined;
}

export interface BenchmarkSet {
  /** The grader that reads rows of this form. */
  form: GraderName;
  instances: BenchmarkInstance[];
  /** Of the file; of several, over a line for each: its sum. */
  data_sha256: string;
  set_sha256: string;
  /** What a reader of the scores has to know: a set that is not whole, instances without cross-check. */
  notes: string[];
}

/** Problems that one message lists. */
const listed = 12;

/**
 * The instances of a benchmark from the user's files. Throws `Problem` benchmark_bad_rows (with file, row and field of each),
 * benchmark_empty, benchmark_data_missing, benchmark_mixed_forms, and those of reading files.
 */
export async function readBenchmark({ benchmark, data, namespace, commandsOf }: ReadBenchmark): Promise<BenchmarkSet> {
  const { files, data_sha256 } = await filesWithSum(data);
  const { rows, problems } = await rowsOf(files);
  const silent = rows.filter(({ row }) => benchmark.needsCommands(row)).map(({ row }) => row);
  const commands = silent.length > 0 && commandsOf !== undefined ? await commandsOf(silent) : new Map<string, string>();
  const instances = new Map<string, { instance: BenchmarkInstance; place: string }>();
  const forms = new Map<GraderName, string>();
  for (const { row, place } of rows) {
    const reading = benchmark.read(row, { namespace, commands });
    const at = `${place}${typeof row['instance_id'] === 'string' ? ` (${row['instance_id']})` : ''}`;
    if (!reading.ok) problems.push(...reading.problems.map((problem) => `${at}: ${problem}`));
    else {
      const { instance, form } = reading;
      const other = instances.get(instance.instance_id);
      if (other !== undefined) problems.push(`${at}: instance_id: it stands at ${other.place} already`);
      instances.set(instance.instance_id, { instance, place });
      if (!forms.has(form)) forms.set(form, at);
    }
  }
  if (problems.length > 0) throw badRows(benchmark, problems);
  const [form, ...others] = forms.keys();
  if (form === undefined) {
    throw new Problem('benchmark_empty', `no instance of ${benchmark.title} stands in ${data.join(', ')}`, {
      hint: 'give the benchmark’s published rows as Parquet or JSONL',
    });
  }
  if (others.length > 0) {
    throw new Problem(
      'benchmark_mixed_forms',
      `the rows need different graders: ${[...forms].map(([name, at]) => `${at} ${name}`).join('; ')}`,
      {
        hint: 'give rows of one revision of the benchmark',
      },
    );
  }
  const found = [...instances.values()]
    .map(({ instance }) => instance)
    .sort((one, other) => (one.instance_id < other.instance_id ? -1 : 1));
  return { form, instances: found, data_sha256, set_sha256: setHash(found), notes: notesOn(benchmark, found) };
}

async function rowsOf(files: string[]): Promise<{ rows: { row: BenchmarkRow; place: string }[]; problems: string[] }> {
  const rows: { row: BenchmarkRow; place: string }[] = [];
  const problems: string[] = [];
  for (const file of files) {
    for await (const { value, place } of readRows(file)) {
      const row = value.ok ? plainValue(value.row) : undefined;
      if (!value.ok) problems.push(`${place}: ${value.problem}`);
      else if (typeof row !== 'object' || row === null || Array.isArray(row)) problems.push(`${place}: the row is not an object`);
      else rows.push({ row: { ...row }, place });
    }
  }
  return { rows, problems };
}

async function filesWithSum(data: readonly string[]): Promise<{ files: string[]; data_sha256: string }> {
  const files = data.flatMap(filesOf);
  const sums: string[] = [];
  for (const file of files) {
    if (/^https?:\/\//i.test(file)) {
      throw new Problem('benchmark_data_missing', `${file} is an address: a benchmark is read from files of this machine`, {
        hint: 'download the revision that you mean, and give its path',
      });
    }
    const source = await openSource(file);
    try {
      const hash = createHash('sha256');
      for (let at = 0; at < source.size; at += source.stride) hash.update(await source.read(at, at + source.stride));
      sums.push(hash.digest('hex'));
    } finally {
      await source.close();
    }
  }
  const [only = '', ...more] = sums;
  const all = createHash('sha256').update(sums.map((sum) => `${sum}\n`).join(''));
  return { files, data_sha256: more.length === 0 ? only : all.digest('hex') };
}

function badRows(benchmark: Benchmark, problems: string[]): Problem {
  const more = problems.length > listed ? `\n… and ${problems.length - listed} more` : '';
  return new Problem('benchmark_bad_rows', `rows that are none of ${benchmark.title}:\n${problems.slice(0, listed).join('\n')}${more}`, {
    hint: `columns of ${benchmark.name}: ${benchmark.columns.join(', ')}`,
  });
}

function notesOn(benchmark: Benchmark, found: BenchmarkInstance[]): string[] {
  const notes: string[] = [];
  if (benchmark.instances !== null && found.length !== benchmark.instances) {
    notes.push(
      `${found.length} instances were given; ${benchmark.title} has ${benchmark.instances}: scores are not those of the whole set`,
    );
  }
  const reasons = new Map<string, number>();
  for (const { no_cross_check } of found) if (no_cross_check !== null) reasons.set(no_cross_check, (reasons.get(no_cross_check) ?? 0) + 1);
  for (const [reason, count] of reasons) notes.push(`${count} instances have no cross-check by our own verification: ${reason}`);
  return notes;
}
