import { describe, expect, it } from 'vitest';
import { decodeText, encodeText } from '../../../activities/rollout/editor/text-file.ts';

const bytes = (hex: string, before = '', behind = '\n') =>
  Buffer.concat([Buffer.from(before), Buffer.from(hex.replaceAll(' ', ''), 'hex'), Buffer.from(behind)]);
const latin1 = (text: string) => Buffer.from(text, 'latin1');

/** Each text as its encoding has it, from other tools' output. */
const texts: [name: string, content: Buffer, encoding: string, shows: string][] = [
  ['Shift-JIS', bytes('93fa967b8cea82cc8365834c8358836782c582b7', '# '), 'shift_jis', '# 日本語のテキストです\n'],
  ['EUC-JP', bytes('c6fccbdcb8eca4cea5c6a5ada5b9a5c8', '// '), 'euc-jp', '// 日本語のテキスト\n'],
  ['GBK', bytes('d5e2cac7d2bbb8f6b2e2cad4', 'x = 1  # '), 'gb18030', 'x = 1  # 这是一个测试\n'],
  ['Big5', bytes('b36fac4fa440add3b4fab8d5', 'x = 1  # '), 'big5', 'x = 1  # 這是一個測試\n'],
  ['EUC-KR', bytes('c7d1b1b9beee20c5d8bdbac6ae', '/* '), 'euc-kr', '/* 한국어 텍스트\n'],
  ['Windows-1251', bytes('cff0e8e2e5f22c20ece8f0', '# '), 'windows-1251', '# Привет, мир\n'],
  ['KOI8-R', bytes('f0d2c9d7c5d42c20cdc9d2', '# '), 'koi8-r', '# Привет, мир\n'],
  ['Windows-1252', bytes('93', '', 'x'), 'windows-1252', '“x'],
  ['Latin-1', latin1("// début: créée à l'été naïf\n"), 'latin1', "// début: créée à l'été naïf\n"],
  ['Latin-1 of one letter', latin1('é'), 'latin1', 'é'],
  ['Latin-1 in German', latin1('Größe der Straße über Öl\r\n'), 'latin1', 'Größe der Straße über Öl\r\n'],
  [
    'UTF-8 with a byte that is wrong',
    Buffer.concat([Buffer.from('naïve café, Größe '), latin1('é'), Buffer.from('\n')]),
    'damaged-utf8',
    'naïve café, Größe \udce9\n',
  ],
  ['UTF-8', Buffer.from('naïve 日本 🦊\n'), 'utf8', 'naïve 日本 🦊\n'],
];

describe('a text file', () => {
  it.each(texts)('in %s is shown as it reads, and written back byte for byte', (_name, content, encoding, shows) => {
    const file = decodeText(content);
    expect(file).toMatchObject({ encoding, text: shows });
    if (file === null) return;
    expect(encodeText(file, file.text)).toEqual(content);
    // Only what is new differs.
    const longer = encodeText(file, `new line\n${file.text}`);
    expect(longer).toEqual(Buffer.concat([Buffer.from('new line\n'), content]));
  });

  it('takes new text of its own encoding, and refuses what that lacks', () => {
    const japanese = decodeText(bytes('93fa967b8cea82cc8365834c83588367'));
    expect(japanese !== null && encodeText(japanese, '表示テスト')?.toString('hex')).toBe('955c8ea6836583588367');
    expect(japanese !== null && encodeText(japanese, '🦊')).toBeNull();
    const western = decodeText(latin1('é\n'));
    expect(western !== null && encodeText(western, '€')).toBeNull();
  });

  it.each(['utf8', 'damaged-utf8', 'utf16le', 'utf16be'])('in %s takes no half of a character', (encoding) => {
    const file = { text: '', encoding, mark: false, crlf: false };
    expect(encodeText(file, 'a\ud83e')).toBeNull();
    expect(encodeText(file, 'a🦊')).not.toBeNull();
  });

  it('with any bytes that are taken for text keeps them', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      return (seed >> 8) % below;
    };
    let taken = 0;
    for (let round = 0; round < 3000; round += 1) {
      const content = Buffer.from(
        Array.from({ length: random(24) }, () => (random(3) === 0 ? 0x80 + random(0x80) : ([10, 13, 32][random(20)] ?? 32 + random(95)))),
      );
      const file = decodeText(content);
      if (file === null) continue;
      taken += 1;
      expect([content.toString('hex'), encodeText(file, file.text)?.toString('hex')]).toEqual([
        content.toString('hex'),
        content.toString('hex'),
      ]);
    }
    expect(taken).toBeGreaterThan(1000);
  });

  it.each([
    ['an ELF program', bytes('7f454c46020101000000000000000000')],
    ['a PNG picture', bytes('89504e470d0a1a0a0000000d49484452')],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0])],
    ['packed bytes', bytes('1f8b0800010203040506a59c81')],
  ])('is not %s', (_what, content) => {
    expect(decodeText(content)).toBeNull();
  });
});
