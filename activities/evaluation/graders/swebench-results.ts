import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { InstanceId } from '../../../schemas/names.ts';
import { messageOf } from '../../../schemas/problem.ts';
import type { GradedInstance } from './grader.ts';

const names = z.object({ success: z.array(z.string()), failure: z.array(z.string()) });

const InstanceReport = z.object({
  resolved: z.boolean(),
  patch_successfully_applied: z.boolean(),
  infra_failure: z.boolean().default(false),
  infra_failure_reason: z.string().optional(),
  tests_status: z.object({ FAIL_TO_PASS: names, PASS_TO_PASS: names }).optional(),
});

/** The file that a whole run leaves; the same in both versions as far as it is read here. */
export const RunSummary = z.object({
  submitted_ids: z.array(InstanceId),
  completed_ids: z.array(InstanceId),
  resolved_ids: z.array(InstanceId),
  unresolved_ids: z.array(InstanceId),
  empty_patch_ids: z.array(InstanceId),
  error_ids: z.array(InstanceId),
});
export type RunSummary = z.infer<typeof RunSummary>;

/** Names of the files that the package keeps of an instance. */
export const reportFile = 'report.json';
const testOutput = 'test_output.txt';
const instanceLog = 'run_instance.log';

/**
 * The verdict on an instance from the folder that the package left for it. One without a report was not graded: its patch did
 * not apply, its tests took too long, or the machine failed.
 */
export function readGraded(folder: string, instanceId: string): GradedInstance {
  const log = existsSync(join(folder, testOutput)) ? join(folder, testOutput) : null;
  const told = (verdict: GradedInstance['verdict'], detail: string): GradedInstance => ({ verdict, detail, tests: null, log });
  const report = readReport(join(folder, reportFile), instanceId);
  if (typeof report === 'string') return told('infra_error', `the grader's report cannot be read: ${report}`);
  if (report !== undefined) {
    if (report.infra_failure)
      return told('infra_error', `the log shows that the machine failed: ${report.infra_failure_reason ?? 'no reason given'}`);
    const { tests_status: tests } = report;
    const unread = tests === undefined ? 'the grader found no result of a test in the log' : '';
    const passed = [...(tests?.FAIL_TO_PASS.success ?? []), ...(tests?.PASS_TO_PASS.success ?? [])];
    const failed = [...(tests?.FAIL_TO_PASS.failure ?? []), ...(tests?.PASS_TO_PASS.failure ?? [])];
    return {
      verdict: report.resolved ? 'resolved' : 'unresolved',
      detail: unread,
      tests: tests === undefined ? null : { passed, failed },
      log,
    };
  }
  if (log !== null) {
    const timeout = /Timeout error: (\d+) seconds exceeded\.\s*$/.exec(tail(log))?.[1];
    if (timeout !== undefined) return told('test_timeout', `the tests took more than ${timeout} seconds`);
  }
  const events = existsSync(join(folder, instanceLog)) ? readFileSync(join(folder, instanceLog), 'utf8') : '';
  const lastError = events.trimEnd().split('\n').at(-1) ?? '';
  if (log === null && events.includes('>>>>> Patch Apply Failed'))
    return told('patch_apply_failed', 'git did not apply the patch in any way');
  return told('infra_error', `the grader ended without a report${lastError === '' ? '' : `: ${lastError.slice(0, 300)}`}`);
}

/** Undefined where there is none, a text where it cannot be read. */
function readReport(path: string, instanceId: string): z.infer<typeof InstanceReport> | string | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return (
      z.object({ [instanceId]: InstanceReport }).parse(JSON.parse(readFileSync(path, 'utf8')))[instanceId] ?? 'it is of another instance'
    );
  } catch (error) {
    return messageOf(error).slice(0, 300);
  }
}

/** The last kilobyte of a file that may be large. */
function tail(path: string): string {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, 1024));
    readSync(file, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString('utf8');
  } finally {
    closeSync(file);
  }
}
