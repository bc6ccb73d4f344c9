import Anser from 'anser';
import type { Range } from './ranges.ts';

/** Commands to a terminal other than for colours: titles, links, moves of the cursor. ESC or C1 forms, ended or cut. */
const otherCommands = new RegExp(
  [
    String.raw`(?:\u001b\]|\u009d)[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c|$)`,
    String.raw`(?:\u001b[PX^_]|[\u0090\u0098\u009e\u009f])[^\u001b\u009c]*(?:\u001b\\|\u009c|$)`,
    String.raw`(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-ln-~]`,
    String.raw`\u001b[ -/]+[0-~]`,
    String.raw`\u001b[0-OQ-WYZ=>]`,
  ].join('|'),
  'g',
);

/** What a terminal printed as a text, and the looks of its parts. A carriage return begins a new line: nothing is hidden. */
export function terminalText(text: string): { text: string; ranges: Range[] } {
  const plain = text.replace(otherCommands, '').replace(/\r+\n/g, '\n').replace(/\r/g, '\n');
  if (!plain.includes('\u001b[')) return { text: plain, ranges: [] };
  let shown = '';
  const ranges: Range[] = [];
  for (const { content, fg, bg, decorations } of Anser.ansiToJson(plain, { use_classes: true, remove_empty: true })) {
    const looks = [colour(fg), bg === null || bg === undefined ? '' : 'on', ...(decorations ?? []).map((name) => `ansi-${name}`)].filter(
      Boolean,
    );
    if (looks.length > 0) ranges.push({ start: shown.length, end: shown.length + content.length, look: looks.join(' ') });
    shown += content;
  }
  return { text: shown, ranges };
}

/** Of the sixteen colours that have a class; others are shown as plain text. */
function colour(name: string | null | undefined): string {
  return /^ansi-(?:bright-)?(?:black|red|green|yellow|blue|magenta|cyan|white)$/.test(name ?? '') ? (name ?? '') : '';
}
