/** Characters that show nothing, or turn others round: controls, formats (bidi, zero width, tags), lone surrogates, separators. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** A name with everything in it seen: characters that show nothing, or turn others round, as their number. */
export function visibleName(text: string): string {
  return text.replace(unseen, (character) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
}

/** A name of at most `most` characters, and how long it is where that is more. */
export function clippedName(text: string, most: number): string {
  if (text.length <= most) return visibleName(text);
  return `${visibleName(text.slice(0, most))}… (${text.length} characters)`;
}
