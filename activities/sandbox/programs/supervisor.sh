# Process 1 of a rollout's container, run by bash where that is there. Arguments: 512-byte blocks of output kept of
# a command, working directory. It reaps orphans, keeps a keeper and the persistent shell alive, and, being process 1,
# cannot be killed from within. After its start it touches no file that could make it wait: that is left to children,
# for whatever lies in the state folder may be the agent's. HUP opens a new keeper if the old one is dead. USR1 ends
# everything else and opens a new shell; USR2 also forgets all state.
S=/run/tracemill blocks=$1 workdir=$2
loop_bash=$(cat $S/loop.bash) loop_sh=$(cat $S/loop.sh)
umask 077
shell='' keeper='' woken='' swept='' reset='' slot=0 begun=-1

# Only the first state may say that no action was begun; after that nobody knows until the host says so.
prepare_state() {
  exec 3>&- 4>&- 5>&-
  rm -rf $S/*
  mkfifo $S/ctl $S/keep $S/ev
  exec 3<>$S/ctl 4<>$S/keep 5<>$S/ev
  printf '%s' "$loop_bash" >|$S/loop.bash
  printf '%s' "$loop_sh" >|$S/loop.sh
  printf '\\builtin eval "$__tm_c"\n' >|$S/bash
  printf '%s\n' $begun >|$S/begun
  begun=lost
  : >|$S/cur
  : >|$S/swept
  : >|$S/asked
  printf '%s\n' $slot >|$S/slot
  : >|$S/ready
  reset=''
}

# Prepares what a command needs while the shell idles: a pipe for its output with a reader that keeps the first
# part and lets the rest go, and a pipe for its input that stays open until end-of-input is asked for.
prepare_slot() {
  slot=$((slot + 1)) used=''
  IFS=' ' read -r number marker used <$S/cur
  for file in $S/capper.*; do
    old=${file#$S/capper.}
    if [ "$old" = "$used" ] || [ "$old" = '*' ]; then continue; fi
    # The next in line then drains what background processes of that command still write.
    if read -r pid <"$file" && [ "$pid" != ended ]; then kill -9 "$pid"; fi
    forget "$old"
  done
  forget $slot
  mkfifo $S/o.$slot $S/i.$slot || return
  exec 6<>$S/i.$slot 7<>$S/o.$slot
  {
    ulimit -f "$blocks"
    trap '' XFSZ
    cat <&8 >>$S/out.$slot &
    printf '%s\n' $! >|$S/capper.$slot
    wait
    if [ -e $S/capper.$slot ]; then printf 'ended\n' >|$S/capper.$slot; fi
    exec cat <&8 >/dev/null
  } 8<$S/o.$slot 3>&- 4>&- 5>&- 6>&- 7>&- &
  printf '%s\n' $slot >|$S/slot
  prepared=1
}

forget() { rm -f "$S/o.$1" "$S/i.$1" "$S/out.$1" "$S/st.$1" "$S/cut.$1" "$S/capper.$1"; }

keep() {
  prepared='' forwarded=''
  read -r slot <$S/slot
  prepare_slot
  while IFS=' ' read -r request request_number request_marker <&4; do
    case $request in
      run)
        [ "$request_number" != "$forwarded" ] || continue
        [ "$prepared" ] || prepare_slot
        [ "$prepared" ] || continue
        prepared='' forwarded=$request_number
        printf '%s %s %s\n' "$request_number" "$request_marker" "$slot" >&3
        ;;
      prepare) [ "$prepared" ] || prepare_slot ;;
      end-of-input) exec 6>&- ;;
    esac
  done
}

start_keeper() {
  {
    trap '' INT HUP USR1 USR2
    read -r own rest </proc/self/stat
    printf '%s\n' $own >|$S/keeper
    keep
  } </dev/null >/dev/null 2>&1 &
  keeper=$!
}

# Some shells take an empty process number for their own.
insist_on_keeper() { { [ "$keeper" ] && kill -0 "$keeper" 2>/dev/null; } || command eval start_keeper; }

start_shell() {
  {
    exec 3>&- 4>&- 5>&-
    read -r own rest </proc/self/stat
    printf '%s\n' $own >|$S/shell
    umask 022
    cd "$workdir" || cd /
    unset OLDPWD S blocks workdir loop_bash loop_sh shell keeper woken swept reset slot begun own rest
    if command -v bash >/dev/null; then exec bash --norc --noprofile -c '. /run/tracemill/loop.bash' bash; fi
    set -- sh -c '. /run/tracemill/loop.sh' sh
    # This shell cannot undo that a background process ignores SIGINT; these can.
    if env --default-signal=INT,QUIT true 2>/dev/null; then exec env --default-signal=INT,QUIT "$@"; fi
    if command -v perl >/dev/null; then exec perl -e '$SIG{INT} = $SIG{QUIT} = "DEFAULT"; exec @ARGV' "$@"; fi
    : >|/run/tracemill/deaf
    exec "$@"
  } </dev/null >/dev/null 2>&1 &
  shell=$!
}

# A command that took its shell along still gets a status. Where there is no room for one, all state goes.
finish_command() {
  {
    number='' used=''
    [ -f $S/cur ] && IFS=' ' read -r number marker used <$S/cur
    if [ "$used" ] && [ ! -s "$S/st.$used" ]; then
      kind=shell_exited
      if [ "$swept" ] || [ -s $S/swept ]; then kind=killed; fi
      command eval '{ printf "%s" "$marker" 1<>"$S/o.$used"; } &'
      printf '%s %s\n%s\n.\n' $kind "$code" "$workdir" >|"$S/st.$used" || kill -USR2 1
      printf 'done %s\n' "$number" >&5
    fi
    : >|$S/swept
  } </dev/null >/dev/null 2>&1 &
}

# In bash, background processes do not ignore SIGINT under job control. Other shells have none without a terminal.
if [ "$BASH_VERSION" ]; then set -m; fi

# Until they are reaped the killed still take up the limit of processes. bash reaps them by itself, and ends for good
# when it cannot fork; so it waits, without a fork, until few are left.
sweep() {
  kill -9 -1
  looks=0
  while [ "$BASH_VERSION" ] && [ $looks -lt 3000 ]; do
    set -- /proc/[0-9]*
    [ $# -gt 4 ] || return 0
    looks=$((looks + 1))
  done
}
trap 'woken=1' HUP
trap 'woken=1 swept=1; sweep' USR1
trap 'woken=1 swept=1 reset=1; sweep' USR2
prepare_state
while :; do
  if [ "$reset" ] || [ ! -p $S/ctl ] || [ ! -p $S/keep ] || [ ! -p $S/ev ] || [ ! -e $S/begun ] || [ ! -e $S/ready ]; then
    sweep
    command eval prepare_state || { command eval 'sleep 1'; continue; }
  fi
  insist_on_keeper
  shell=''
  command eval start_shell
  if [ "$shell" ]; then
    while :; do
      wait "$shell"
      code=$?
      # A signal to this process ends the wait although the shell lives; so does a stop of the shell.
      kill -0 "$shell" 2>/dev/null || break
      [ "$woken" ] || command eval 'sleep 1'
      woken=''
      insist_on_keeper
    done
    command eval finish_command
    swept=''
  else
    sweep
    # Reaps them in shells that do so only when they are asked for their children.
    jobs >/dev/null 2>&1
    command eval 'sleep 1'
  fi
done
