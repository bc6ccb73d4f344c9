# The change of a work tree against a commit. Reads nothing of the repository but its objects: index, configuration,
# hooks and attributes are the agent's. Runs behind lines that set workdir, repository (the .git folder), commit,
# exclude (patterns), attributes, what (text, binary) and the positional parameters (more pathspecs). Ends with 3
# when the commit cannot be read.
unset $(env | sed -n 's/^\(GIT_[A-Za-z0-9_]*\)=.*/\1/p')
export LC_ALL=C GIT_CONFIG_NOSYSTEM=1 GIT_ATTR_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_OPTIONAL_LOCKS=0 GIT_NO_REPLACE_OBJECTS=1
export GIT_TERMINAL_PROMPT=0 GIT_LITERAL_PATHSPECS=0
unset CDPATH
own=''
for folder in /tmp /var/tmp /run/tracemill /; do
  own=${folder%/}/.tracemill-patch.$$
  rm -rf "$own"
  mkdir -m 700 "$own" 2>/dev/null && break
  own=''
done
[ "$own" ] || { echo 'no room for a temporary folder' >&2; exit 4; }
trap 'rm -rf "$own"' EXIT
mkdir -p "$own/objects/info" "$own/refs" "$own/info" || exit 4
printf '%s\n' "$repository/objects" >"$own/objects/info/alternates"
printf 'ref: refs/heads/main\n' >"$own/HEAD"
printf '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = false\n[gc]\n\tauto = 0\n' >"$own/config"
printf '%s' "$exclude" >"$own/info/exclude"
printf '%s' "$attributes" >"$own/info/attributes"
export HOME="$own" XDG_CONFIG_HOME="$own" GIT_DIR="$own" GIT_WORK_TREE="$workdir" GIT_INDEX_FILE="$own/index"
cd "$workdir" || exit 4
git -c core.hooksPath=/dev/null cat-file -e "$commit^{tree}" 2>/dev/null || exit 3
git read-tree "$commit" >&2 || exit 3
# Repositories within the repository cannot always be added; all else is.
git add --all --ignore-errors -- . >/dev/null 2>&1
compare() { git diff --cached --no-color --no-ext-diff --no-textconv --no-renames --ignore-submodules=all "$@"; }
case $what in
  binary) compare --numstat -z "$commit" -- . ;;
  text) compare --binary --full-index "$commit" -- . "$@" ;;
esac
