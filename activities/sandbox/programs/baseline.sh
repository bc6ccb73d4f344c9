# How the untouched work tree differs from its commit for a patch that is taken with the configuration of $kept: contents of
# Git LFS, modes that the image does not look at. Runs behind lines that set workdir, commit, closed_git and kept.
set -e
eval "$closed_git"
cd "$workdir"
own=/run/tracemill-baseline
rm -rf "$own"
trap 'rm -rf "$own"' EXIT
mkdir -p "$own/objects/info" "$own/refs" "$own/info"
printf '%s\n' "$PWD/.git/objects" >"$own/objects/info/alternates"
printf 'ref: refs/heads/main\n' >"$own/HEAD"
[ ${#commit} -eq 40 ] || format=1
printf '[core]\n\trepositoryformatversion = %s\n\tfilemode = true\n\tbare = false\n\tattributesFile = %s\n' "${format:-0}" "$kept/attributes" >"$own/config"
[ ! "$format" ] || printf '[extensions]\n\tobjectFormat = sha256\n' >>"$own/config"
cat "$kept/config" >>"$own/config"
cp "$kept/exclude" "$own/info/exclude"
cp "$kept/info-attributes" "$own/info/attributes"
export GIT_DIR="$own" GIT_WORK_TREE="$PWD" GIT_INDEX_FILE="$own/index"
git read-tree "$commit"
git add --all --ignore-errors -- . >/dev/null 2>"$own/errors" || :
git diff --cached --raw --no-abbrev --no-renames --ignore-submodules=all "$commit" -- .
