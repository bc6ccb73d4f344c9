import { describe, expect, it } from 'vitest';
import { shellCommands } from '../../activities/syntax/shell-commands.ts';
import { shellTexts } from './shell-texts.ts';

const commands = (text: string) => shellCommands(text)?.map(({ start, end }) => text.slice(start, end)) ?? null;

describe('the commands of a text', () => {
  it.each(shellTexts)('%j → %i', (text, count) => {
    expect(commands(text)?.length ?? 0).toBe(count);
  });

  it('come with all that belongs to them', () => {
    expect(commands('\n# first\ncat > a <<END && ls\nx\nEND\n\nfor i in 1\ndo a\ndone; b # c\n')).toEqual([
      'cat > a <<END && ls\nx\nEND',
      'for i in 1\ndo a\ndone; b # c',
    ]);
  });

  // Tries within tries would take longer than the universe.
  it.each([
    ['arithmetic', '$(('.repeat(20_000), null],
    ['subshells', '('.repeat(100_000), null],
    ['quotes in substitutions', '"$('.repeat(50_000), null],
    ['arithmetic that is none', `${'$(( '.repeat(150)}a${' ) )'.repeat(150)}\nls`, null],
    ['here-documents', 'cat <<A\n'.repeat(20_000), 1],
  ])('of endless %s are read to an end', (_what, text, count) => {
    expect(commands(text)?.length ?? null).toBe(count);
  });
});
