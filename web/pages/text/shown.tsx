import { visibleParts } from './hidden.ts';
import { piecesOf, type Range } from './ranges.ts';
import './text.css';

/** Any string of a run: text nodes alone, with signs in the place of what cannot be seen. */
export function Shown({ text, ranges = [] }: { text: string; ranges?: readonly Range[] }) {
  return (
    <>
      {piecesOf(text, ranges).map(({ text: piece, look, tip }) => {
        const nodes = visibleParts(piece).map((part) =>
          typeof part === 'string' ? (
            part
          ) : (
            <span class="hidden-sign" title={`${part.sign} ${part.name}`}>
              {part.sign}
            </span>
          ),
        );
        if (look === '') return nodes;
        return look.split(' ').includes('finding') ? (
          <mark class={look} title={tip}>
            {nodes}
          </mark>
        ) : (
          <span class={look} {...(tip === '' ? {} : { title: tip })}>
            {nodes}
          </span>
        );
      })}
    </>
  );
}

/** Longest line that is broken into lines of the page; laying out a longer one takes seconds. */
const longestWrapped = 10_000;

/** A text with its line ends, in a type where columns align. */
export function Lines({ text, ranges = [] }: { text: string; ranges?: readonly Range[] }) {
  return (
    <pre class={hasLongLine(text) ? 'lines long' : 'lines'} dir="ltr">
      <Shown text={text} ranges={ranges} />
    </pre>
  );
}

function hasLongLine(text: string): boolean {
  let from = 0;
  while (text.length - from > longestWrapped) {
    const end = text.indexOf('\n', from);
    if (end === -1 || end - from > longestWrapped) return true;
    from = end + 1;
  }
  return false;
}
