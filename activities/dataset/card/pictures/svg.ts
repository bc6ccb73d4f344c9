/** Attributes of an element; numbers are written with at most two decimals. */
type Attributes = Record<string, string | number>;

export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? rounded(value) : escaped(value)}"`,
  );
  return children.length === 0 ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${children.join('')}</${name}>`;
}

/** Text of an element. What XML does not allow in any form becomes U+FFFD. */
export function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** About how wide a text is at 12 px in a font without serifs; a little too wide rather than too narrow. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text)
    width += /[\u1100-\uFFDC\u{1F000}-\u{3FFFF}]/u.test(character) ? 12.5 : /[mwMW@%]/.test(character) ? 10.5 : 6.9;
  return width;
}

/** The beginning of a text with an ellipsis where it would be wider. */
export function fitted(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const characters = [...text];
  while (characters.length > 1 && widthOf(`${characters.join('')}…`) > width) characters.pop();
  return `${characters.join('')}…`;
}

/** 1234567 → 1,234,567 */
export function grouped(count: number): string {
  return new Intl.NumberFormat('en').format(count);
}

/** 12345 → 12.3K, for the marks of an axis. */
export function compacted(count: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(count);
}
