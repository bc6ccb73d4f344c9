printf 500 >/proc/self/oom_score_adj
__tm_n='' __tm_s=0 __tm_i='' __tm_S=/run/tracemill
unset __tm_x
__tm_q() { return "$1"; }
while :; do while :; do
  if [ "$__tm_n" ]; then
    trap : INT
    if [ "$__tm_i" ]; then __tm_i='' __tm_s=130; fi
    printf '%s' "$__tm_m" 1<>"$__tm_S/o.$__tm_k"
    printf 'exited %s\n%s\n.\n' "$__tm_s" "$PWD" >|"$__tm_S/st.$__tm_k"
    printf 'done %s\n' "$__tm_n" 1<>$__tm_S/ev
    __tm_n=''
  fi
  IFS=' ' read -r __tm_n __tm_m __tm_k <$__tm_S/ctl || exit 99
  IFS='' read -r __tm_b <$__tm_S/begun || exit 99
  [ "$__tm_n" -gt "$__tm_b" ] || { __tm_n=''; continue; }
  printf '%s %s %s\n' "$__tm_n" "$__tm_m" "$__tm_k" >|$__tm_S/cur
  printf '%s\n' "$__tm_n" >|$__tm_S/begun
  trap '__tm_i=1; exec 2>/dev/null; : ${__tm_x?}' INT
  __tm_q "$__tm_s"
  command . $__tm_S/sh <"$__tm_S/i.$__tm_k" 1<>"$__tm_S/o.$__tm_k" 2>&1
  __tm_s=$?
done; done
