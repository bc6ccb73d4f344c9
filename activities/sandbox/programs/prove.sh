# Proves in a fresh container that the repository holds the base commit alone. Runs behind lines that set workdir and
# commit. Prints one line for each thing that is not as it must be; then "proven" when there was none.
export LC_ALL=C GIT_NO_REPLACE_OBJECTS=1 GIT_TERMINAL_PROMPT=0 GIT_OPTIONAL_LOCKS=0
failures=0
bad() { failures=$((failures + 1)) && printf '%s\n' "$1"; }
cd "$workdir" || exit 1
git() { command git -c core.hooksPath=/dev/null -c core.fsmonitor=false "$@"; }
r=${PWD%/}/.git

[ "$(git rev-parse HEAD)" = "$commit" ] || bad "HEAD is not the base commit but $(git rev-parse HEAD)"
[ "$(git for-each-ref | wc -l)" -eq 1 ] || bad "$(git for-each-ref | wc -l) references are left instead of one"
[ -z "$(git remote)" ] || bad "remotes are left: $(git remote | head -n 5)"
[ -z "$(git reflog show --all 2>/dev/null)" ] || bad 'reflog entries are left'
for name in packed-refs ORIG_HEAD FETCH_HEAD MERGE_HEAD CHERRY_PICK_HEAD REVERT_HEAD BISECT_LOG AUTO_MERGE COMMIT_EDITMSG logs worktrees modules lost-found rr-cache \
  rebase-merge rebase-apply sequencer hooks refs/tags refs/remotes refs/stash refs/replace objects/info/alternates objects/info/http-alternates objects/info/commit-graph info/grafts; do
  if [ -e "$r/$name" ]; then bad "$name is left"; fi
done
[ "$(find "$r/objects/pack" -name '*.pack' | wc -l)" -eq 1 ] || bad 'there is not exactly one pack'
# A partial clone lacks some of the older objects, and none of the base commit's own.
some=''
[ -z "$(find "$r/objects/pack" -name '*.promisor')" ] || some=--missing=allow-any
git rev-list --objects $some "$commit" >/dev/null 2>&1 || bad 'objects of the base commit are missing'
all=$(git cat-file --batch-all-objects --batch-check='%(objectname)' | sort -u | wc -l)
reached=$(git rev-list --objects $some "$commit" 2>/dev/null | cut -d ' ' -f 1 | sort -u | wc -l)
[ "$all" -eq "$reached" ] || bad "$all objects are stored, $reached of them reachable from the base commit"
absent=$(git rev-list --objects --no-walk --missing=print "$commit" 2>/dev/null | grep -c '^?')
[ "$absent" -eq 0 ] || bad "$absent objects of the base commit are missing"
if [ -e "$r/lfs" ]; then
  git cat-file --batch-all-objects --batch-check='%(objecttype) %(objectsize) %(objectname)' | sed -n 's/^blob [0-9]\{1,3\} //p' |
    git cat-file --batch | sed -n 's/^oid sha256:\([0-9a-f]\{64\}\)$/\1/p' >/run/tracemill/pointers
  unnamed=$(find "$r/lfs" -type f | sed 's|.*/||' | grep -v -c -F -x -f /run/tracemill/pointers)
  [ "$unnamed" -eq 0 ] || bad "$unnamed contents of Git LFS are stored that no pointer names"
fi
git status --porcelain --ignore-submodules=all >/run/tracemill/status 2>/run/tracemill/said || bad "git status fails: $(tail -n 2 /run/tracemill/said)"
[ ! -s /run/tracemill/status ] || bad "the work tree is not clean: $(head -n 5 /run/tracemill/status)"
[ $failures -gt 0 ] || printf 'proven\n'
