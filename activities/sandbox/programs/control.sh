S=/run/tracemill
umask 077
until [ -e $S/ready ]; do sleep 0.02 2>/dev/null || sleep 1; done
cat <$S/ev >&2 &
events=$!
exec 2>/dev/null
trap 'kill -9 $events' EXIT

# Field 22 of stat, so that a process number used again is not taken for the old process.
start_time() {
  started=''
  IFS='' read -r line <"/proc/$1/stat" || return 1
  set -f
  set -- ${line##*') '}
  set +f
  started=${20}
}

if IFS=' ' read -r old old_start old_events nonce <$S/control; then
  if [ "$2" ] && [ "$nonce" != "$2" ]; then
    printf taken
    exit
  fi
  if start_time "$old" && [ "$started" = "$old_start" ]; then kill -9 "$old" "$old_events"; fi
fi
start_time $$
printf '%s %s %s %s\n' $$ "$started" $events "$1" >|$S/control
seen='' clock=''

# Whatever lies in the state folder may be the agent's: only plain files are read or written, for others might not end.
plain() { [ -f "$1" ] && [ ! -h "$1" ]; }
get() {
  line=''
  plain "$1" && IFS='' read -r line <"$1"
}
put() {
  if [ -e "$1" ] || [ -h "$1" ]; then plain "$1" || return; fi
  printf '%s\n' "$2" >|"$1"
}

# Fails when the state is gone or was renewed: then nobody knows what was begun.
current() {
  number='' marker='' slot='' running=''
  get $S/begun
  begun=$line
  case $begun in '' | *[!0-9-]*) return 1 ;; esac
  plain $S/cur || return 1
  IFS=' ' read -r number marker slot <$S/cur
  if [ "$slot" ] && [ ! -s "$S/st.$slot" ]; then running=$number; fi
  return 0
}

# run NUMBER MARKER COMMAND
r_run() {
  current || { printf lost; return; }
  if [ "$1" -le "$begun" ]; then
    if [ "$number" = "$1" ]; then printf old; else printf unknown; fi
    return
  fi
  if [ "$running" ]; then printf busy; return; fi
  get $S/keeper
  if [ ! "$line" ] || ! kill -0 "$line"; then kill -HUP 1; printf no_keeper; return; fi
  get $S/asked
  if [ "$line" != "$1" ]; then
    { put $S/sh "$3" && put $S/asked "$1"; } || { printf full; return; }
  fi
  printf 'run %s %s\n' "$1" "$2" 1<>$S/keep
  printf sent
}

# look NUMBER SKIP COUNT: state of a command, its marker, its cut, whether its output is still read, its working
# directory, then a NUL, then output from block SKIP on.
r_look() {
  current || { printf lost; return; }
  if [ "$number" != "$1" ]; then
    get $S/asked
    if [ "$line" = "$1" ]; then printf asked; else printf unknown; fi
    return
  fi
  state=running end='' cwd=''
  if [ ! "$running" ] && plain "$S/st.$slot"; then
    while IFS='' read -r line; do
      if [ "$line" = . ]; then end=1; break; fi
      if [ "$state" = running ]; then state=$line; elif [ "$cwd" ]; then cwd="$cwd
$line"; else cwd=$line; fi
    done <"$S/st.$slot"
    if [ ! "$end" ]; then state=running; fi
  fi
  get "$S/cut.$slot"
  cut=$line reading=reading
  get "$S/capper.$slot"
  # Empty while the reader is being started.
  if [ "$line" ] && ! kill -0 "$line"; then reading=''; fi
  printf '%s\n%s\n%s\n%s\n%s\000' "$state" "$marker" "$cut" "$reading" "$cwd"
  if [ "$3" -gt 0 ] && plain "$S/out.$slot"; then
    command eval 'dd if="$S/out.$slot" bs=4096 skip="$2" count="$3"' || printf '\000nofork\000'
  fi
}

# poll NUMBER: whether it ended, and whether output came since the last poll.
r_poll() {
  current || { printf lost; return; }
  if [ "$number" != "$1" ]; then printf waiting; return; fi
  if [ ! "$running" ]; then printf ended; return; fi
  get "$S/capper.$slot"
  if [ "$line" = ended ]; then printf capped; return; fi
  if [ ! "$clock" ]; then measure_clock; fi
  if [ "$clock" = fine ]; then
    # Of the same time counts as new, for the clock of files moves in steps.
    if [ $S/seen -nt "$S/out.$slot" ] && [ "$seen" = "$slot" ]; then printf quiet; else printf changed; fi
    seen=$slot
    put $S/seen x
  else
    now=$slot
    if plain "$S/out.$slot"; then now=$slot:$(command eval 'wc -c <"$S/out.$slot"'); fi
    if [ "$seen" != "$now" ]; then printf changed; else printf quiet; fi
    seen=$now
  fi
}

# Some shells compare times of files in whole seconds, which is too coarse to notice new output.
measure_clock() {
  clock=fine
  for try in 1 2; do
    put $S/before x
    command eval 'sleep 0.03' || clock=coarse
    put $S/after x
    [ $S/after -nt $S/before ] || clock=coarse
  done
}

# begin NUMBER: true when the action was not begun before.
begin() {
  if [ "$1" -gt "$begun" ]; then put $S/begun "$1"; else return 1; fi
}

# All processes below the persistent shell, and the shell itself last.
family() {
  get $S/shell || return
  top=$line
  pairs='' members=" $top " found=1
  for stat in /proc/[0-9]*/stat; do
    IFS='' read -r line <"$stat" || continue
    pid=${stat#/proc/} pid=${pid%/stat} rest=${line##*') '}
    rest=${rest#* }
    pairs="$pairs $pid:${rest%% *}"
  done
  while [ "$found" ]; do
    found='' left=''
    for pair in $pairs; do
      case $members in
        *" ${pair#*:} "*) members=" ${pair%:*}$members" found=1 ;;
        *) left="$left $pair" ;;
      esac
    done
    pairs=$left
  done
  below=${members%" $top "}
}

# signal NAME NUMBER REASON: sends NAME (INT, KILL, TSTP, SHELL) to what command NUMBER runs.
r_signal() {
  current || { printf lost; return; }
  if [ ! "$running" ] || [ "$running" != "$2" ]; then printf ended; return; fi
  if [ "$3" ] && [ ! -e "$S/cut.$slot" ]; then put "$S/cut.$slot" "$3"; fi
  family
  case $1 in
    INT)
      # A shell that ignores SIGINT has made its commands ignore it.
      if [ -e $S/deaf ]; then kill -TERM $below; else kill -INT $below "$top"; fi
      kill -CONT $below
      ;;
    TSTP) kill -TSTP $below ;;
    KILL) kill -9 $below ;;
    SHELL) put $S/swept x; kill -9 $below "$top" ;;
  esac
  printf sent
}

# input ACTION NUMBER TEXT
r_input() {
  current || { printf lost; return; }
  if [ "$running" != "$2" ]; then printf ended; return; fi
  begin "$1" || { printf old; return; }
  command eval '{ printf "%s" "$3" 1<>"$S/i.$slot"; } >/dev/null </dev/null &' || { printf nofork; return; }
  printf sent
}

# key ACTION NUMBER INT|TSTP|EOF
r_key() {
  current || { printf lost; return; }
  if [ "$running" != "$2" ]; then printf ended; return; fi
  begin "$1" || { printf old; return; }
  case $3 in
    EOF) printf 'end-of-input\n' 1<>$S/keep; printf sent ;;
    *) r_signal "$3" "$2" '' ;;
  esac
}

# list PATH DEPTH: entries below a directory as type, path, NUL.
list() {
  for entry in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    if [ ! -e "$entry" ] && [ ! -h "$entry" ]; then continue; fi
    listed=$((listed + 1)) listed_bytes=$((listed_bytes + ${#entry}))
    if [ $listed -gt 10000 ] || [ $listed_bytes -gt 1000000 ]; then return; fi
    if [ -d "$entry" ] && [ ! -h "$entry" ]; then
      printf 'd%s\000' "$entry"
      if [ "$2" -gt 1 ]; then list "$entry" $(($2 - 1)); fi
    else
      printf 'f%s\000' "$entry"
    fi
  done
}

# see ACTION PATH PARENT DEPTH LIMIT: what the editor sees; what it saw before it first wrote, when it did.
r_see() {
  current || { printf lost; return; }
  if get "$S/edit.$1"; then
    printf '%s\000' "$line"
    case $line in file*) if plain "$S/before.$1"; then command eval 'cat "$S/before.$1"' || printf '\000nofork\000'; fi ;; esac
  elif [ -d "$2" ]; then
    printf 'directory\000'
    listed=0 listed_bytes=0
    list "${2%/}" "$4"
    if [ $listed -gt 10000 ] || [ $listed_bytes -gt 1000000 ]; then printf 'truncated\000'; fi
  elif [ -f "$2" ]; then
    size=$(command eval 'wc -c <"$2"') || { printf nofork; return; }
    printf 'file %s\000' $((size))
    if [ $((size)) -le "$5" ]; then
      command eval 'dd if="$2" bs=65536 count=$(($5 / 65536 + 1))' || printf '\000nofork\000'
    fi
  elif [ -e "$2" ]; then
    printf 'other\000'
  elif [ -d "$3" ]; then
    printf 'missing 1\000'
  else
    printf 'missing 0\000'
  fi
}

# snapshot ACTION
r_snapshot() {
  if plain "$S/before.$1"; then printf 'yes\000'; command eval 'cat "$S/before.$1"'; else printf 'no\000'; fi
}

# stage FIRST TEXT...: collects new content; the texts are joined by NUL bytes.
r_stage() {
  if [ -e $S/stage ] || [ -h $S/stage ]; then plain $S/stage || { printf full; return; }; fi
  [ "$1" = 1 ] && : >|$S/stage
  shift
  {
    printf '%s' "$1"
    shift
    for text in "$@"; do printf '\000%s' "$text"; done
  } >>$S/stage || { printf full; return; }
  printf staged
}

# The umask of the agent's shell, for files that the editor makes are like those that it makes.
shell_umask() {
  mask=''
  if get $S/shell; then
    while IFS='	 ' read -r name value rest; do
      if [ "$name" = Umask: ]; then mask=$value; break; fi
    done <"/proc/$line/status"
  fi
  case $mask in '' | *[!0-7]*) mask=022 ;; esac
}

# write ACTION PATH PARENT KIND: puts the staged content in place, keeping what was there for undo. An existing file is written
# into, so that its mode, its owner and the links to it stay.
r_write() {
  current || { printf lost; return; }
  if [ ! -e "$S/edit.$1" ]; then
    case $4 in
      file*)
        command eval 'cat "$2" >|"$S/before.$1"' || {
          command eval 'rm -f $S/before.*'
          command eval 'cat "$2" >|"$S/before.$1"' || { printf full; return; }
        }
        ;;
    esac
    put "$S/edit.$1" "$4" || { printf full; return; }
    begin "$1"
  fi
  shell_umask
  reason=$(command eval 'umask "$mask"; { [ -d "$3" ] || mkdir -p "$3"; } && cat $S/stage >|"$2"' 2>&1) && { printf written; return; }
  # A full disk must not cost the agent the file that was there.
  if plain "$S/before.$1" && [ -f "$2" ]; then command eval 'cat "$S/before.$1" >|"$2"'; fi
  printf 'failed %s' "$reason"
}

# seen ACTION: an edit that wrote nothing.
r_seen() {
  current || { printf lost; return; }
  begin "$1"
  printf seen
}

r_begun() {
  current || { printf lost; return; }
  printf '%s %s' "$begun" "$running"
}

# recovered NUMBER: after the state was lost or swept, actions up to NUMBER count as begun.
r_recovered() { put $S/begun "$1" && current && printf ok; }

# Something floods the announcements: they are dropped from now on, so that no writer waits.
r_deafen() { kill -9 $events; command eval 'cat <$S/ev >/dev/null & events=$!'; printf ok; }

r_prepare() { printf 'prepare\n' 1<>$S/keep; }
