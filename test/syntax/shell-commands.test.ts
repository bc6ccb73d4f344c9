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

  it.each([
    ['brackets', '$(('.repeat(20_000)],
    ['subshells', '('.repeat(100_000)],
    ['quotes in substitutions', '"$('.repeat(50_000)],
    ['arithmetic that is none', `${'$(( '.repeat(150)}a${' ) )'.repeat(150)}\nls`],
    ['here-documents', 'cat <<A\n'.repeat(20_000)],
  ])('of endless %s are read in no time', (_what, text) => {
    const started = performance.now();
    shellCommands(text);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
