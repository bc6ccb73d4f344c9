# Process 1 of a rollout's container. Arguments: 512-byte blocks of output kept of a command, working directory,
# the loop for bash, the loop for other shells. It reaps orphans, keeps a keeper and the persistent shell alive,
# and, being process 1, cannot be killed from within. USR1 ends everything else and opens a new shell.
S=/run/tracemill blocks=$1 workdir=$2 loop_bash=$3 loop_sh=$4
umask 077
shell='' keeper='' swept='' slot=0

prepare_state() {
  exec 3>&- 4>&- 5>&-
  mkfifo $S/ctl $S/keep $S/ev
  exec 3<>$S/ctl 4<>$S/keep 5<>$S/ev
  printf '%s' "$loop_bash" >|$S/loop.bash
  printf '%s' "$loop_sh" >|$S/loop.sh
  printf 'eval "$__tm_c"\n' >|$S/bash
  printf '%s\n' -1 >|$S/begun
  : >|$S/cur
  : >|$S/swept
  : >|$S/asked
  printf '%s\n' $slot >|$S/slot
  : >|$S/ready
}

# Prepares what a command needs while the shell idles: a pipe for its output with a reader that keeps the first
# part and lets the rest go, and a pipe for its input that stays open until end-of-input is asked for.
prepare_slot() {
  gone=$((slot - 1)) slot=$((slot + 1))
  if [ -s $S/capper.$gone ]; then
    read -r pid <$S/capper.$gone && kill -9 "$pid"
  fi
  rm -f $S/o.$gone $S/i.$gone $S/out.$gone $S/st.$gone $S/cut.$gone $S/capper.$gone
  mkfifo $S/o.$slot $S/i.$slot || return
  exec 6<>$S/i.$slot 7<>$S/o.$slot
  {
    ulimit -f "$blocks"
    trap '' XFSZ
    cat <&8 >>$S/out.$slot &
    printf '%s\n' $! >|$S/capper.$slot
    wait
    : >|$S/capper.$slot
    exec cat <&8 >/dev/null
  } 8<$S/o.$slot 3>&- 4>&- 5>&- 6>&- 7>&- &
  printf '%s\n' $slot >|$S/slot
  prepared=1
}

keep() {
  prepared=''
  read -r slot <$S/slot
  prepare_slot
  while IFS=' ' read -r request number marker <&4; do
    case $request in
      run)
        [ "$prepared" ] || prepare_slot
        prepared=''
        printf '%s %s %s\n' "$number" "$marker" "$slot" >&3
        ;;
      prepare) [ "$prepared" ] || prepare_slot ;;
      end-of-input) exec 6>&- ;;
    esac
  done
}

start_keeper() {
  {
    trap '' INT HUP USR1
    keep
  } </dev/null >/dev/null 2>&1 &
  keeper=$!
}

start_shell() {
  {
    exec 3>&- 4>&- 5>&-
    umask 022
    cd "$workdir" || cd /
    unset S blocks workdir loop_bash loop_sh shell keeper swept slot
    if command -v bash >/dev/null; then exec bash --norc --noprofile -c '. /run/tracemill/loop.bash' bash; fi
    exec sh -c '. /run/tracemill/loop.sh' sh
  } </dev/null >/dev/null 2>&1 &
  shell=$!
  printf '%s\n' $shell >|$S/shell
}

# A command that took its shell along still gets a status.
finish_command() {
  number='' slot_used=''
  IFS=' ' read -r number marker slot_used <$S/cur
  if [ "$slot_used" ] && [ ! -e "$S/st.$slot_used" ]; then
    kind=shell_exited
    if [ -s $S/swept ]; then kind=killed; fi
    { printf '%s' "$marker" 1<>"$S/o.$slot_used"; } &
    printf '%s %s\n%s\n.\n' $kind "$code" "$workdir" >|"$S/st.$slot_used"
    printf 'done %s\n' "$number" >&5
  fi
  : >|$S/swept
}

sweep() {
  printf 'x' >|$S/swept
  kill -9 -1
  swept=1
}

trap sweep USR1
prepare_state
while :; do
  if [ ! -p $S/ctl ] || [ ! -p $S/keep ] || [ ! -p $S/ev ] || [ ! -e $S/begun ]; then
    kill -9 -1
    rm -rf $S/*
    prepare_state
  fi
  kill -0 "$keeper" 2>/dev/null || command eval start_keeper
  shell=''
  command eval start_shell
  if [ "$shell" ]; then
    while :; do
      wait "$shell"
      code=$?
      if [ ! "$swept" ]; then break; fi
      swept=''
    done
    finish_command
  else
    kill -9 -1
    command eval 'sleep 1'
  fi
done
