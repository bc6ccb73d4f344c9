import { expect, it } from 'vitest';
import { literalText } from '../../../activities/scanning/extraction/literal-text.ts';

it.each([
  ['git log\\n', 'git log\n'],
  // An escaped backslash is one character, whatever stands behind it.
  ['C:\\\\new', 'C:\\new'],
  ['\\x67it \\u006cog', 'git log'],
  ['say \\"a\\" \\$HOME a\\/b', 'say "a" $HOME a/b'],
  ['one \\\nline', 'one line'],
])('%j stands for %j', (written, meant) => expect(literalText(written)).toBe(meant));

it('keeps an escape that it does not know, or its character alone', () => {
  expect(literalText('a\\d+\\.b')).toBe('a\\d+\\.b');
  expect(literalText('a\\d+\\.b', { bare: true })).toBe('ad+.b');
});
