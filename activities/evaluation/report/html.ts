import type { EvaluationFigures } from '../../../schemas/evaluation-figures.ts';
import type { Block, Column, Section } from './blocks.ts';
import { escapeMarkup } from './escape-markup.ts';
import { percent, range } from './numbers.ts';
import { pageStyle } from './page-style.ts';
import { reportSections } from './sections.ts';

/** The report as one HTML page that asks for nothing from anywhere. */
export function htmlReport(figures: EvaluationFigures): string {
  return htmlPage(`Evaluation ${figures.name}`, figures.cells.map(headline), reportSections(figures));
}

/** One page of sections; each figure of the headline is shown large at its top. */
export function htmlPage(name: string, headlines: readonly Headline[], sections: readonly Section[]): string {
  const title = escapeMarkup(name);
  const links = sections.map(({ title: of }, index) => `<li><a href="#s${index}">${escapeMarkup(of)}</a></li>`).join('');
  const body = sections
    .map(
      ({ title: of, blocks }, index) =>
        `<section aria-labelledby="s${index}">\n<h2 id="s${index}">${escapeMarkup(of)}</h2>\n${blocks.map(blockMarkup).join('\n')}\n</section>`,
    )
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="headline">${headlines.map(headlineMarkup).join('')}</p>
<nav aria-label="Sections"><ul>${links}</ul></nav>
</header>
<main>
${body}
</main>
</body>
</html>
`;
}

/** A figure, what it is of, and how sure it is. */
export interface Headline {
  figure: string;
  of: string;
  detail: string;
}

function headline({ harness, mode, rate, interval }: EvaluationFigures['cells'][number]): Headline {
  return { figure: percent(rate.mean), of: `${harness}/${mode}`, detail: range(interval) };
}

function headlineMarkup({ figure, of, detail }: Headline): string {
  return `<span class="cell"><b>${escapeMarkup(figure)}</b> ${escapeMarkup(of)} <small>${escapeMarkup(detail)}</small></span>`;
}

function blockMarkup(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<p>${escapeMarkup(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escapeMarkup(item)}</li>`).join('')}</ul>`;
    case 'picture':
      return `<figure>${block.svg}<figcaption>${escapeMarkup(block.caption)}</figcaption></figure>`;
    case 'table':
      return tableMarkup(block.caption, block.columns, block.rows);
  }
}

/** Wide tables scroll inside a frame of their own, which the keyboard reaches. */
function tableMarkup(caption: string, columns: readonly Column[], rows: readonly string[][]): string {
  const side = (index: number) => (columns[index]?.align === 'right' ? ' class="number"' : '');
  const head = columns.map(({ title }, index) => `<th scope="col"${side(index)}>${escapeMarkup(title)}</th>`).join('');
  const lines = rows.map((row) => {
    const cells = row.map((content, index) =>
      index === 0 ? `<th scope="row">${escapeMarkup(content)}</th>` : `<td${side(index)}>${escapeMarkup(content)}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeMarkup(caption)}"><table><caption>${escapeMarkup(caption)}</caption>
<thead><tr>${head}</tr></thead>
<tbody>${lines.join('\n')}</tbody></table></div>`;
}
