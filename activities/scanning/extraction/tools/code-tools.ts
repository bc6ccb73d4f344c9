import { nameTable } from '../../../../schemas/name-table.ts';
import type { Language } from '../inner-program.ts';
import type { Action } from './action.ts';
import { codeNames } from './argument-names.ts';
import { localPath } from './file-tools.ts';
import { surroundings } from './shell-tools.ts';
import type { ToolCall } from './tool-call.ts';

const languages: Record<string, Language | 'cell' | 'shell'> = nameTable({
  python: 'cell',
  python3: 'cell',
  py: 'cell',
  ipython: 'cell',
  jupyter: 'cell',
  notebook: 'cell',
  bash: 'shell',
  sh: 'shell',
  shell: 'shell',
  node: 'javascript',
  nodejs: 'javascript',
  javascript: 'javascript',
  js: 'javascript',
  typescript: 'javascript',
  ts: 'javascript',
  deno: 'javascript',
  bun: 'javascript',
  ruby: 'ruby',
  irb: 'ruby',
  julia: 'ruby',
  perl: 'perl',
  php: 'php',
  lua: 'lua',
  tcl: 'tcl',
  awk: 'awk',
  r: 'compiled',
  rscript: 'compiled',
  go: 'compiled',
  rust: 'compiled',
  java: 'compiled',
  c: 'compiled',
  cpp: 'compiled',
});
const programs: Partial<Record<Language | 'cell' | 'shell', string>> = {
  cell: 'python',
  shell: 'bash',
  javascript: 'node',
  ruby: 'ruby',
  perl: 'perl',
  php: 'php',
  lua: 'lua',
};
const codeWords = [
  'python',
  'ipython',
  'jupyter',
  'notebook',
  'interpreter',
  'repl',
  'cell',
  'kernel',
  'code',
  'script',
  'node',
  'javascript',
  'js',
  'typescript',
  'ruby',
  'perl',
  'php',
  'julia',
  'rscript',
];
const looseNames = ['input', 'text', 'command', 'content', 'query', 'value', 'body', 'commands', 'block', 'data', 'arguments'];

/** Whether a tool runs programs of a language, by its name. */
export function runsCode({ words }: ToolCall): boolean {
  return codeWords.some((word) => words.has(word));
}

/** Tools that run programs in a language: the program may be an argument of whatever name. */
export function codeActions(call: ToolCall): Action[] | undefined {
  const { args, words } = call;
  if (putsCodeIntoFile(call)) return undefined;
  const named = runsCode(call);
  const language = args.text('language', 'lang', 'runtime', 'kernel', 'interpreter', 'codelanguage', 'kernelname');
  const asks = language !== undefined && languages[language.toLowerCase()] !== undefined;
  const key = codeNames.find((name) => args.texts(name).length > 0);
  if (!named && !asks && key === undefined) return undefined;
  if (key === undefined && !named) return undefined;
  const kind = languageOf(call, language);
  const code = args.texts(...(key === undefined ? [] : [key]), ...(named || asks ? looseNames : [])).join('\n');
  if (code.trim() !== '') return [...surroundings(args), ...programIn(kind, code)];
  const file = args.text('path', 'filepath', 'file', 'filename', 'scriptpath', 'scriptfile', 'absolutepath', 'modulepath');
  const program = programs[kind];
  const looks = ['read', 'edit', 'view', 'open', 'show', 'get', 'search', 'find', 'list', 'write', 'create', 'save', 'item'];
  if (file === undefined || program === undefined || looks.some((word) => words.has(word))) return undefined;
  return [...surroundings(args), { kind: 'argv', argv: [program, localPath(file), ...args.texts('args', 'arguments', 'argv')] }];
}

/** An editor whose text is called code. */
function putsCodeIntoFile({ args, words }: ToolCall): boolean {
  const edits = words.has('edit') || words.has('insert') || words.has('update') || words.has('replace');
  return edits && words.has('file') && args.text('path', 'filepath', 'file', 'filename', 'targetfile', 'absolutepath') !== undefined;
}

function languageOf({ words, args }: ToolCall, given: string | undefined): Language | 'cell' | 'shell' {
  const asked = given === undefined ? undefined : languages[given.toLowerCase()];
  if (asked !== undefined) return asked;
  const named = [...words].map((word) => languages[word]).find((one) => one !== undefined);
  return named ?? (args.has('js') || args.has('javascript') || args.has('jscode') ? 'javascript' : 'cell');
}

/** A program by its language; one of an unknown name that starts like a shell's is for the shell. */
function programIn(kind: Language | 'cell' | 'shell', code: string): Action[] {
  if (kind === 'shell') return [{ kind: 'shell', source: code }];
  if (kind !== 'cell') return [{ kind: 'code', language: kind, code }];
  return [/^#!\s*\S*(?:ba|z|da)?sh\b/.test(code.trimStart()) ? { kind: 'shell', source: code } : { kind: 'cell', code }];
}
