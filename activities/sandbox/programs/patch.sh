# The change of a work tree against a commit. Reads nothing of the repository but its objects: index, configuration,
# hooks and attributes are the agent's. Runs behind lines that set workdir, repository (the .git folder), commit,
# given (a folder of files that the image's repository brings), what (text, binary), closed_git (a program) and the
# positional parameters (more pathspecs). Ends with 3 when the commit cannot be read.
eval "$closed_git"
own=''
for folder in /tmp /var/tmp /run/tracemill /; do
  own=${folder%/}/.tracemill-patch.$$
  rm -rf "$own"
  mkdir -m 700 "$own" 2>/dev/null && break
  own=''
done
[ "$own" ] || { echo 'no room for a temporary folder' >&2; exit 4; }
trap 'rm -rf "$own" "$given"' EXIT
mkdir -p "$own/objects/info" "$own/refs" "$own/info" || exit 4
printf '%s\n' "$repository/objects" >"$own/objects/info/alternates"
printf 'ref: refs/heads/main\n' >"$own/HEAD"
format=0
[ ${#commit} -eq 40 ] || format=1
printf '[core]\n\trepositoryformatversion = %s\n\tfilemode = true\n\tbare = false\n\tattributesFile = %s\n' $format "$given/attributes" >"$own/config"
[ $format = 0 ] || printf '[extensions]\n\tobjectFormat = sha256\n' >>"$own/config"
cat "$given/config" >>"$own/config"
cp "$given/exclude" "$own/info/exclude"
cp "$given/infoAttributes" "$own/info/attributes"
export GIT_DIR="$own" GIT_WORK_TREE="$workdir" GIT_INDEX_FILE="$own/index"
cd "$workdir" || exit 4
git cat-file -e "$commit^{tree}" 2>/dev/null || exit 3
git read-tree "$commit" >&2 || exit 3
# Repositories within the repository cannot always be added; all else is.
git add --all --ignore-errors -- . >/dev/null 2>&1
compare() { git diff --cached --no-color --no-ext-diff --no-textconv --no-renames --ignore-submodules=all "$@"; }
# What looked changed before the agent was there is taken back from the commit.
if [ -s "$given/baseline" ]; then
  compare --raw --no-abbrev "$commit" -- . | grep -F -x -f "$given/baseline" |
    sed "s/^:\([0-7]*\) [0-7]* \([0-9a-f]*\) [0-9a-f]* [A-Z][0-9]*\($(printf '\t').*\)$/\1 \2\3/" | git update-index --index-info
fi
case $what in
  binary) compare --numstat -z "$commit" -- . ;;
  text) compare --binary --full-index "$commit" -- . "$@" ;;
esac
