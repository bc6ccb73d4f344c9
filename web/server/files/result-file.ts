import { open } from 'node:fs/promises';
import { openSource } from '../../../activities/tables/byte-source.ts';
import { jsonLinesOf } from '../../../activities/tables/json-rows.ts';
import { openStream } from '../../../activities/tables/packed.ts';
import { EvaluationRecord } from '../../../schemas/evaluation-record.ts';
import { ScanReport } from '../../../schemas/finding.ts';
import { Problem } from '../../../schemas/problem.ts';

/** The result of a command of Tracemill that is no trajectory. */
export type ResultFile = { kind: 'scan'; reports: ScanReport[]; unread: string[] } | { kind: 'evaluation'; record: EvaluationRecord };

/**
 * Reads a scan's lines or an evaluation's record; undefined for a file that begins as neither. Throws `Problem` bad_input
 * for a record whose fields are not as they must be.
 */
export async function readResultFile(path: string): Promise<ResultFile | undefined> {
  const head = await headOf(path);
  if (/^\s*\{.{0,4000}"git_hack_attempted":/s.test(head) && head.includes('"findings":') && head.includes('"scanner_version":')) {
    return await readReports(path);
  }
  if (/^\s*\{\s*"format":\s*1,\s*"name":/.test(head) && head.includes('"benchmark"')) return await readRecord(path);
  return undefined;
}

async function headOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    if (!(await file.stat()).isFile()) return '';
    const { buffer, bytesRead } = await file.read(Buffer.alloc(256 * 1024), 0, 256 * 1024, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

async function readReports(path: string): Promise<ResultFile> {
  const source = await openSource(path);
  const reports: ScanReport[] = [];
  const unread: string[] = [];
  try {
    for await (const { text, line, problem } of jsonLinesOf((await openStream(source)).chunks())) {
      const read = problem === null ? parseReport(text) : problem;
      if (typeof read === 'string') unread.push(`${path}:${line}: ${read}`);
      else reports.push(read);
    }
  } finally {
    await source.close();
  }
  return { kind: 'scan', reports, unread };
}

function parseReport(text: string): ScanReport | string {
  try {
    const read = ScanReport.safeParse(JSON.parse(text));
    return read.success ? read.data : `no report of a scan: ${read.error.issues[0]?.path.join('.')}: ${read.error.issues[0]?.message}`;
  } catch {
    return 'not JSON';
  }
}

async function readRecord(path: string): Promise<ResultFile> {
  const file = await open(path);
  try {
    const read = EvaluationRecord.safeParse(JSON.parse(await file.readFile('utf8')));
    if (read.success) return { kind: 'evaluation', record: read.data };
    const [issue] = read.error.issues;
    throw new Problem('bad_input', `${path}: ${issue?.path.join('.')}: ${issue?.message}`, {
      hint: 'it begins as the record of an evaluation: see whether it is whole, or written by another version',
    });
  } finally {
    await file.close();
  }
}
