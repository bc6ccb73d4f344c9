/** Traces of people and agents that worked on the machine before: never part of a project. */
const shellHistory =
  /(?:^|\/)\.?(?:(?:bash|zsh|sh|ash|ksh|fish|python|node_repl|psql|mysql|sqlite|rediscli|irb|pry|ghc|julia|octave|mongo|R|gdb|lesshst|scala|php)[_-]?(?:history|hst)|histfile|history|Rhistory|viminfo|lesshst|zhistory|psqlrc_history)$|\/\.local\/(?:share|state)\/(?:fish|nvim|bash|python)\/[\w./-]*(?:history|shada)|\/\.(?:zsh_sessions|bash_sessions)\/|history\.sqlite$|\/\.config\/fish\/fish_history|\.netrwhist$/;
/** Any other program's history: named so, and kept in a hidden folder or file of a home. */
const keptHistory =
  /^(?:~|\/root|\/home\/[^/]+|\/Users\/[^/]+)\/(?:\.[^/]+\/(?:[^/]+\/)*[^/]*|\.[^/]*)(?:hist(?:ory|file)?|erlang-shell-log|shada)(?![a-z])[^/]*$/i;
const noHistory = /\.(?:md|rst|py|[cm]?[jt]sx?|go|rb|html|c|h|el|lua|vim|toml|ya?ml|conf)$|\/(?:extensions|plugins|lib|packages)\//i;
const leftBehind =
  /\/(?:\.local\/share\/(?:Trash|recently-used|gvfs-metadata)|\.Trash|\.(?:vscode|vscode-server|cursor-server|code-server|vscode-remote|windsurf-server)\/(?:[\w.-]+\/)*(?:User|History|Backups|workspaceStorage|globalStorage)|User\/History|\.config\/(?:Code|Cursor|VSCodium|sublime-text\S*|JetBrains)\/|\.cache\/JetBrains|LocalHistory|\.idea\/(?:workspace|shelf)|\.emacs\.d\/(?:backups?|auto-save)|\.vim\/(?:undo|swap|backup)\w*|\.local\/(?:share|state)\/nvim\/(?:swap|undo|backup|sessions)|\.local\/share\/(?:kate|kakoune|zed)|\.config\/zed\/db|\.jupyter\/lab\/workspaces)(?:\/|\b)|^\/var\/(?:mail|spool\/mail|spool\/cron|backups|crash)(?:\/|$)|(?:^|\/)(?:mbox|\.mail|Maildir|lost\+found)(?:\/|$)/;
/** What people set in an editor: no copy of anything. */
const editorSettings =
  /\/User\/(?:settings|keybindings|tasks|launch|mcp|snippets\/[^/]+)\.json$|\.sublime-(?:settings|keymap|build)$|\/Packages\//;
/** What editors keep in the tree itself, beside the files that a project shares. */
const keptInTree = /(?:^|\/)(?:\.history\/.|\.idea\/shelf\/|\.vs\/[^/]+\.sqlite|\.ipynb_checkpoints\/.)/;
const sessions =
  /\/\.(?:claude|codex|openhands|gemini|aider|cursor|continue|goose|opencode|cline|roo|windsurf|copilot|swe-agent|sweagent|agents?|llm|amp|crush|qwen|kilocode|plandex|devin|augment)(?:\/|$)|(?:^|\/)\.(?:aider\.[\w.]*|llm\.history)|\/\.config\/(?:aider|github-copilot|goose|opencode|io\.datasette\.llm|llm|cline|openhands)(?:\/|$)|\/\.local\/(?:share|state)\/(?:opencode|goose|claude|codex|amp|crush)(?:\/|$)/;
const instructions =
  /(?:CLAUDE|AGENTS|GEMINI)\.md$|\/(?:settings|config|mcp)\w*\.(?:json|toml|ya?ml)$|\/(?:rules|commands|skills|agents)\//i;

/** Whose trace a path outside the project is; undefined for none. */
export function traceOfOthers(path: string): 'shell_history' | 'left_behind' | 'other_runs' | undefined {
  if (shellHistory.test(path)) return path.endsWith('conda-meta/history') ? undefined : 'shell_history';
  if (leftBehind.test(path)) return editorSettings.test(path) ? undefined : 'left_behind';
  if (/hist|shada|-shell-log/i.test(path) && keptHistory.test(path) && !noHistory.test(path)) return 'shell_history';
  return sessions.test(path) && !instructions.test(path) ? 'other_runs' : undefined;
}

/** Whether an editor keeps an earlier or unsaved state of the tree's files there, inside the tree. */
export function isKeptInTree(path: string): boolean {
  return keptInTree.test(path);
}
