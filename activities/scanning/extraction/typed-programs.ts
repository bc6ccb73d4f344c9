import { baseName } from './base-name.ts';
import { shownByEditor } from './editor-commands.ts';
import type { Front } from './terminal.ts';

/** Text that was typed into one program. */
export interface TypedProgram {
  to: 'shell' | 'python' | 'javascript' | 'ruby' | 'none';
  text: string;
}

export interface TypedPrograms {
  programs: TypedProgram[];
  /** What is in front after all of it. */
  front: Front;
}

const interactive: [front: Front, program: RegExp][] = [
  [
    'python',
    /^(?:(?:i|b)?python|pypy)[\d.]*(?:\s+-[a-zA-Z]+)*(?:\s+-i\s+\S+)?$|^(?:python[\d.]*\s+(?:-\w+\s+)*-m\s+)?(?:pdb|ipdb|IPython|bpython|ptpython)\b|manage\.py\s+shell(?:_plus)?$|^flask\s+shell$/,
  ],
  ['javascript', /^(?:node|nodejs|bun\s+repl|deno(?:\s+repl)?|ts-node)(?:\s+-[a-z-]+)*$/],
  ['ruby', /^(?:irb|pry|rails\s+c(?:onsole)?|bin\/(?:rails\s+)?console)(?:\s|$)/],
  ['pager', /^(?:less|more|most|man)\s/],
  ['editor', /^(?:vim?|nvim|view|vimdiff|emacs|nano|ed|ex)(?:\s|$)/],
  ['database', /^(?:psql|sqlite3?|mysql|mariadb|duckdb)(?:\s|$)/],
  ['debugger', /^(?:gdb|lldb|rust-gdb)(?:\s|$)/],
];
/** Most lines start none of them: their first words, without figures, and those of what may stand before them. */
const first = new Set(
  'python ipython bpython ptpython pypy pdb ipdb node nodejs bun deno ts-node irb pry rails console less more most man vi vim nvim view vimdiff emacs nano ed ex psql sqlite mysql mariadb duckdb gdb lldb rust-gdb manage.py flask sudo env exec command rlwrap winpty poetry uv pipenv'.split(
    ' ',
  ),
);

const leaves: Partial<Record<Front, RegExp>> = {
  python: /^\s*(?:exit|quit)\s*(?:\(\s*\d*\s*\))?\s*;?\s*$|^\s*(?:q|%exit|%quit)\s*$/,
  javascript: /^\s*(?:\.exit|process\.exit\(.*\))\s*;?$/,
  ruby: /^\s*(?:exit|quit|exit!)\s*$/,
  pager: /^\s*:?[qQ]\s*$/,
  editor: /:(?:w?q|x|wq|q!|wqa|qa)!?\s*$|(?:^|\s)ZZ$/,
  database: /^\s*(?:\\q|\.quit|\.exit|exit|quit)\s*;?$/,
  debugger: /^\s*(?:q|quit|exit)\s*$/,
};

/** Which program a command line leaves in front; `shell` for one that ends by itself. */
export function frontAfter(line: string): Front {
  if (!mayStayInFront(line)) return 'shell';
  const last = line
    .trim()
    .split(/\s*(?:&&|\|\||;)\s*/)
    .at(-1);
  const plain = (last ?? '')
    .replace(/^(?:(?:sudo|env|exec|command|rlwrap|winpty|poetry run|uv run|pipenv run)\s+|\w+=\S*\s+)*/, '')
    .replace(/^\S*\/(?=[\w.-]+(?:\s|$))/, '');
  return interactive.find(([, program]) => program.test(plain))?.[0] ?? 'shell';
}

function mayStayInFront(line: string): boolean {
  const start = Math.max(line.lastIndexOf(';'), line.lastIndexOf('&')) + 1;
  const word = /^\s*(?:\w+=\S*\s+)*(\S+)/.exec(line.slice(start))?.[1];
  return word !== undefined && first.has(baseName(word).replace(/[\d.]+$/, ''));
}

/** Gives each typed line to the program that is in front when it is entered. */
export function typedPrograms(lines: readonly string[], before: Front): TypedPrograms {
  const programs: TypedProgram[] = [];
  let front = before;
  const give = (to: TypedProgram['to'], text: string) => {
    const last = programs.at(-1);
    if (last?.to === to) last.text += `\n${text}`;
    else programs.push({ to, text });
  };
  let heredoc: string | undefined;
  for (const line of lines) {
    if (heredoc !== undefined) {
      give('shell', line);
      if (line.trim() === heredoc) heredoc = undefined;
      continue;
    }
    if (front === 'shell') {
      give('shell', line);
      heredoc = /<<-?\s*(["']?)(\w+)\1/.exec(line)?.[2];
      front = heredoc === undefined ? frontAfter(line) : 'shell';
      continue;
    }
    give(...toProgram(front, line));
    if (leaves[front]?.test(line) === true) front = 'shell';
    else if (front !== 'editor' && looksLikeShell(line)) {
      // The program may have ended by itself: a line that can only be a shell's is judged as one too.
      give('shell', line);
      if (frontAfter(line) !== 'shell') front = frontAfter(line);
    }
  }
  return { programs: programs.filter(({ to }) => to !== 'none'), front };
}

function toProgram(front: Front, line: string): [TypedProgram['to'], string] {
  if (front === 'python') return ['python', line.replace(/^(?:>>>|\.\.\.|In \[\d+\]:)\s?/, '')];
  if (front === 'javascript') return ['javascript', line];
  if (front === 'ruby') return ['ruby', line];
  const run = shellEscape(front, line);
  return run === undefined ? ['none', line] : ['shell', run];
}

/** The command in a line by which a program runs a shell or opens a file. */
function shellEscape(front: Front, line: string): string | undefined {
  if (front === 'editor' || front === 'pager') {
    const at = line.indexOf(':');
    const run = at === -1 ? undefined : shownByEditor(line.slice(at));
    return run ?? (front === 'pager' ? /^\s*!(.+)$/.exec(line)?.[1] : undefined);
  }
  if (front === 'database') {
    const run = /^\s*(?:\\!|\.(?:shell|system)|system)\s+(.+)$/.exec(line)?.[1];
    const file = /^\s*(?:\\i|\\ir|\.read|\.open|source|\\\.)\s+(\S+)/.exec(line)?.[1];
    return run ?? (file === undefined ? undefined : `cat ${file}`);
  }
  if (front === 'debugger') return /^\s*(?:shell|!|platform shell|make)\s*(.+)$/.exec(line)?.[1];
  return line;
}

function looksLikeShell(line: string): boolean {
  return /^\s*(?:git|gh|glab|hub|curl|wget|cat|cd|ls|grep|rg|find|head|tail|less|sed|awk|pip3?|npm|tig|bash|sh|sudo|strings|xxd|zcat|tar|unzip)\s+[^=(\s]/.test(
    line,
  );
}
