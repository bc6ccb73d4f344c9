import { nameTable } from '../../../schemas/name-table.ts';
import type { Language } from './inner-program.ts';
import { notebookLines } from './notebook-lines.ts';

/** A piece of a notebook's cell by what runs it. */
export type CellPiece =
  | { kind: 'shell'; source: string }
  | { kind: 'code'; language: Language; code: string }
  | { kind: 'write'; path: string; text: string; append: boolean }
  /** A kind of cell that is not known here. */
  | { kind: 'unknown'; magic: string; text: string };

const shellCells = /^(?:bash|sh|zsh|shell|system|sx|!|cmd|powershell|pwsh|terminal|ksh|dash)$/;
const shownCells = /^(?:html|latex|markdown|svg|svgbob|mermaid|css|typst)$/;
const sameCells =
  /^(?:capture|time|timeit|prun|python|python3|pypy|python2|px|debug|snakeviz|memit|mprun|lprun|heat|ipytest|run_pytest|skip|ai_ignore|local|cache|async_run|notify|wandb|matplotlib)$/;
const codeCells: Record<string, Language> = nameTable({
  javascript: 'javascript',
  js: 'javascript',
  node: 'javascript',
  ruby: 'ruby',
  perl: 'perl',
  php: 'php',
  lua: 'lua',
  r: 'compiled',
  julia: 'ruby',
  cython: 'python',
});

/** Takes a cell apart at its `%%` lines; what stands before the first one is Python. */
export function cellPieces(code: string): CellPiece[] {
  const text = code.replaceAll('\r\n', '\n');
  if (!text.includes('%%')) return python(text);
  const starts = [...text.matchAll(/^[ \t]*%%([\w!]+)(?:[ \t]+(.*))?$/gm)];
  const pieces = python(text.slice(0, starts[0]?.index ?? text.length));
  for (const [at, match] of starts.entries()) {
    const from = match.index + match[0].length + 1;
    const end = starts[at + 1]?.index ?? text.length;
    pieces.push(...magicCell((match[1] ?? '').toLowerCase(), (match[2] ?? '').trim(), text.slice(from, end)));
  }
  return pieces;
}

function magicCell(magic: string, line: string, body: string): CellPiece[] {
  if (shellCells.test(magic))
    return [{ kind: 'shell', source: magic === 'sx' || magic === '!' || magic === 'system' ? `${line}\n${body}` : body }];
  if (magic === 'script') {
    const program = line.replace(/^(?:--(?:bg|no-raise-error)\s+|--(?:out|err|proc)[\s=]\S+\s+)*/, '');
    return [{ kind: 'shell', source: `${program === '' ? 'sh' : program} <<'TM_CELL_END'\n${body}\nTM_CELL_END\n` }];
  }
  if (magic === 'writefile' || magic === 'file') {
    const words = line.split(/\s+/);
    const path = words.find((word) => !word.startsWith('-')) ?? '';
    return path === ''
      ? []
      : [{ kind: 'write', path: path.replace(/^["']|["']$/g, ''), text: body, append: words.includes('-a') || words.includes('--append') }];
  }
  if (shownCells.test(magic)) return [];
  const language = codeCells[magic];
  if (language !== undefined) return [{ kind: 'code', language, code: body }];
  if (sameCells.test(magic))
    return python(/^(?:time|timeit|prun|memit)$/.test(magic) ? `${line.replace(/^(?:-\S+\s+)*/, '')}\n${body}` : body);
  return [{ kind: 'unknown', magic, text: `${line}\n${body}` }];
}

function python(text: string): CellPiece[] {
  return text.trim() === '' ? [] : [{ kind: 'code', language: 'python', code: notebookLines(text) }];
}
