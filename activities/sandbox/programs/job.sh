# Runs one script in a container. Arguments: a word to say that nothing was run, shell, script. The host sends the
# name of an output (out, err) when it has enough of it: the rest is then read and dropped here, so that the script
# is never held up. Processes that the script leaves behind keep a reader, but do not keep this one from ending.
# Ends with the script's exit status.
# An image may let all of its shells trace what they do.
{ set +xv; } 2>/dev/null
untraced=''
case ":${SHELLOPTS-}:" in *:xtrace:* | *:verbose:*) untraced='env -u SHELLOPTS' ;; esac
unable=$1 shell=$2 script=$3 d=''
exec 4<&0 5>&2 </dev/null
# A shell that cannot fork ends at once, with 2; "command eval" lets it go on.
clear() {
  command eval 'rm -rf "$d"' 2>/dev/null
}
cannot() {
  printf '%s' "$unable" >&5
  clear
  exit 125
}

for folder in /run/tracemill /tmp /var/tmp /; do
  d=${folder%/}/job.$$
  command eval 'rm -rf "$d" && mkdir -m 700 "$d" && mkfifo "$d/out" "$d/err"' 2>/dev/null && break
  d=''
done
[ "$d" ] || cannot

drain() {
  exec 3<"$d/$1"
  exec 4<&- 5>&-
  # Reads explicitly, for a background process has nothing to read otherwise.
  command eval 'cat <&3 3<&- &' || exec cat <&3
  cat=$!
  trap 'kill -9 $cat' TERM
  wait $cat
  : >"$d/$1.kept"
  exec cat <&3 >/dev/null
}
obey() {
  while read -r full; do
    case $full in
      out) kill -TERM $out ;;
      err) kill -TERM $err ;;
    esac
  done
}

command eval '{ drain out 2>/dev/null; } & out=$!
{ drain err >&5 2>/dev/null; } & err=$!
obey <&4 4<&- 5>&- >/dev/null 2>&1 & obey=$!
$untraced "$shell" -c "$script" </dev/null 4<&- 5>&- >"$d/out" 2>"$d/err" & script=$!' 2>/dev/null || {
  kill -9 $out $err $obey
  cannot
} 2>/dev/null
wait $script
status=$?
# What was written is in the pipes; a reader ends by itself unless a process is left that holds its pipe open.
open() { [ ! -e "$d/out.kept" ] || [ ! -e "$d/err.kept" ]; }
# Where no process can be started for a pause, looking often is one.
look() {
  looks=0
  while [ $looks -lt 10000 ] && open; do looks=$((looks + 1)); done
}
tries=0
while [ $tries -lt 20 ] && open; do
  tries=$((tries + 1))
  command eval 'sleep 0.02' 2>/dev/null || { command eval 'sleep 1' 2>/dev/null && break; } || look
done
kill -TERM $out $err 2>/dev/null
kill -9 $obey 2>/dev/null
clear
exit $status
