import type { Removal } from './change.ts';

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
