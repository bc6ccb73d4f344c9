# Runs the program of one submission of a job, and leaves in the submission's folder who runs it and how it ended. Run by
# sh, wherever the job runs: it needs neither a worker nor Node. Arguments: the folder; `node` on each node of a job of several.
# A scheduler says by TRACEMILL_JOB_OWNER which of its jobs this is, and by TRACEMILL_JOB_RESTART how often it started it again.
# One that starts this program on each node by itself says by TRACEMILL_JOB_NODE on which. Where nobody can send a signal,
# TRACEMILL_JOB_WATCH says every how many seconds to look for a request in the folder, which then counts as USR1.
#
# USR1 asks for a checkpoint. It is passed on to those processes of the job that catch it, since it would kill the others,
# such as the launcher. TERM ends the job: by a checkpoint when none was asked for yet, the next time at once.
set -u
here=$1 role=${2:-job}
node=${TRACEMILL_JOB_NODE:-${SLURM_PROCID:-0}}
child='' code='' watcher='' asked=0 terminated=0 killer=''
trap 'ask_for_checkpoint' USR1
trap 'terminate' TERM
. "$here/settings.sh"
mark="$here/"
[ "$role" = job ] && [ -z "${TRACEMILL_JOB_NODE:-}" ] || mark="$here/node-$node/"

now() { date -u +%Y-%m-%dT%H:%M:%SZ; }

# Field 22 of /proc/PID/stat; the second one, a name in parentheses, may hold spaces.
start_time() {
  IFS= read -r stat 2>/dev/null <"/proc/$1/stat" || return 0
  set -- ${stat##*) }
  echo "${20}"
}

# Replaces a file by its input, durably.
replace() {
  partial="$1.$$.partial"
  cat >"$partial" && sync "$partial" && mv -f "$partial" "$1" && sync "$here"
}

oom_kills() {
  while read -r key value; do
    if [ "$key" = oom_kill ]; then echo "$value" && return; fi
  done 2>/dev/null </proc/vmstat
  echo 0
}

# The processes of the program, wherever they moved: they inherit a variable of the environment.
members() {
  grep -lF -e "TRACEMILL_SUBMISSION=$mark" /proc/[0-9]*/environ 2>/dev/null | while IFS=/ read -r _ _ pid _; do echo "$pid"; done
}

# Bit 9 of the caught signals is USR1.
catches_usr1() {
  while read -r key value; do
    if [ "$key" = SigCgt: ]; then
      case $value in *[2367abef]??) return 0 ;; esac
      return 1
    fi
  done 2>/dev/null <"/proc/$1/status"
  return 1
}

ask_for_checkpoint() {
  asked=1 heard=0
  [ -n "$child" ] || return 0
  if [ "$nodes" -gt 1 ] && [ "$role" = job ] && [ -z "${TRACEMILL_JOB_NODE:-}" ]; then
    # srun passes it on to this program on each node.
    kill -USR1 "$child" 2>/dev/null && heard=1
  else
    for member in $(members); do
      if catches_usr1 "$member" && kill -USR1 "$member" 2>/dev/null; then heard=$((heard + 1)); fi
    done
  fi
  if [ "$role" = job ]; then printf '{"heard":%s,"at":"%s"}\n' "$heard" "$(now)" | replace "$here/checkpoint.json"; fi
}

send() {
  kill -"$1" $(members) $child 2>/dev/null
}

terminate() {
  terminated=1
  [ -n "$child" ] || return 0
  if [ $asked = 0 ]; then
    ask_for_checkpoint
    if [ "$heard" -gt 0 ]; then
      after "$grace" TERM
      return 0
    fi
  fi
  send TERM
  after 10 KILL
}

# By a timer: the number may belong to another program by now.
signal_self() {
  [ "$(start_time $$)" != "$started" ] || kill -"$1" $$
}

# Sends a signal after some seconds: TERM to this program, KILL to the job.
after() {
  [ -z "$killer" ] || kill "$killer" 2>/dev/null
  (
    trap 'kill $nap 2>/dev/null; exit 0' TERM
    sleep "$1" &
    nap=$!
    wait $nap
    if [ "$2" = KILL ]; then send KILL; else signal_self TERM; fi
  ) &
  killer=$!
}

watch_time() {
  trap 'kill $nap 2>/dev/null; exit 0' TERM
  sleep "$checkpoint_after" &
  nap=$!
  wait $nap
  : >"$here/time-limit"
  signal_self USR1
  sleep "$stop_after" &
  nap=$!
  wait $nap
  signal_self TERM
}

# The first node keeps the time limit, and the others follow it.
watch_requests() {
  nap=''
  trap 'kill $nap 2>/dev/null; exit 0' TERM
  while :; do
    sleep "$TRACEMILL_JOB_WATCH" &
    nap=$!
    wait $nap
    [ ! -e "$here/asked-checkpoint.json" ] && [ ! -e "$here/asked-cancel.json" ] || break
    [ "$role" = job ] || [ ! -e "$here/time-limit" ] || break
  done
  signal_self USR1
}

start_watching() {
  [ -n "${TRACEMILL_JOB_WATCH:-}" ] || return 0
  watch_requests &
  watcher=$!
}

# One shell waits for the program, whatever signals come in between: `wait` returns early for each of them.
wait_for_program() {
  while :; do
    wait "$child"
    code=$?
    [ "$code" -gt 128 ] && [ -d "/proc/$child" ] || break
  done
  if [ "$code" -gt 128 ]; then
    # A shell that reaps children by itself remembers their status; one that does not says 127.
    wait "$child" 2>/dev/null
    again=$?
    [ "$again" = 127 ] || code=$again
  fi
}

started=$(start_time $$)

run_program() {
  (
    cd "$folder" || exit 126
    . "$here/environment.sh"
    export TRACEMILL_SUBMISSION="$mark"
    launch
  ) </dev/null &
  child=$!
  wait_for_program
}

if [ "$role" = node ]; then
  [ -n "${TRACEMILL_JOB_NODE:-}" ] || export PET_NODE_RANK="${SLURM_NODEID:-0}"
  launch() { program; }
  # Several machines that append to one file would overwrite each other's lines.
  [ -z "${TRACEMILL_JOB_NODE:-}" ] || exec >>"$here/node-$node.log" 2>&1
  start_watching
  run_program
  [ -z "$watcher" ] || kill "$watcher" 2>/dev/null
  [ -z "$killer" ] || kill "$killer" 2>/dev/null
  if [ -n "${TRACEMILL_JOB_NODE:-}" ] && [ "$code" != 0 ]; then
    { echo "--- tracemill: node $node ended with exit code $code; its last lines:" && tail -n 100 "$here/node-$node.log"; } >>"$folder/output.log"
  fi
  exit "$code"
fi

launch() {
  if [ "$nodes" -gt 1 ] && [ -z "${TRACEMILL_JOB_NODE:-}" ]; then
    # Read by torchrun.
    export PET_NNODES="$nodes" PET_MASTER_ADDR="$(uname -n)" PET_MASTER_PORT="$((20000 + ${SLURM_JOB_ID:-0} % 10000))"
    # srun takes the number of cores from nobody but its command line.
    exec srun --nodes="$nodes" --ntasks="$nodes" --ntasks-per-node=1 --cpus-per-task="${SLURM_CPUS_PER_TASK:-1}" --cpu-bind=none \
      --kill-on-bad-exit=1 --export=ALL sh "$here/run-job.sh" "$here" node
  fi
  program
}

boot=none
IFS= read -r boot 2>/dev/null </proc/sys/kernel/random/boot_id
owner=${TRACEMILL_JOB_OWNER:-$boot-$$-$started}
restart=${TRACEMILL_JOB_RESTART:-0}

# Whatever submitted it twice: the first one to come here runs the program, every other one ends.
printf '{"format":1,"owner":"%s","pid":%s,"started":"%s","boot_id":"%s","host":"%s","at":"%s"}\n' \
  "$owner" $$ "$started" "$boot" "$(uname -n)" "$(now)" >"$here/owner.$$.partial"
sync "$here/owner.$$.partial"
if ! ln "$here/owner.$$.partial" "$here/owner.json" 2>/dev/null; then
  # Some file systems have no links.
  [ -e "$here/owner.json" ] || (set -C && cat "$here/owner.$$.partial" >"$here/owner.json") 2>/dev/null
fi
rm -f "$here/owner.$$.partial"
sync "$here"
IFS= read -r line <"$here/owner.json"
case $line in
  *"\"owner\":\"$owner\""*) ;;
  *)
    echo "$(now) $owner ends: the submission belongs to another one: $line" >>"$here/duplicates.log"
    exit 0
    ;;
esac
if [ -e "$here/result.json" ]; then
  IFS= read -r line <"$here/result.json"
  case $line in *'"exit_code":0,'*'"checkpoint_asked":false'*) exit 0 ;; esac
  [ "$restart" -gt 0 ] || exit 0
  mv -f "$here/result.json" "$here/result-before-restart-$restart.json"
fi
rm -f "$here/time-limit" "$here/checkpoint.json"

started_at=$(now)
kills_before=$(oom_kills)
timer=''
exec >>"$folder/output.log" 2>&1
echo "--- tracemill: submission $submission of $name, restart $restart, on $(uname -n) at $started_at"
if [ $asked = 0 ] && [ $terminated = 0 ]; then
  if [ -n "$checkpoint_after" ]; then
    watch_time &
    timer=$!
  fi
  start_watching
  run_program
else
  code=143
fi
[ -z "$timer" ] || kill "$timer" 2>/dev/null
[ -z "$watcher" ] || kill "$watcher" 2>/dev/null
[ -z "$killer" ] || kill "$killer" 2>/dev/null

# What the program left behind would hold its memory and its GPUs.
child=''
if [ -n "$(members)" ]; then
  send TERM
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    [ -n "$(members)" ] || break
    sleep 0.5
  done
  send KILL
fi

yes_or_no() { if "$@"; then echo true; else echo false; fi; }
# A full disk may be emptied in time; without a result the job counts as failed.
for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
  printf '{"format":1,"exit_code":%s,"started_at":"%s","ended_at":"%s","restart":%s,"checkpoint_asked":%s,"terminated":%s,"timed_out":%s,"oom_kills":%s}\n' \
    "$code" "$started_at" "$(now)" "$restart" "$(yes_or_no [ $asked = 1 ])" "$(yes_or_no [ $terminated = 1 ])" \
    "$(yes_or_no [ -e "$here/time-limit" ])" "$(($(oom_kills) - kills_before))" | replace "$here/result.json" && break
  sleep 5
done
exit "$code"
