/**
 * The shell command that shows what a command line of vi shows: `:!git log`, `:read !…`, `:edit FILE`, and the commands
 * of the plug-ins that bring git into the editor. Undefined for one that shows nothing of the kind.
 */
export function shownByEditor(line: string): string | undefined {
  const command = line.trim().replace(/^:?\s*(?:(?:silent!?|tab|vert(?:ical)?|noautocmd|keepjumps|\d+)\s+|\d+(?=G))*/, '');
  const run = /^(?:r(?:ead)?\s*)?!(.+)$/s.exec(command)?.[1] ?? /^term(?:inal)?\s+(.+)$/.exec(command)?.[1];
  if (run !== undefined) return run;
  const git = command.startsWith('G') || command.startsWith('D') || command.startsWith('F') ? gitOf(command) : undefined;
  if (git !== undefined) return `git ${git}`;
  const opened = /^(?:e|edit|r|read|sp|split|vs|vsplit|tabe|tabedit|view|n)\s+([^!\s]\S*)/.exec(command)?.[1];
  return opened === undefined ? undefined : `cat ${opened}`;
}

/** fugitive, gv, flog, diffview and gitsigns: the git command behind one of theirs, without its first word. */
function gitOf(command: string): string | undefined {
  const [, name = '', rest = ''] = /^([A-Z]\w*)!?\s*(.*)$/s.exec(command) ?? [];
  const words = rest.replace(/(?<=:)%(?=\s|$)/, './current').trim();
  switch (name) {
    case 'G':
    case 'Git':
      return words === '' ? undefined : words;
    case 'Gedit':
    case 'Ge':
    case 'Gread':
    case 'Gr':
    case 'Gsplit':
    case 'Gvsplit':
    case 'Gtabedit':
    case 'Gpedit':
      return words === '' || words === '%' ? undefined : `show ${words}`;
    case 'Gdiff':
    case 'Gdiffsplit':
    case 'Gvdiffsplit':
    case 'Ghdiffsplit':
    case 'DiffviewOpen':
      return `diff ${words}`;
    case 'Gitsigns': {
      const shown = /^(?:diffthis|show|change_base)\s+(\S+)/.exec(words)?.[1];
      return shown === undefined ? undefined : `diff ${shown}`;
    }
    case 'Gclog':
    case 'Gllog':
    case 'Glog':
    case 'GV':
    case 'DiffviewFileHistory':
      return `log ${words}`;
    case 'Flog':
    case 'Flogsplit':
      return `log ${words.replace(/(?<=^|\s)-(?=all|reflog)/g, '--').replace(/(?<=^|\s)-rev=/g, '')}`;
    default:
      return undefined;
  }
}
