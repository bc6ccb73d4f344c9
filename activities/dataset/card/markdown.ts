/** A table; what stands in a cell is text, whatever marks it has. */
export function table(head: string[], lines: (string | number)[][]): string {
  const line = (cells: (string | number)[]) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...lines.map(line)].join('\n');
}

/** A text from elsewhere that may not become a mark or a link. */
export function plain(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>&#!~]/g, (mark) => `\\${mark}`);
}
