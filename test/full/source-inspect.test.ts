import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { promisify } from 'node:util';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { columnData, corpusSchema, realRow, rowLike } from '../source/corpus.ts';

/** Rows of SWE-rebench-V2 by language; the rest is in languages that no parser here reads. */
const languages = { python: 7243, go: 6144, ts: 4204, js: 4138, rust: 3123, java: 1716, php: 1445, c: 230, cpp: 182, ruby: 3654 };
const licences = ['MIT', 'Apache-2.0', 'BSD-3-Clause', 'GPL-3.0', 'NOASSERTION', 'MIT OR Apache-2.0', null, 'Weird-1.0'];
const ROWS = 32_079;

let folder: string;
let path: string;

/** A file of the real corpus's size: texts as long as in a real row, no two alike. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-corpus-'));
  path = join(folder, 'train.parquet');
  const labels = Object.entries(languages).flatMap(([language, count]) => Array.from({ length: count }, () => language));
  const file = createWriteStream(path);
  const sink = new Sink(file);
  const parquet = new ParquetWriter({ writer: sink, schema: corpusSchema });
  for (let start = 0; start < ROWS; start += 500) {
    const rows = Array.from({ length: Math.min(500, ROWS - start) }, (_, offset) => {
      const number = start + offset;
      const text = (length: number) => `${number} ${'lines of some text\n'.repeat(length / 19)}`;
      return rowLike(number, {
        language: labels[number],
        license: licences[number % licences.length],
        patch: `${String(realRow['patch'])}${text(5000)}`,
        test_patch: `${String(realRow['test_patch'])}${text(11_000)}`,
        problem_statement: text(1000),
        interface: text(2200),
        PASS_TO_PASS: Array.from({ length: 119 }, (_unused, test) => `tst_${number}_${test}`),
      });
    });
    await parquet.write({ columnData: columnData(rows), rowGroupSize: 500 });
    if (file.writableNeedDrain) await once(file, 'drain');
  }
  await parquet.finish();
  file.end();
  await finished(file);
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

class Sink extends ByteWriter {
  readonly #file: NodeJS.WritableStream;

  constructor(file: NodeJS.WritableStream) {
    super();
    this.#file = file;
  }

  flush(): void {
    this.#file.write(this.getBytes().slice());
    this.index = 0;
  }

  override finish(): void {
    this.flush();
  }
}

describe('inspecting a corpus of the real size', () => {
  it('counts every row within 300 MB of memory', async () => {
    const report = "data:text/javascript,process.on('exit',()=>process.stderr.write('rss '+process.resourceUsage().maxRSS))";
    const main = join(import.meta.dirname, '..', '..', 'cli', 'main.ts');
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--import', report, main, 'source', 'inspect', path, '--json'],
      { maxBuffer: 1e8 },
    );
    const Counts = z.object({ kept: z.int(), dropped: z.int() });
    const Printed = z.object({
      rows: z.int(),
      bad: z.int(),
      kept: z.int(),
      by_language: z.record(z.string(), Counts),
      rules: z.array(Counts.extend({ rule: z.string() })),
    });
    const inspection = Printed.parse(JSON.parse(stdout));
    expect([inspection.rows, inspection.bad]).toEqual([ROWS, 0]);
    const totals = Object.entries(inspection.by_language).map(([language, { kept, dropped }]) => [language, kept + dropped]);
    expect(Object.fromEntries(totals)).toEqual(languages);
    const dropped = Object.fromEntries(inspection.rules.map((rule) => [rule.rule, rule.dropped]));
    expect(dropped).toEqual({ language: 3654, licence: 16_039, runnable: 0, metadata: 0, size: 0, evaluation_task: 0, duplicate: 0 });
    expect(Number(/rss (\d+)/.exec(stderr)?.[1]) / 1024).toBeLessThan(300);
  });
});
