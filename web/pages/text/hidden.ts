/**
 * Characters that a reader would not see, or that reorder what is seen: controls, marks of direction, blanks without width,
 * tags, fillers, selectors of variants other than those of emoji. Line ends of both kinds and tabs are none.
 */
const hidden =
  /(?!\t|\r?\n|\ufe0f)(?!(?<=\p{Extended_Pictographic}\p{Emoji_Modifier}?\ufe0f?)\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

const names: Record<number, string> = {
  0: 'null',
  0x07: 'bell',
  0x08: 'backspace',
  0x0d: 'carriage return',
  0x1b: 'escape',
  0xad: 'soft hyphen',
  0x200b: 'zero width space',
  0x200c: 'zero width non-joiner',
  0x200d: 'zero width joiner',
  0x200e: 'left-to-right mark',
  0x200f: 'right-to-left mark',
  0x202a: 'left-to-right embedding',
  0x202b: 'right-to-left embedding',
  0x202c: 'pop directional formatting',
  0x202d: 'left-to-right override',
  0x202e: 'right-to-left override',
  0x2066: 'left-to-right isolate',
  0x2067: 'right-to-left isolate',
  0x2068: 'first strong isolate',
  0x2069: 'pop directional isolate',
  0xfeff: 'byte order mark',
};

/** Signs in one text that are nodes of their own; those behind stand as plain text. */
const mostSigns = 3000;

/** A text in parts: what is shown as it is, and characters that need a sign in their place; the same one again and again is one sign. */
export function visibleParts(text: string): (string | { sign: string; name: string })[] {
  const parts: (string | { sign: string; name: string })[] = [];
  let from = 0;
  let run = { character: '', count: 0 };
  const endRun = () => {
    if (run.count > 0) parts.push(signOf(run.character, run.count));
    run = { character: '', count: 0 };
  };
  for (const { index, 0: character } of text.matchAll(hidden)) {
    if (index > from || character !== run.character) endRun();
    if (parts.length >= mostSigns) return [...parts, plainSigns(text.slice(from))];
    if (index > from) parts.push(text.slice(from, index));
    run = { character, count: run.count + 1 };
    from = index + character.length;
  }
  endRun();
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

function signOf(character: string, count: number): { sign: string; name: string } {
  const code = character.codePointAt(0) ?? 0;
  const times = count > 1 ? ` ×${count}` : '';
  return { sign: `${numberOf(code)}${times}`, name: names[code] ?? 'a character that is not seen' };
}

function plainSigns(text: string): string {
  return text.replace(hidden, (character) => `⟨${numberOf(character.codePointAt(0) ?? 0)}⟩`);
}

function numberOf(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
