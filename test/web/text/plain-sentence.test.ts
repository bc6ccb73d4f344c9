import { lexer } from 'marked';
import { describe, expect, it } from 'vitest';
import { isPlainSentence } from '../../../web/pages/text/plain-sentence.ts';

/** Text of every length from one alphabet of all that means something to Markdown, the same in each run. */
function texts(count: number): string[] {
  const pieces = [...'aZ 1.)-+*_`~#>|!&<:;=/\\@[]("\'\t\n', '  ', 'word', 'www.', 'http://', 'a@b.c', '---', '\u00e9', '&amp;', ': '];
  let state = 7;
  const next = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  return Array.from({ length: count }, () => Array.from({ length: 1 + next(6) }, () => pieces[next(pieces.length)]).join(''));
}

describe('a reply without markup', () => {
  it('is what the lexer reads as one paragraph of that text', () => {
    const plain = [...texts(60_000).filter(isPlainSentence), 'Let me run the tests of this module: 12 of them (2 are slow)!'];
    expect(plain.length).toBeGreaterThan(1000);
    for (const text of plain) {
      const [paragraph, ...others] = lexer(text);
      const inner = paragraph?.type === 'paragraph' ? paragraph.tokens : undefined;
      expect({ text, others, inner: inner?.map(({ type, raw }) => [type, raw]) }).toEqual({ text, others: [], inner: [['text', text]] });
    }
  });

  it('has no sign of any markup', () => {
    const marked = [
      '**bold**',
      'see `code`',
      'a _word_',
      '- item',
      '1. item',
      '# title',
      'a\nb',
      'see www.example.org',
      'at https://example.org',
      'a'.repeat(2000),
    ];
    expect(marked.filter(isPlainSentence)).toEqual([]);
  });
});
