/** Traces of people and agents that worked on the machine before: never part of a project. */
const shellHistory =
  /(?:^|\/)\.?(?:(?:bash|zsh|sh|ash|ksh|fish|python|node_repl|psql|mysql|sqlite|rediscli|irb|pry|ghc|julia|octave|mongo|R|gdb|lesshst|scala|php)[_-]?(?:history|hst)|histfile|history|Rhistory|viminfo|lesshst|zhistory|psqlrc_history)$|\/\.local\/(?:share|state)\/(?:fish|nvim|bash|python)\/[\w./-]*(?:history|shada)|\/\.(?:zsh_sessions|bash_sessions)\/|history\.sqlite$|\/\.config\/fish\/fish_history|\.netrwhist$/;
const leftBehind =
  /\/(?:\.local\/share\/(?:Trash|recently-used|gvfs-metadata)|\.Trash|\.(?:vscode|vscode-server|cursor-server|code-server|vscode-remote|windsurf-server)\/(?:[\w.-]+\/)*(?:User|History|Backups|workspaceStorage|globalStorage)|User\/History|\.config\/(?:Code|Cursor|VSCodium|sublime-text\S*|JetBrains)\/|\.cache\/JetBrains|LocalHistory|\.idea\/(?:workspace|shelf)|\.emacs\.d\/(?:backups?|auto-save)|\.vim\/(?:undo|swap|backup)|\.local\/share\/nvim\/(?:swap|undo|backup))(?:\/|\b)|^\/var\/(?:mail|spool\/mail|spool\/cron|backups|crash)(?:\/|$)|(?:^|\/)(?:mbox|\.mail|Maildir|lost\+found)(?:\/|$)/;
const sessions =
  /\/\.(?:claude|codex|openhands|gemini|aider|cursor|continue|goose|opencode|cline|roo|windsurf|copilot|swe-agent|sweagent|agents?|llm|amp|crush|qwen|kilocode|plandex|devin|augment)(?:\/|$)|(?:^|\/)\.(?:aider\.[\w.]*|llm\.history)|\/\.config\/(?:aider|github-copilot|goose|opencode|io\.datasette\.llm|llm|cline|openhands)(?:\/|$)|\/\.local\/(?:share|state)\/(?:opencode|goose|claude|codex|amp|crush)(?:\/|$)/;
const instructions =
  /(?:CLAUDE|AGENTS|GEMINI)\.md$|\/(?:settings|config|mcp)\w*\.(?:json|toml|ya?ml)$|\/(?:rules|commands|skills|agents)\//i;

/** Whose trace a path outside the project is; undefined for none. */
export function traceOfOthers(path: string): 'shell_history' | 'left_behind' | 'other_runs' | undefined {
  if (shellHistory.test(path)) return 'shell_history';
  if (leftBehind.test(path)) return 'left_behind';
  return sessions.test(path) && !instructions.test(path) ? 'other_runs' : undefined;
}
