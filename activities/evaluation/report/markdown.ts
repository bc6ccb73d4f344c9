import type { EvaluationFigures } from '../../../schemas/evaluation-figures.ts';
import type { Block, Column, Section } from './blocks.ts';
import { reportSections } from './sections.ts';
import { comparison } from './sections/comparison.ts';

/** The report as Markdown whose tables are aligned, so that it reads well in a terminal as it is. */
export function markdownReport(figures: EvaluationFigures): string {
  return markdownPage(`Evaluation ${figures.name}`, reportSections(figures));
}

export function markdownPage(name: string, sections: readonly Section[]): string {
  return `${[`# ${escaped(name)}`, ...sections.map(sectionText)].join('\n\n')}\n`;
}

/** What the report says of the comparison alone; empty without one. */
export function comparisonText(figures: EvaluationFigures): string {
  return comparison(figures).map(sectionText).join('\n\n');
}

function sectionText({ title, blocks }: Section): string {
  return [`## ${escaped(title)}`, ...blocks.flatMap(blockText)].join('\n\n');
}

function blockText(block: Block): string[] {
  if (block.kind === 'picture') return [];
  if (block.kind === 'text') return [wrapped(escaped(block.text), 100)];
  if (block.kind === 'list') return [block.items.map((item) => `- ${escaped(item)}`).join('\n')];
  return [`**${escaped(block.caption)}**`, tableText(block.columns, block.rows)];
}

function tableText(columns: readonly Column[], rows: readonly string[][]): string {
  const lines = [columns.map(({ title }) => cell(title)), ...rows.map((row) => row.map(cell))];
  const widths = columns.map((_, index) => Math.max(3, ...lines.map((line) => [...(line[index] ?? '')].length)));
  const shown = lines.map(
    (line) => `| ${line.map((content, index) => pad(content, widths[index] ?? 0, columns[index]?.align)).join(' | ')} |`,
  );
  const rule = `| ${columns.map(({ align }, index) => `${'-'.repeat((widths[index] ?? 3) - 1)}${align === 'right' ? ':' : '-'}`).join(' | ')} |`;
  return [shown[0], rule, ...shown.slice(1)].join('\n');
}

function pad(content: string, width: number, align: Column['align'] = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - [...content].length));
  return align === 'right' ? space + content : content + space;
}

function cell(content: string): string {
  return escaped(content).replaceAll('|', String.raw`\|`);
}

/** Names come from files of others: they must start no HTML, link or line of their own. */
function escaped(content: string): string {
  return content.replaceAll(/[\r\n\t]+/g, ' ').replaceAll(/[\\`*<[\]]/g, String.raw`\$&`);
}

function wrapped(content: string, width: number): string {
  const lines = [''];
  for (const word of content.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join('\n');
}
