/** Commands that wait for a terminal or never end, by their first words. `make` is on upstream's list but needed in C projects. */
const blockedFirst = ['vim', 'vi', 'emacs', 'nano', 'nohup', 'gdb', 'less', 'tail -f', 'python -m venv'];

/** Interactive where nothing follows them. */
const blockedAlone = ['python', 'python3', 'ipython', 'bash', 'sh', '/bin/bash', '/bin/sh', 'nohup', 'vi', 'vim', 'emacs', 'nano', 'su'];

/** Whether a command is refused. Whole words count: `vitest` is not `vi`. */
export function isBlocked(command: string): boolean {
  const words = command.trim().split(/\s+/).join(' ');
  return blockedAlone.includes(words) || blockedFirst.some((first) => words === first || words.startsWith(`${first} `));
}
