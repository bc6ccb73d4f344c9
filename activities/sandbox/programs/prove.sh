# Proves in a fresh container that the repository holds the base commit alone. Runs behind lines that set workdir and
# commit. Prints one line for each thing that is not as it must be; then "proven" when there was none.
export LC_ALL=C GIT_NO_REPLACE_OBJECTS=1 GIT_TERMINAL_PROMPT=0 GIT_OPTIONAL_LOCKS=0
failures=0
bad() { failures=$((failures + 1)) && printf '%s\n' "$1"; }
cd "$workdir" || exit 1
git() { command git -c core.hooksPath=/dev/null -c core.fsmonitor=false "$@"; }
r=$PWD/.git

[ "$(git rev-parse HEAD)" = "$commit" ] || bad "HEAD is not the base commit but $(git rev-parse HEAD)"
[ "$(git for-each-ref | wc -l)" -eq 1 ] || bad "$(git for-each-ref | wc -l) references are left instead of one"
[ -z "$(git remote)" ] || bad "remotes are left: $(git remote | head -n 5)"
[ -z "$(git reflog show --all 2>/dev/null)" ] || bad 'reflog entries are left'
for name in packed-refs ORIG_HEAD FETCH_HEAD MERGE_HEAD CHERRY_PICK_HEAD REVERT_HEAD BISECT_LOG AUTO_MERGE COMMIT_EDITMSG logs worktrees modules lost-found rr-cache \
  rebase-merge rebase-apply sequencer hooks refs/tags refs/remotes refs/stash refs/replace objects/info/alternates objects/info/http-alternates objects/info/commit-graph info/grafts; do
  if [ -e "$r/$name" ]; then bad "$name is left"; fi
done
[ "$(find "$r/objects/pack" -name '*.pack' | wc -l)" -eq 1 ] || bad 'there is not exactly one pack'
all=$(git cat-file --batch-all-objects --batch-check='%(objectname)' | sort -u | wc -l)
reached=$(git rev-list --objects "$commit" | cut -d ' ' -f 1 | sort -u | wc -l)
[ "$all" -eq "$reached" ] || bad "$all objects are stored, $reached of them reachable from the base commit"
git rev-list --objects "$commit" >/dev/null 2>&1 || bad 'objects of the base commit are missing'
dirty=$(git status --porcelain --ignore-submodules=all 2>&1 | head -n 5)
[ -z "$dirty" ] || bad "the work tree is not clean: $dirty"
[ $failures -gt 0 ] || printf 'proven\n'
