shopt -s expand_aliases
printf 500 >/proc/self/oom_score_adj
[[ -r /etc/tracemill-functions.bash ]] && . /etc/tracemill-functions.bash
__tm_n= __tm_s=0 __tm_i= __tm_S=/run/tracemill
__tm_q() { return "$1"; }
__tm_d() { ((${#BASH_SOURCE[@]} > 2)) && return 2; return 0; }
while :; do while :; do
  if [[ $__tm_n ]]; then
    builtin trap : INT
    if [[ $__tm_i ]]; then builtin trap - DEBUG; builtin shopt -u extdebug; builtin set +T; __tm_i= __tm_s=130; fi
    builtin printf '%s%s' "$__tm_m" "$__tm_l" 1<>"$__tm_S/o.$__tm_k" || :
    builtin printf 'exited %s\n%s\n.\n' "$__tm_s" "$PWD" >|"$__tm_S/st.$__tm_k" || builtin exit 97
    builtin printf 'done %s\n' "$__tm_n" 1<>$__tm_S/ev || :
    __tm_n=
  fi
  IFS=' ' builtin read -r __tm_n __tm_m __tm_k <$__tm_S/ctl || { [[ $? -gt 128 ]] && __tm_n= && builtin continue; builtin exit 99; }
  IFS= builtin read -r __tm_b <$__tm_S/begun || builtin exit 99
  [[ $__tm_n -gt $__tm_b ]] || { __tm_n=; builtin continue; }
  __tm_l=${__tm_m#????????} __tm_m=${__tm_m%"$__tm_l"}
  builtin printf '%s %s%s %s\n' "$__tm_n" "$__tm_m" "$__tm_l" "$__tm_k" >|$__tm_S/cur || builtin exit 98
  builtin printf '%s\n' "$__tm_n" >|$__tm_S/begun || builtin exit 98
  IFS= builtin read -r -d '' __tm_c <$__tm_S/sh || :
  builtin export -n "${!__tm_@}"
  builtin trap '__tm_i=1; shopt -s extdebug; set -T; trap __tm_d DEBUG; return 130' INT
  case $- in *e*) ;; *) __tm_q "$__tm_s" ;; esac
  builtin . $__tm_S/bash <"$__tm_S/i.$__tm_k" 1<>"$__tm_S/o.$__tm_k" 2>&1
  __tm_s=$?
done; done
