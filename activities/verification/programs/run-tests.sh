# Runs $TM/tests.sh with both outputs in files, and ends everything that the tests started. Given: TM (a folder),
# TOTAL (seconds) and KEEP (bytes kept of the beginning and of the end of each output). Leaves
# $TM/{stdout,stderr,codes,timeouts}. Succeeds when every command did.
# POSIX sh, without job control: a test command may start daemons, move to a session of its own or never end.
mkfifo "$TM/out" "$TM/err" || exit 1
: >"$TM/codes"
: >"$TM/timeouts"

# What goes on before the tests and must go on after them.
keep=' '
for entry in /proc/[0-9]*; do keep="$keep${entry#/proc/} "; done

reader() {
  # Reads on after the limit, so that no test waits for a full pipe.
  { head -c "$KEEP"; tail -c "$KEEP"; } <"$TM/$1" >"$TM/$2" &
}
reader out stdout
out_reader=$!
reader err stderr
err_reader=$!

# A process and all that descend from it, the first ones first so that they cannot start more.
end_tree() {
  kill -STOP "$1" 2>/dev/null
  for child in $(children "$1"); do end_tree "$child"; done
  kill -KILL "$1" 2>/dev/null
}

children() {
  for stat in /proc/[0-9]*/stat; do
    read -r line <"$stat" 2>/dev/null || continue
    pid=${line%% *}
    rest=${line##*) }
    rest=${rest#* }
    [ "${rest%% *}" = "$1" ] && echo "$pid"
  done 2>/dev/null
}

is_ours() {
  case "$keep$$ $out_reader $err_reader ${watch:-} $(children "$out_reader" | tr '\n' ' ') $(children "$err_reader" | tr '\n' ' ')" in
    *" $1 "*) return 0 ;;
  esac
  return 1
}

# Twice: something may have been started between looking and killing.
end_rest() {
  for round in 1 2; do
    for entry in /proc/[0-9]*; do
      pid=${entry#/proc/}
      is_ours "$pid" || kill -KILL "$pid" 2>/dev/null
    done
  done
}

# The shell of the image's choice: test commands are written for bash, small images have none.
shell=sh
command -v bash >/dev/null 2>&1 && shell=bash
# A session of its own where that can be had, so that a signal to the tests' group never reaches this script.
session=
command -v setsid >/dev/null 2>&1 && session=setsid

$session "$shell" "$TM/tests.sh" <"/dev/null" >"$TM/out" 2>"$TM/err" &
tests=$!
(
  sleep "$TOTAL"
  echo total >>"$TM/timeouts"
  end_tree "$tests"
) >/dev/null 2>&1 &
watch=$!
wait "$tests" 2>/dev/null
end_tree "$watch"
watch=
end_rest
wait "$out_reader" "$err_reader" 2>/dev/null

ended=
failed=
while read -r _ code; do
  ended=1
  [ "$code" = 0 ] || failed=1
done <"$TM/codes"
[ -n "$ended" ] && [ -z "$failed" ]
