import { quote } from '../../platform/quote.ts';
import { loadFunctions } from '../sandbox/index.ts';

/**
 * The script that runs the test commands one after another in one shell, so that `cd`, `export` and `source`
 * carry over as they did when the expected tests were recorded. A failing command does not stop the later
 * ones; the exit code of each goes to `codes` in the folder, the number of one that took too long to `timeouts`.
 */
export function testScript(commands: string[], folder: string, commandTimeoutSeconds: number | null): string {
  const head = [loadFunctions, `tracemill_folder=${quote(folder)}`, ...(commandTimeoutSeconds === null ? [] : [watchdog])];
  const runs = commands.flatMap((command, index) => [
    ...(commandTimeoutSeconds === null ? [] : [`tracemill_watch ${index} ${commandTimeoutSeconds}`]),
    // eval keeps a syntax error within its own command; `|| :` would change what `set -e` means inside it.
    `eval ${quote(command)}`,
    'tracemill_code=$?',
    'set +e',
    ...(commandTimeoutSeconds === null ? [] : ['tracemill_unwatch']),
    `echo "${index} $tracemill_code" >>"$tracemill_folder/codes"`,
  ]);
  // A command that ends the shell (`exit`, `exec`) still leaves the codes of the earlier ones.
  return [...head, ...runs, ''].join('\n');
}

/** Ends what the shell is waiting for, again and again until the command is over. POSIX sh. */
const watchdog = `
tracemill_children() {
  for tracemill_stat in /proc/[0-9]*/stat; do
    read -r tracemill_line <"$tracemill_stat" || continue
    tracemill_rest=\${tracemill_line##*) }
    tracemill_rest=\${tracemill_rest#* }
    [ "\${tracemill_rest%% *}" = "$1" ] && echo "\${tracemill_line%% *}"
  done 2>/dev/null
}
tracemill_end() {
  kill -STOP "$1" 2>/dev/null
  for tracemill_child in $(tracemill_children "$1"); do
    (tracemill_end "$tracemill_child")
  done
  kill -KILL "$1" 2>/dev/null
}
tracemill_watch() {
  (
    read -r tracemill_self tracemill_rest </proc/self/stat
    sleep "$2"
    echo "$1" >>"$tracemill_folder/timeouts"
    while :; do
      for tracemill_pid in $(tracemill_children $$); do
        [ "$tracemill_pid" = "$tracemill_self" ] || tracemill_end "$tracemill_pid"
      done
      sleep 1
    done
  ) >/dev/null 2>&1 &
  tracemill_watcher=$!
}
tracemill_unwatch() {
  tracemill_end "$tracemill_watcher"
  wait "$tracemill_watcher" 2>/dev/null
}
`;
