import { describe, expect, it } from 'vitest';
import type { Call } from '../../../activities/scanning/conversation.ts';
import { markPassages } from '../../../activities/scanning/memory/marked-passages.ts';
import { sentencesOf } from '../../../activities/scanning/memory/sentences.ts';
import { spokenPassages } from '../../../activities/scanning/memory/spoken-passages.ts';

const call = (name: string, args: Record<string, unknown>): Call => ({ name, args, raw: JSON.stringify(args), observation: '' });
const said = (name: string, args: Record<string, unknown>) =>
  spokenPassages({ content: '', reasoning: '', calls: [call(name, args)] }).map(({ where, text }) => [where, text]);

describe('what a model says in its own words', () => {
  it('is its reasoning, its reply and calls that only talk', () => {
    const turn = { content: 'Done.', reasoning: 'The loop ends early.', calls: [call('think', { thought: 'One more case.' })] };
    expect(spokenPassages(turn)).toEqual([
      { where: 'reasoning', call: 0, text: 'The loop ends early.' },
      { where: 'reply', call: 0, text: 'Done.' },
      { where: 'think_call', call: 0, text: 'One more case.' },
    ]);
  });

  it.each([
    ['git commit -m "Close the file" -m "It leaked."', ['Close the file', 'It leaked.']],
    ["cd a && git commit -qam 'Close the file'", ['Close the file']],
    ['git commit --message="Close \\"a\\""', ['Close "a"']],
    ['git commit -m "$(cat <<\'EOF\'\nClose the file\n\nIt leaked.\nEOF\n)"', ['Close the file\n\nIt leaked.']],
    ["git commit -F - <<'X'\nClose the file\nX", ['Close the file']],
    ['grep -m "1" a.txt', []],
  ])('holds the messages of %s', (command, messages) => {
    expect(said('bash', { command }).filter(([where]) => where === 'commit_message')).toEqual(
      messages.map((text) => ['commit_message', text]),
    );
  });

  it('holds comments that are new in a file', () => {
    expect(
      said('str_replace_editor', {
        command: 'str_replace',
        path: 'a.py',
        old_str: '# old words\nx = 1',
        new_str: '# old words\nx = 2  # two of them\n# a block\n# of two lines\n"""What it does.\n\nIn detail."""',
      }),
    ).toEqual([
      ['code_comment', 'two of them\na block\nof two lines\nWhat it does.'],
      ['code_comment', 'What it does.\n\nIn detail.'],
    ]);
    expect(said('write_file', { path: 'a.c', content: '/* one\n * two\n */\nint a; // three\n#include <a.h>' })).toEqual([
      ['code_comment', 'one\ntwo'],
      ['code_comment', 'three'],
    ]);
  });
});

describe('sentences', () => {
  it.each([
    ['One. Two! "Three?" four', ['One.', 'Two!', '"Three?"', 'four']],
    ['In 3.1 a.b() e.g. reads x. Then y', ['In 3.1 a.b() e.g. reads x.', 'Then y']],
    ['- one\n- two', ['- one', '- two']],
    ['これは一つ。これは二つ！', ['これは一つ。', 'これは二つ！']],
    ['| a | 1.2 |\n| b | 3. |\nEnd of `a. b` here.', ['End of `a. b` here.']],
    ['', []],
  ])('of %j', (text, sentences) => {
    expect(sentencesOf(text).map((sentence) => sentence.text)).toEqual(sentences);
  });

  it('say where they begin', () => {
    const text = '  One.  Two.\n\nThree';
    for (const sentence of sentencesOf(text)) expect(text.slice(sentence.start).startsWith(sentence.text)).toBe(true);
  });
});

describe('marked passages', () => {
  it('say where they stand', () => {
    const reasoning = 'The loop ends early. Upstream solved it with a flag. Let me look.';
    const [marked, ...others] = markPassages([{ role: 'assistant', content: 'Ok.', reasoning_content: reasoning }], {
      preset: 'follow-up',
    });
    expect(others).toEqual([]);
    expect(marked).toMatchObject({ turn: 0, call: 0, where: 'reasoning', text: 'Upstream solved it with a flag.', context: reasoning });
  });
});
