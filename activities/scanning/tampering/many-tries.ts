import { baseName } from '../extraction/base-name.ts';
import { type Change, changedLines, failuresIgnored, type Found } from './change.ts';
import { short } from './short.ts';

/** How often a test that fails is tried again, by names that only runners of tests have. */
const ofRunners =
  /(?:--(?:reruns|rerun-fails|flaky-test-attempts|flaky_test_attempts|retry-tests)|\breruns|\brerunFailingTestsCount|\bretryTimes|\bthis\.retries|\bflaky\(\s*(?:max_runs|reruns)?)["'>]?\s*[=:(\s]\s*(\d+)/;
/** The same by a name that other programs have as well. */
const anyRetry = /(?:^|[\s"'{,.(-])(?:max)?[-_]?(?:retry|retries|attempts)\b["']?\s*(?:[:=(]|\s)\s*(\d+)/i;
const runnersFile = /jest|vitest|playwright|cypress|mocharc|wdio|karma|nextest|ava\.config|testem|rspec/i;
const most = 5;

/** A runner that is told to try a failing test so often that it passes some time. */
export function triedOften(change: Change): Found[] {
  const { put } = changedLines(change);
  const own = runnersFile.test(baseName(change.path));
  for (const line of put) {
    const times = (ofRunners.exec(line) ?? (own ? anyRetry.exec(line) : null))?.[1];
    if (times === undefined || Number(times) < most) continue;
    const before = change.before.split('\n').map((one) => (ofRunners.exec(one) ?? (own ? anyRetry.exec(one) : null))?.[1]);
    if (before.some((one) => one !== undefined && Number(one) >= Number(times) / 2)) continue;
    return [failuresIgnored(`tries failing tests again until they pass: ${short(line)}`)];
  }
  return [];
}
