import { element, escaped, fitted, grouped, widthOf } from './svg.ts';

/** A picture beside the card. */
export interface Picture {
  /** Name of its file in `pictures/`, without `.svg`. */
  name: string;
  title: string;
  /** What it shows, in words and numbers, for those who do not see it. */
  alt: string;
  svg: string;
}

export const width = 760;
export const margin = 20;
/** Where a drawing begins below title and the line under it. */
export const top = 66;

/** Colours that differ in lightness too, and are legible on both grounds. */
const style = `
.ground{fill:#fff;stroke:#d4d8dd}.ink{fill:#1c2024}.soft{fill:#565d66}.grid{stroke:#e3e6ea}.axis{stroke:#8a929c}
.a{fill:#2f6fb3}.b{fill:#e0a23b}.c{fill:#9aa3ad}.line{stroke:#2f6fb3}
text{font:12px system-ui,"Segoe UI","Helvetica Neue",Arial,sans-serif}.title{font-size:15px;font-weight:600}
@media(prefers-color-scheme:dark){.ground{fill:#15181c;stroke:#363c44}.ink{fill:#eceef0}.soft{fill:#a9b1ba}.grid{stroke:#2a3037}
.axis{stroke:#6d757f}.a{fill:#6aa5e3}.b{fill:#e7b65f}.c{fill:#6d757f}.line{stroke:#6aa5e3}}`.trim();

/**
 * A whole picture: title, what its numbers count, drawing. Needs no script and nothing from outside; follows the reader's choice of
 * dark or light.
 */
export function picture(name: string, title: string, counts: string, alt: string, height: number, drawing: string[]): Picture {
  const svg = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-labelledby': `${name}-title ${name}-alt`,
    },
    element('title', { id: `${name}-title` }, escaped(title)),
    element('desc', { id: `${name}-alt` }, escaped(alt)),
    element('style', {}, style),
    element('rect', { class: 'ground', x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 8 }),
    label(title, margin, 28, { class: 'ink title' }),
    label(fitted(counts, width - 2 * margin), margin, 48, { class: 'soft' }),
    ...drawing,
  );
  return { name, title, alt, svg: `${svg}\n` };
}

export function label(text: string, x: number, y: number, attributes: Record<string, string> = {}): string {
  return element('text', { class: 'ink', x, y, ...attributes }, escaped(text));
}

/** What is drawn where there is nothing to show. */
export function emptyPicture(name: string, title: string, counts: string, why: string): Picture {
  return picture(name, title, counts, `${title}: ${why}.`, top + 50, [label(why, margin, top + 20, { class: 'soft' })]);
}

export interface Scale {
  /** Pixels of a value. */
  at: (value: number) => number;
  ticks: number[];
}

/** From 0 to a round number not below `largest`, with about five marks. */
export function scaleTo(largest: number, from: number, to: number): Scale {
  const rough = Math.max(largest, 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? power);
  const end = Math.max(1, Math.ceil(largest / step)) * step;
  const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, number) => number * step);
  return { at: (value) => from + ((to - from) * value) / end, ticks };
}

export function legend(entries: readonly { text: string; colour: string }[], y: number): string[] {
  let x = margin;
  return entries.flatMap(({ text, colour }) => {
    const at = x;
    x += 18 + widthOf(text) + 18;
    return [element('rect', { class: colour, x: at, y: y - 10, width: 12, height: 12, rx: 2 }), label(text, at + 18, y)];
  });
}

/** A count with its noun: 1 row, 2 rows. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}
