# Builds the repository anew with the base commit alone. Runs behind lines that set workdir and commit. Prints facts
# as lines of a name, a tab and a value. Ends with 10 without git, 11 without the repository, 12 without the commit.
set -e
export LC_ALL=C HOME=/nonexistent GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_ATTR_NOSYSTEM=1 GIT_NO_REPLACE_OBJECTS=1
export GIT_TERMINAL_PROMPT=0 GIT_LFS_SKIP_SMUDGE=1 GIT_ADVICE=0
fact() { printf '%s\t%s\n' "$1" "$2"; }
count() { wc -l | tr -d ' '; }

command -v git >/dev/null || exit 10
cd "$workdir" 2>/dev/null || exit 11
repository=$PWD/.git
[ -d "$repository" ] || exit 11
# The repository may belong to another user, and what its configuration names must not run.
cp "$repository/config" /run/tracemill/config 2>/dev/null || : >/run/tracemill/config
rm -f "$repository/index.lock" "$repository/info/grafts" "$repository/config.worktree"
rm -rf "$repository/hooks"
printf '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n' >"$repository/config"
git() { command git -c safe.directory='*' -c core.hooksPath=/dev/null -c core.fsmonitor=false -c gc.auto=0 -c core.quotePath=true "$@"; }
old() { git --git-dir="$repository" --work-tree="$PWD" "$@"; }
old rev-parse --git-dir >/dev/null 2>&1 || exit 11
old cat-file -e "$commit^{commit}" 2>/dev/null || exit 12

fact refs "$(old for-each-ref --format='%(refname)' | grep -vc '^refs/tags/' || :)"
fact tags "$(old for-each-ref refs/tags | count)"
fact remotes "$(git config --file /run/tracemill/config --get-regexp '^remote\..*\.url$' 2>/dev/null | count)"
fact reflog_entries "$(find "$repository/logs" -type f -exec cat {} + 2>/dev/null | count)"
fact all_objects "$(old cat-file --batch-all-objects --batch-check='%(objecttype)' | count)"
fact all_commits "$(old cat-file --batch-all-objects --batch-check='%(objecttype)' | grep -c '^commit' || :)"

branch=$(old symbolic-ref --quiet --short HEAD || :)
case $branch in main | master | develop | trunk) ;; *) branch=main ;; esac
old diff --name-only --no-ext-diff --ignore-submodules=all "$commit" -- . 2>/dev/null | while IFS= read -r path; do fact reset "$path"; done
# By the old index, so that files of other commits leave the work tree.
old reset --hard --quiet "$commit" >/dev/null

fresh=/run/tracemill-fresh.git
rm -rf "$fresh"
mkdir -p "$fresh/objects/pack" "$fresh/objects/info" "$fresh/refs/heads" "$fresh/info"
printf '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n' >"$fresh/config"
for key in user.name user.email core.autocrlf core.eol core.safecrlf core.symlinks core.ignorecase; do
  value=$(git config --file /run/tracemill/config --get "$key" || :)
  if [ "$value" ]; then git config --file "$fresh/config" "$key" "$value"; fi
done
printf 'ref: refs/heads/%s\n' "$branch" >"$fresh/HEAD"
printf '%s\n' "$commit" | old pack-objects --revs --quiet --delta-base-offset "$fresh/objects/pack/pack" >/dev/null
if [ -f "$repository/shallow" ]; then
  while IFS= read -r boundary; do
    if git --git-dir="$fresh" cat-file -e "$boundary" 2>/dev/null; then printf '%s\n' "$boundary" >>"$fresh/shallow"; fi
  done <"$repository/shallow"
fi
printf '%s\n' "$commit" >"$fresh/refs/heads/$branch"
cp "$repository/info/exclude" "$fresh/info/exclude" 2>/dev/null || :
owner=$(ls -nd "$repository" | { read -r mode links user group rest; printf '%s:%s' "$user" "$group"; })
rm -rf "$repository"
mv "$fresh" "$repository"
old read-tree "$commit"
old reset --hard --quiet "$commit" >/dev/null
rm -rf "$repository/logs" "$repository/ORIG_HEAD"
# The history of submodules lay in the old repository; their files stay.
old ls-files --stage | grep '^160000 ' | cut -f2- | while IFS= read -r path; do
  if [ -f "$path/.git" ]; then rm -f "$path/.git"; fi
done

# What installation left untracked belongs to the image, not to the agent.
old ls-files --others --exclude-standard --directory --no-empty-directory | while IFS= read -r path; do fact exclude "$path"; done >/run/tracemill/untracked
cut -f2- </run/tracemill/untracked | sed -e 's/[][*?\\]/\\&/g' -e 's/ $/\\ /' -e 's|^|/|' | grep -v '^/"' >>"$repository/info/exclude" || :
cat /run/tracemill/untracked
chown -R "$owner" "$repository"
if [ "${owner%%:*}" != 0 ]; then HOME=/root GIT_CONFIG_NOSYSTEM='' command git config --system --add safe.directory "$PWD"; fi
fact kept_objects "$(old cat-file --batch-all-objects --batch-check='%(objecttype)' | count)"
fact kept_commits "$(old cat-file --batch-all-objects --batch-check='%(objecttype)' | grep -c '^commit' || :)"
if command -v bash >/dev/null; then fact shell bash; else fact shell sh; fi
find / -xdev \( -path /proc -o -path /sys -o -path "$repository" \) -prune -o \( -name .git -o -name '*.git' -type d -o -name 'pack-*.pack' \) -print 2>/dev/null |
  head -n 50 | while IFS= read -r path; do fact other "$path"; done
fact end 1
