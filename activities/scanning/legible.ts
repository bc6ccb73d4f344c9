import { dynamicText } from './extraction/shell-syntax.ts';

/** Text for people, in which what only the running shell knows stands as dots. */
export function legible(text: string): string {
  return text.replaceAll(dynamicText, '…');
}
