# Functions for putting patches into the repository of a verification container. Given: BASE, the base commit,
# and TM, the folder of patches. POSIX sh; sourced by scripts that run in the repository.
git config --global --add safe.directory "$PWD"

# Nothing that a patch leaves behind (hooks, a file system monitor) may run while files are put back.
repo() {
  git -c core.hooksPath=/dev/null -c core.fsmonitor=false -c advice.detachedHead=false "$@"
}

to_base() {
  # Only what differs is written: in a new container every file looks touched.
  repo update-index -q --refresh >/dev/null 2>&1
  repo reset --quiet --hard "$BASE"
}

# One path as it is at the base commit: its content, or gone.
restore() {
  repo rm -r --quiet --cached --force --ignore-unmatch -- "$1" >/dev/null 2>&1
  rm -rf -- "$1"
  if repo cat-file -e "$BASE:$1" 2>/dev/null; then repo checkout --quiet --force "$BASE" -- "$1"; fi
}

# apply NAME CLEAN: the patch $TM/NAME, by the gentlest way that works; CLEAN forgets a failed try.
apply() {
  repo apply --3way --recount --ignore-space-change --whitespace=nowarn "$TM/$1" >"$TM/$1.log" 2>&1 && return 0
  "$2"
  repo apply --whitespace=nowarn "$TM/$1" >>"$TM/$1.log" 2>&1 && return 0
  "$2"
  if command -v patch >/dev/null 2>&1; then
    patch --batch --forward --fuzz=5 -p1 -i "$TM/$1" >>"$TM/$1.log" 2>&1 && return 0
    "$2"
  fi
  repo apply --reverse --check --recount --whitespace=nowarn "$TM/$1" >>"$TM/$1.log" 2>&1
}

# Each tracked file that differs from the base commit, a line: the hash of its content, a blank, its path.
changed() {
  repo update-index -q --refresh >/dev/null 2>&1
  repo -c core.quotePath=false diff-index --name-only --no-renames "$BASE" -- >"$TM/changed" || return 1
  while IFS= read -r path; do
    if [ -h "$path" ]; then hash=link:$(readlink "$path" | tr ' ' _)
    elif [ -f "$path" ]; then hash=$(repo hash-object --no-filters -- "$path") || return 1
    else hash=none
    fi
    printf '%s %s\n' "$hash" "$path"
  done <"$TM/changed"
}
