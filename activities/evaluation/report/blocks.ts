/** What a report is made of. The page and the Markdown are two forms of the same blocks, so they show the same figures. */
export type Block =
  | { kind: 'text'; text: string }
  | { kind: 'list'; items: string[] }
  | { kind: 'table'; caption: string; columns: Column[]; rows: string[][] }
  /** Shows what a table of the same section says in words and numbers; left out of Markdown. */
  | { kind: 'picture'; svg: string; caption: string };

export interface Column {
  title: string;
  align: 'left' | 'right';
}

export interface Section {
  title: string;
  blocks: Block[];
}

/** Titles that begin with `>` belong to numbers, which read better on the right. */
export function table(caption: string, titles: readonly string[], rows: string[][]): Block {
  const columns = titles.map(
    (title): Column => (title.startsWith('>') ? { title: title.slice(1), align: 'right' } : { title, align: 'left' }),
  );
  return { kind: 'table', caption, columns, rows };
}

export function text(content: string): Block {
  return { kind: 'text', text: content };
}
