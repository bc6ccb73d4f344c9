import { baseName } from '../extraction/base-name.ts';
import type { Removal } from './change.ts';
import type { Role } from './file-role.ts';

const substitution = /^[sy]([/|#,!])((?:(?!\1)[^\\]|\\.)*)\1((?:(?!\1)[^\\]|\\.)*)\1/;

/** What programs do that rename by a pattern: `rename 's/_test.go$/.off/' *_test.go`, `rename .test.js .off *.test.js`. */
export function renamed(words: readonly string[]): Removal[] {
  const [first = '', second = ''] = words;
  const step = substitution.exec(first);
  const plain = (text = '') => text.replace(/\\(.)/g, '$1').replace(/[$^]/g, '');
  const [was, is] = step === null ? [first, second] : [plain(step[2]), plain(step[3])];
  const files = words.slice(step === null ? 2 : 1);
  if (files.length === 0) return was === '' || is === '' ? [] : [{ path: was, how: 'moved', to: is }];
  return files.flatMap((path): Removal[] => (path.includes(was) ? [{ path, how: 'moved', to: path.replace(was, () => is) }] : []));
}

/** Whether a test of another name now stands where one was that a runner finds. */
export function standsForOther(from: string, to: string, role: Role): boolean {
  const [one, other] = [baseName(from), baseName(to)];
  return role === 'test' && one !== other && foundByName.test(one) && foundByName.test(other) && !one.includes(other.replace(/\.\w+$/, ''));
}

const foundByName = /^test_\w+\.py$|[._-](?:test|spec)\.\w+$|(?:Test|Spec)s?\.\w+$/;
