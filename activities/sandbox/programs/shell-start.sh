# What start files of an interactive bash set up: ~/.bashrc and the system's, or (pass is "login") those of a login shell. Runs
# behind lines that set workdir, pass and patience (seconds). Prints how they ended: none (no bash), read (to their end),
# exited (one of them ended the shell), replaced (one put another program in its place) or timed_out; then the exported variables
# before, those at that moment, and the functions. Two NULs stand before each part: the shell of the image may have printed
# something. What the files themselves print is thrown away.
S=/run/tracemill
command -v bash >/dev/null 2>&1 || { printf '\000\000none'; exit 0; }
cd "$workdir" 2>/dev/null || cd /
rm -f $S/how $S/variables $S/functions $S/late
# The trap is for files that end the shell, the function for those that start another; a file that sets a trap of its own is
# not overruled. Without a terminal bash complains about job control, to where nobody reads.
{
  printf '%s\n' '__tm_seen() {
  local __tm_how=$1
  trap - EXIT
  unset -f __tm_seen exec
  command -p cat /proc/self/environ >/run/tracemill/variables
  declare -f >/run/tracemill/functions
  builtin printf %s "$__tm_how" >/run/tracemill/how
}
exec() {
  if [ $# -eq 0 ] || [ "$BASHPID" != $$ ]; then builtin exec "$@"; return; fi
  __tm_seen replaced
  builtin exit
}
trap "__tm_seen exited" EXIT'
  if [ "$pass" = login ]; then
    printf '%s\n' '[ -r /etc/profile ] && . /etc/profile
if [ -r ~/.bash_profile ]; then . ~/.bash_profile; elif [ -r ~/.bash_login ]; then . ~/.bash_login; elif [ -r ~/.profile ]; then . ~/.profile; fi'
  else
    printf '%s\n' '[ -r ~/.bashrc ] && . ~/.bashrc'
  fi
} >$S/rc
# Other options of the image must not change how the files are read, nor print.
env -u BASH_ENV -u SHELLOPTS -u BASHOPTS -u POSIXLY_CORRECT bash --rcfile $S/rc -i -c '__tm_seen read' </dev/null >/dev/null 2>&1 &
shell=$!
# Of the signals that end an interactive bash, this one is not ignored, and lets it run its trap.
(
  sleep "$patience"
  : >$S/late
  kill -HUP $shell
) >/dev/null 2>&1 &
watch=$!
wait $shell
kill $watch 2>/dev/null
[ -s $S/how ] || { printf '\000\000replaced'; exit 0; }
printf '\000\000'
if [ -e $S/late ]; then printf timed_out; else cat $S/how; fi
printf '\000\000'
cat /proc/self/environ
printf '\000\000'
cat $S/variables
printf '\000\000'
cat $S/functions
