import { controlTokens } from '../../activities/rendering/control-tokens.ts';

type Random = () => number;

export function oneOf<T>(random: Random, choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(random() * choices.length)] ?? choices[0];
}

/** Pieces that split or join in ways of their own. */
const pieces = [
  'the',
  ' quick',
  'Brown',
  '_id',
  'x',
  'I',
  "'s",
  "'LL",
  "'\u017f",
  "'",
  "''re",
  ' ',
  '  ',
  '\t',
  '\n',
  '\r\n',
  '\r',
  '\n\n',
  ' \n',
  '\n  ',
  '0',
  '42',
  '٣',
  '½',
  'Ⅻ',
  '.',
  '...',
  ' =',
  '==',
  '){',
  '/* ',
  '—',
  '│',
  '✓',
  '🙂',
  '👩‍👩‍👧‍👦',
  '🇩🇪',
  '𝔸',
  '𝟘',
  '中文',
  ' 日本語',
  'ё',
  'é',
  'e\u0301',
  '\u0301',
  '\u1e9b\u0323',
  'ﬁ',
  '각',
  '\u1100\u1161',
  '\u0000',
  '\u001b[31m',
  '\u0085',
  '\u00a0',
  '\u2028',
  '\u2029',
  '\u3000',
  '\u200b',
  '\u200d',
  '\ufeff',
  '\ufffd',
  '\uffff',
  '\u{10ffff}',
  '\u0958',
  '\u212b',
  'a\u0323\u0307',
  'a\u0307\u0323',
  '<',
  '<|',
  '|>',
  '\\n',
  '"',
  '\\',
  'const value = await read();',
  '    return None\n',
  'https://example.org/?a=1&b=2',
  'deadbeefcafe0123',
  'AAAAAAAAAAAAAAAA',
  '================',
] as const;

/** A text of about so many pieces, in which control tokens may stand. */
export function randomText(random: Random, size: number, withControlTokens = true): string {
  let text = '';
  for (let count = Math.ceil(random() * size); count > 0; count -= 1) {
    const dice = random();
    if (dice < 0.02 && withControlTokens) text += oneOf(random, controlTokens);
    else if (dice < 0.06) text += anyCharacter(random);
    else if (dice < 0.08) text += oneOf(random, pieces).repeat(Math.floor(random() * 40));
    else text += oneOf(random, pieces);
  }
  return text.toWellFormed();
}

function anyCharacter(random: Random): string {
  const code = Math.floor(random() * (random() < 0.8 ? 0x3000 : 0x110000));
  return code >= 0xd800 && code <= 0xdfff ? '?' : String.fromCodePoint(code);
}
