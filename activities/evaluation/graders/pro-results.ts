import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import type { GradedInstance } from './grader.ts';

const Results = z.record(z.string(), z.boolean());
const Tests = z.object({ tests: z.array(z.object({ name: z.string(), status: z.string() })) });
/** Newer revisions keep what the machine failed apart, as a list or by instance. */
const InfraErrors = z.union([z.array(z.string()), z.record(z.string(), z.unknown())]);

/** What git and patch say of a patch that does not fit; the program goes on with the untouched repository. */
const notApplied =
  /^error: (?:patch failed|corrupt patch|.*: patch does not apply|.*: No such file or directory|No valid patches in input)/m;

export interface ProOutput {
  /** Instance id → the program's answer. */
  results: Readonly<Record<string, boolean>>;
  infraErrors: ReadonlySet<string>;
}

/** Throws `Problem` grader_failed where there is no result. */
export function readProOutput(folder: string): ProOutput {
  const path = join(folder, 'eval_results.json');
  try {
    const results = Results.parse(JSON.parse(readFileSync(path, 'utf8')));
    const errors = join(folder, 'infra_errors.json');
    const listed = existsSync(errors) ? InfraErrors.parse(JSON.parse(readFileSync(errors, 'utf8'))) : [];
    return { results, infraErrors: new Set(Array.isArray(listed) ? listed : Object.keys(listed)) };
  } catch (error) {
    const reason = existsSync(path) ? messageOf(error) : 'it wrote none';
    throw new Problem('grader_failed', `the results of SWE-bench Pro’s program cannot be read: ${reason}`, { hint: `look at ${folder}` });
  }
}

/**
 * The verdict on an instance; undefined where the program says nothing of it. The program scores a patch that does not apply, and
 * older revisions everything that the machine failed, as a plain failure: both are told from its files.
 */
export function proVerdict(folder: string, instanceId: string, { results, infraErrors }: ProOutput): GradedInstance | undefined {
  const files = (name: string) => globSync(join(instanceId, `*_${name}`), { cwd: folder }).map((file) => join(folder, file));
  const [log = null] = files('stdout.log');
  const resolved = results[instanceId];
  if (infraErrors.has(instanceId))
    return { verdict: 'infra_error', detail: 'the program lists it among what the machine failed', tests: null, log };
  if (resolved === undefined) return undefined;
  const tests = testsOf(files('output.json')[0]);
  if (resolved) return { verdict: 'resolved', detail: '', tests, log };
  const said = [...files('stderr.log'), ...files('stdout.log')].map((file) => readFileSync(file, 'utf8')).join('\n');
  const refused = notApplied.exec(said)?.[0];
  if (refused !== undefined) return { verdict: 'patch_apply_failed', detail: refused, tests, log };
  if (tests === null) return { verdict: 'infra_error', detail: 'the program left no result of its tests', tests, log };
  return { verdict: 'unresolved', detail: '', tests, log };
}

function testsOf(path: string | undefined): GradedInstance['tests'] {
  if (path === undefined) return null;
  try {
    const { tests } = Tests.parse(JSON.parse(readFileSync(path, 'utf8')));
    const named = (passed: boolean) => tests.filter(({ status }) => (status === 'PASSED') === passed).map(({ name }) => name);
    return { passed: named(true), failed: named(false) };
  } catch {
    return null;
  }
}

/** The instances of a file of the program that it left for an earlier run, which it would take again. */
export function instancesIn(folder: string): string[] {
  return globSync('*/*_output.json', { cwd: folder }).map((path) => basename(join(path, '..')));
}
