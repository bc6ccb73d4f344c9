import { describe, expect, it } from 'vitest';
import { Tokenizer } from '@huggingface/tokenizers';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installedFile, openStudentTokenizer } from '../../activities/rendering/student-tokenizer.ts';
import { randomText } from './random-texts.ts';
import { randomNumbers } from '../chaos/seeded.ts';
import { scratchFolder } from '../scratch-folder.ts';

const tokenizer = await openStudentTokenizer();
const library = new Tokenizer(JSON.parse(readFileSync(installedFile(), 'utf8')), {});

describe('tokens of a text', () => {
  it.each([
    "I'LL go, they've\n\n  x\t y \r\n123",
    'é e\u0301 \u1e9b\u0323 ﬁ \u212b 각',
    '<|im_start|>assistant\n<think>\nHm.</think>\n\n<tool_call>{}</tool_call><|im_end|>\n',
    'a\u0000b\u2028c\u0085d\ufeffe\u00a0\u3000 f',
    '👩‍👩‍👧‍👦🇩🇪 ٣४ ½ ',
    ' \n \r\n\r\n   end  ',
    'x'.repeat(3000) + ' ' + '='.repeat(500),
    // Around the longest word that is kept, of one and of three bytes a unit.
    [127, 128, 129]
      .map((length) => `${'ab'.repeat(length).slice(0, length)} ${'='.repeat(length)}\n${'中'.repeat(length)} `)
      .join('')
      .repeat(2),
    '',
  ])('are those of the library: %j', (text) => {
    expect(tokenizer.ids(text)).toEqual(library.encode(text, { add_special_tokens: false }).ids);
    expect(tokenizer.count(text)).toBe(tokenizer.ids(text).length);
  });

  it('are those of the library in texts made at random', () => {
    for (let seed = 1; seed <= 150; seed += 1) {
      const text = randomText(randomNumbers(seed), seed % 20 === 0 ? 2000 : 60);
      expect(tokenizer.ids(text), `seed ${seed}`).toEqual(library.encode(text, { add_special_tokens: false }).ids);
    }
  });

  it('are the same after the table of words began anew', () => {
    const sign = (number: number) => String.fromCodePoint(0x4e00 + number);
    const many = Array.from({ length: 140_000 }, (_, index) => ` ${sign(index % 400)}${sign(Math.floor(index / 400))}`).join('');
    const before = tokenizer.ids(many.slice(0, 2000));
    expect(tokenizer.count(many)).toBeGreaterThan(140_000);
    expect(tokenizer.ids(many.slice(0, 2000))).toEqual(before);
  });

  it('are trained if any of their text is', () => {
    const text = 'assistant\n \nSo, e\u0301 it goes<|im_end|>\nrest';
    const from = 'assistant\n'.length;
    const rendered = { text, trained: [[from, text.indexOf('\nrest')]] as const };
    const { ids, mask } = tokenizer.encode(rendered);
    const trained = ids.filter((_, index) => mask[index] === 1);
    // The line end of the header and the blank line after it are one token.
    expect(library.decode(trained, { skip_special_tokens: false })).toBe('\n \nSo, é it goes<|im_end|>');
    expect(tokenizer.counts(rendered)).toEqual({ tokens: ids.length, trained_tokens: trained.length });
  });
});

describe('a tokenizer file', () => {
  it('that is another one is refused', async () => {
    const file = join(scratchFolder('tokenizer'), 'tokenizer.json');
    writeFileSync(file, '{}');
    await expect(openStudentTokenizer(file)).rejects.toMatchObject({ code: 'tokenizer_differs' });
    await expect(openStudentTokenizer(`${file}.not`)).rejects.toMatchObject({ code: 'tokenizer_missing' });
  });
});
