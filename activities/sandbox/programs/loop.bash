shopt -s expand_aliases
printf 500 >/proc/self/oom_score_adj
__tm_n= __tm_s=0 __tm_i= __tm_S=/run/tracemill
__tm_q() { return "$1"; }
__tm_d() { ((${#BASH_SOURCE[@]} > 2)) && return 2; return 0; }
while :; do while :; do
  if [[ $__tm_n ]]; then
    trap : INT
    if [[ $__tm_i ]]; then trap - DEBUG; shopt -u extdebug; set +T; __tm_i= __tm_s=130; fi
    printf '%s' "$__tm_m" 1<>"$__tm_S/o.$__tm_k"
    printf 'exited %s\n%s\n.\n' "$__tm_s" "$PWD" >|"$__tm_S/st.$__tm_k"
    printf 'done %s\n' "$__tm_n" 1<>$__tm_S/ev
    __tm_n=
  fi
  IFS=' ' read -r __tm_n __tm_m __tm_k <$__tm_S/ctl || { [[ $? -gt 128 ]] && __tm_n= && continue; exit 99; }
  IFS= read -r __tm_b <$__tm_S/begun || exit 99
  [[ $__tm_n -gt $__tm_b ]] || { __tm_n=; continue; }
  printf '%s %s %s\n' "$__tm_n" "$__tm_m" "$__tm_k" >|$__tm_S/cur
  printf '%s\n' "$__tm_n" >|$__tm_S/begun
  IFS= read -r -d '' __tm_c <$__tm_S/sh
  trap '__tm_i=1; shopt -s extdebug; set -T; trap __tm_d DEBUG; return 130' INT
  __tm_q "$__tm_s"
  . $__tm_S/bash <"$__tm_S/i.$__tm_k" 1<>"$__tm_S/o.$__tm_k" 2>&1
  __tm_s=$?
done; done
