import { Problem } from '../../schemas/problem.ts';
import type { FetchContext } from './archives.ts';
import { openJobContainer } from '../../activities/sandbox/job-container.ts';
import { parseLog } from '../../activities/verification/parse-log.ts';
import { type Recipe, workdirOf } from './recipe.ts';
import type { Assembled } from './repository.ts';

export interface ExpectedTests {
  FAIL_TO_PASS: string[];
  PASS_TO_PASS: string[];
}

/** Runs the later release's tests without and with the fix, each in a fresh container without network. */
export async function findExpectedTests(recipe: Recipe, assembled: Assembled, context: FetchContext): Promise<ExpectedTests> {
  const [before, after] = await Promise.all([
    testStatuses(recipe, assembled, [assembled.test_patch], context),
    testStatuses(recipe, assembled, [assembled.test_patch, assembled.patch], context),
  ]);
  const passing = [...after].filter(([, status]) => status === 'PASSED').map(([name]) => name);
  const expected = {
    FAIL_TO_PASS: passing.filter((name) => before.get(name) !== 'PASSED').sort(),
    PASS_TO_PASS: passing.filter((name) => before.get(name) === 'PASSED').sort(),
  };
  if (expected.FAIL_TO_PASS.length === 0) {
    throw new Problem('demo_no_failing_test', `${recipe.instance_id}: the fix makes no test pass that failed before`, {
      hint: `${before.size} tests were seen before and ${after.size} after, ${passing.length} of them passing`,
    });
  }
  return expected;
}

async function testStatuses(recipe: Recipe, { image }: Assembled, patches: string[], context: FetchContext): Promise<Map<string, string>> {
  const job = await openJobContainer(context.docker, {
    image,
    workdir: workdirOf(recipe),
    network: 'none',
    labels: context.labels,
    signal: context.signal,
  });
  try {
    await job.putFiles(patches.map((patch, i) => [`/tmp/${i}.patch`, patch] as const));
    for (const i of patches.keys()) {
      const applied = await job.exec(`cd ${workdirOf(recipe)} && git apply --whitespace=nowarn /tmp/${i}.patch`, { timeoutMs: 30_000 });
      if (applied.exitCode !== 0) throw new Problem('demo_patch_failed', `${recipe.instance_id}: ${applied.stderr.trim()}`);
    }
    const tests = await job.exec(`cd ${workdirOf(recipe)}\n${recipe.test_cmd.join('\n')}`, { timeoutMs: 180_000 });
    if (tests.timedOut) throw new Problem('demo_tests_hang', `${recipe.instance_id}: the tests ran for more than three minutes`);
    const parsed = parseLog(recipe.log_parser, tests.stdout + tests.stderr);
    if (!parsed.ok) throw new Problem(`demo_${parsed.reason}`, `${recipe.instance_id}: ${parsed.detail}`);
    return parsed.statuses;
  } finally {
    await job.remove();
  }
}
