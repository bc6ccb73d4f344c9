import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, the longest first: begun last, one of them would keep all but one process idle at the end. */
const longest = [
  'schedules',
  'gate',
  'evaluation',
  'verify',
  'campaign',
  'kubernetes',
  'training',
  'two-homes',
  'release',
  'lifecycle',
  'tls',
  'hostile',
  'server-trouble',
  'ensure-environment',
  'pages',
  'run-page',
].map((name) => `${name}.integration.test.ts`);

/** Begins with the files known to be long; the others follow as vitest would take them. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const place = ({ moduleId }: TestSpecification) => [...longest, basename(moduleId)].indexOf(basename(moduleId));
    return sorted.toSorted((a, b) => place(a) - place(b));
  }
}
