printf 500 >/proc/self/oom_score_adj
__tm_n='' __tm_s=0 __tm_i='' __tm_S=/run/tracemill
unset __tm_x
__tm_q() { return "$1"; }
while :; do while :; do
  if [ "$__tm_n" ]; then
    trap : INT
    if [ "$__tm_i" ]; then __tm_i='' __tm_s=130; fi
    command printf '%s%s' "$__tm_m" "$__tm_l" 1<>"$__tm_S/o.$__tm_k" || :
    command printf 'exited %s\n%s\n.\n' "$__tm_s" "$PWD" >|"$__tm_S/st.$__tm_k" || exit 97
    command printf 'done %s\n' "$__tm_n" 1<>$__tm_S/ev || :
    __tm_n=''
  fi
  IFS=' ' command read -r __tm_n __tm_m __tm_k <$__tm_S/ctl || exit 99
  IFS='' command read -r __tm_b <$__tm_S/begun || exit 99
  [ "$__tm_n" -gt "$__tm_b" ] || { __tm_n=''; continue; }
  __tm_l=${__tm_m#????????} __tm_m=${__tm_m%"$__tm_l"}
  command printf '%s %s%s %s\n' "$__tm_n" "$__tm_m" "$__tm_l" "$__tm_k" >|$__tm_S/cur || exit 98
  command printf '%s\n' "$__tm_n" >|$__tm_S/begun || exit 98
  trap '__tm_i=1; exec 2>/dev/null; : ${__tm_x?}' INT
  case $- in *e*) ;; *) __tm_q "$__tm_s" ;; esac
  command . $__tm_S/sh <"$__tm_S/i.$__tm_k" 1<>"$__tm_S/o.$__tm_k" 2>&1
  __tm_s=$?
done; done
