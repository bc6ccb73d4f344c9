# Functions for putting patches into the repository of a verification container. Given: BASE, the base commit,
# and TM, the folder of patches. POSIX sh; sourced by scripts that run in the repository. Functions that take paths are
# given as many as fit into the arguments of a process.
# For the tests, which may ask git too.
git config --global --add safe.directory "$PWD"

. "$TM/closed-git.sh"
# Contents of Git LFS are in the image.
unset GIT_LFS_SKIP_SMUDGE
# No path is a pattern, and the repository is found where it is the user's own too.
repo() {
  GIT_DIR=$PWD/.git GIT_WORK_TREE=$PWD GIT_LITERAL_PATHSPECS=1 command git $closed -c advice.detachedHead=false "$@"
}

to_base() {
  # Only what differs is written: in a new container every file looks touched.
  repo update-index -q --refresh >/dev/null 2>&1
  repo reset --quiet --hard "$BASE"
}

# Submodules of the base commit, a path a line as git quotes it.
submodules() {
  repo ls-tree -r "$BASE" | sed -n "s/^160000 commit [0-9a-f]*$(printf '\t')//p"
}

is_there() { [ -e "$1" ] || [ -h "$1" ]; }
is_folder() { [ -d "$1" ] && [ ! -h "$1" ]; }
is_tracked() { repo ls-files --error-unmatch -- "$1" >/dev/null 2>&1; }

# Folders that a patch needs: what the image has in their place, though the commit does not, goes.
make_way() {
  for path do
    if is_there "$path" && ! is_folder "$path" && ! is_tracked "$path"; then rm -f -- "$path"; fi
  done
}

# Paths that a patch adds: likewise.
make_room() {
  for path do
    if is_there "$path" && ! is_tracked "$path"; then rm -rf -- "$path"; fi
  done
}

leavings() {
  for path do rm -f -- "$path.rej" "$path.orig"; done
}

# Folders of paths that are put back: a file or link of the patch in their place goes, and is named.
clear_way() {
  for path do
    if is_there "$path" && ! is_folder "$path"; then
      rm -f -- "$path"
      printf '%s\0' "$path" | repo update-index -z --force-remove --stdin || return 1
      printf '%s\0' "$path" >>"$TM/cleared"
    fi
  done
}

# Paths as they are at the base commit: their content, or gone.
restore() {
  printf '%s\0' "$@" | repo update-index -z --force-remove --stdin || return 1
  rm -rf -- "$@"
  repo ls-tree -r -z "$BASE" -- "$@" >"$TM/tree" || return 1
  repo update-index -z --replace --index-info <"$TM/tree" || return 1
  repo ls-tree -r -z --name-only "$BASE" -- "$@" | repo checkout-index -z --quiet --force --stdin
}

# Submodules have no history here: their files stay, their commit is the base commit's again.
restore_submodules() {
  mkdir -p -- "$@" && repo ls-tree -r -z "$BASE" -- "$@" | repo update-index -z --replace --index-info
}

# apply NAME CLEAN OPTIONS…: the patch $TM/NAME, by the gentlest way that works; CLEAN forgets a failed try. With options
# only git can apply it.
apply() {
  name=$1 clean=$2
  shift 2
  repo apply --3way --recount --ignore-space-change --whitespace=nowarn "$@" "$TM/$name" >"$TM/$name.log" 2>&1 && return 0
  "$clean"
  repo apply --whitespace=nowarn "$@" "$TM/$name" >>"$TM/$name.log" 2>&1 && return 0
  "$clean"
  if [ $# -eq 0 ] && command -v patch >/dev/null 2>&1; then
    patch --batch --forward --fuzz=5 -p1 -i "$TM/$name" >>"$TM/$name.log" 2>&1 && return 0
    "$clean"
  fi
  repo apply --reverse --check --recount --whitespace=nowarn "$@" "$TM/$name" >>"$TM/$name.log" 2>&1
}

# Tracked files that differ from the base commit, each name ended by NUL.
changed() {
  repo update-index -q --refresh >/dev/null 2>&1
  repo diff-index -z --name-only --no-renames --ignore-submodules=all "$BASE" --
}

# What stands at each path, a line: a hash of the content, or what else is there.
state() {
  for path do
    if [ -h "$path" ]; then printf 'link %s\n' "$(readlink "$path" | tr '\n' ' ')"
    elif [ -f "$path" ]; then repo hash-object --no-filters -- "$path" || return 1
    else echo none
    fi
  done
}

# Each path with what it holds and what the base commit holds, between lines that begin with the mark $1.
contents() {
  mark=$1
  shift
  for path do
    if [ -f "$path" ] && [ ! -h "$path" ]; then printf '%s file\n' "$mark" && cat -- "$path"; else printf '%s none\n' "$mark"; fi
    if repo cat-file -e "$BASE:$path" 2>/dev/null; then
      printf '\n%s base\n' "$mark" && repo cat-file --filters "$BASE:$path"
    else
      printf '\n%s none\n' "$mark"
    fi
    printf '\n'
  done
}
