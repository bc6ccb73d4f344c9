/** Where a sketch of a file leaves out what stays as it is. */
const leftOut = /^\s*(?:#|\/\/|\/\*|--|<!--|;+|%+|\{\/\*)?\s*(?:\.{3}|…).*(?:existing|rest|unchanged|other|keep|remain|same|code).*$/i;

/** Whether a text leaves parts of the file out. */
export function isSketch(text: string): boolean {
  return (text.includes('...') || text.includes('…')) && text.split('\n').some((line) => leftOut.test(line));
}

/**
 * The change that an editor makes of a sketch, by the text that the file had: each passage goes from the first of its
 * lines that stood there, once, to the last. What follows the last one in the sketch takes the place of as many lines
 * of the same block. Undefined where no line tells the place.
 */
export function sketched(old: string, sketch: string): { before: string; after: string } | undefined {
  const lines = old.split('\n');
  const places = new Map<string, number | undefined>();
  for (const [at, line] of lines.entries()) {
    const text = line.trim();
    if (/\w{2}/.test(text)) places.set(text, places.has(text) ? undefined : at);
  }
  const passages: { before: string; after: string }[] = [];
  for (const passage of passagesOf(sketch)) {
    const found = passage.flatMap((line, index) => {
      const at = places.get(line.trim());
      return at === undefined ? [] : [{ at, index }];
    });
    const [first] = found;
    const last = found.at(-1);
    if (first === undefined || last === undefined || last.at < first.at) continue;
    let end = last.at + 1;
    for (let more = passage.length - 1 - last.index; more > 0 && (lines[end] ?? '').trim() !== ''; more -= 1) end += 1;
    passages.push({ before: lines.slice(first.at, end).join('\n'), after: passage.join('\n') });
  }
  return passages.length === 0
    ? undefined
    : { before: passages.map(({ before }) => before).join('\n'), after: passages.map(({ after }) => after).join('\n') };
}

function passagesOf(sketch: string): string[][] {
  const passages: string[][] = [[]];
  for (const line of sketch.split('\n'))
    if (leftOut.test(line)) passages.push([]);
    else if (line.trim() !== '') passages.at(-1)?.push(line);
  return passages.filter((passage) => passage.length > 0);
}
