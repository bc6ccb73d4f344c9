# What the start files of an interactive bash set up. Runs behind a line that sets workdir. Prints how they ended: none (no
# bash), read (to their end), exited (one of them ended the shell) or replaced (nothing is known of the shell); then the
# exported variables before and after, then the functions. Two NULs stand before each part: the shell of the image may have
# printed something. What the files themselves print is thrown away.
S=/run/tracemill
command -v bash >/dev/null 2>&1 || { printf '\000\000none'; exit 0; }
cd "$workdir" 2>/dev/null || cd /
# The trap is for files that end the shell; a file that sets a trap of its own is not overruled.
# Without a terminal bash complains about job control, to where nobody reads.
printf '%s\n' '__tm_seen() {
  local __tm_how=$1
  trap - EXIT
  unset -f __tm_seen
  command -p cat /proc/self/environ >/run/tracemill/variables
  declare -f >/run/tracemill/functions
  builtin printf %s "$__tm_how" >/run/tracemill/how
}
trap "__tm_seen exited" EXIT
[ -r ~/.bashrc ] && . ~/.bashrc' >$S/rc
rm -f $S/how $S/variables $S/functions
# Other options of the image must not change how the files are read, nor print.
env -u BASH_ENV -u SHELLOPTS -u BASHOPTS bash --rcfile $S/rc -i -c '__tm_seen read' </dev/null >/dev/null 2>&1
[ -s $S/how ] || { printf '\000\000replaced'; exit 0; }
printf '\000\000'
cat $S/how
printf '\000\000'
cat /proc/self/environ
printf '\000\000'
cat $S/variables
printf '\000\000'
cat $S/functions
