# Steps of taking the change of a work tree against a commit, over an index of their own. Of the repository they read
# objects, and index or HEAD, alone: configuration, hooks and attributes are the agent's. Runs behind lines that set workdir,
# repository (a .git folder with the commit), agent (the .git of the work tree), commit, name, own (the folder of the steps,
# empty before the first one) and closed_git (a program), and ahead of the name of a step. Files `kept-…` of the folder say how
# the image's repository converts contents, and what was installed. Paths go in as lines quoted as git quotes them, and come
# out as lists that end each path with NUL. Ends with 3 when the commit cannot be read, 4 without room, 5 when git fails.
eval "$closed_git"

begin() {
  # What the agent's user closed to itself is opened; root reads it anyway.
  [ "$(id -u)" = 0 ] || find "$workdir" -xdev ! -type l ! -perm -400 -exec chmod u+rX {} \; 2>/dev/null
  for folder in /tmp /var/tmp / /run/tracemill; do
    own=${folder%/}/.tracemill-patch.$name
    mkdir -p "$folder" 2>/dev/null
    rm -rf "$own"
    mkdir -m 700 "$own" 2>/dev/null && break
    own=''
  done
  [ "$own" ] || { echo 'no room for a temporary folder' >&2; exit 4; }
  mkdir -p "$own/objects/info" "$own/refs" "$own/info" "$own/nothing" || exit 4
  printf '%s\n' "$repository/objects" >"$own/objects/info/alternates"
  [ "$agent" = "$repository" ] || [ ! -d "$agent/objects" ] || printf '%s\n' "$agent/objects" >>"$own/objects/info/alternates"
  printf 'ref: refs/heads/main\n' >"$own/HEAD"
  format=0
  [ ${#commit} -eq 40 ] || format=1
  printf '[core]\n\trepositoryformatversion = %s\n\tfilemode = true\n\tbare = false\n\tlooseCompression = 1\n\tattributesFile = %s\n' \
    $format "$own/kept-attributes" >"$own/config"
  [ $format = 0 ] || printf '[extensions]\n\tobjectFormat = sha256\n' >>"$own/config"
}

enter() {
  export GIT_DIR="$own" GIT_INDEX_FILE="$own/index"
  # An agent that removed the work tree removed every file.
  [ -d "$workdir" ] || workdir=$own/nothing
  export GIT_WORK_TREE="$workdir"
  cd "$workdir" || exit 4
  # A work tree that is the whole file system has these in it.
  everything=''
  [ "$workdir" != / ] || everything="--exclude=/proc/ --exclude=/sys/ --exclude=/dev/ --exclude=/run/ --exclude=$own/"
  raw='--raw --no-abbrev --no-renames --ignore-submodules=all'
  rules="--exclude-per-directory=.gitignore --exclude-from=$own/info/exclude $everything"
}

failed() {
  [ ! -s "$own/errors" ] || tail -c 1000 "$own/errors" >&2
  exit 5
}

# A file of the folder: its name and size in a line, then its content.
give() {
  printf '%s %s\n' "$1" "$(wc -c <"$own/$1" | tr -d ' ')"
  cat "$own/$1"
}

open() {
  begin
  enter
  git cat-file -e "$commit^{tree}" 2>/dev/null || { rm -rf "$own"; exit 3; }
  git read-tree "$commit" 2>"$own/errors" || { rm -rf "$own"; exit 3; }
  printf '%s' "$own"
}

# What is new in the work tree, what the agent staged and committed, what is too large or no file at all.
survey() {
  cat "$own/kept-config" >>"$own/config" && cat "$own/kept-exclude" >>"$own/info/exclude" || exit 4
  git ls-files -z --others $rules >"$own/untracked" 2>"$own/errors" || failed
  git ls-files --stage 2>/dev/null | sed -n "s/^160000 [0-9a-f]* 0$(printf '\t')//p" >"$own/gitlinks"
  find . \( -name .git -o -path ./proc -o -path ./sys -o -path ./dev \) -prune -o -type f -size +"$large" -print0 >"$own/large" 2>/dev/null
  find . \( -name .git -o -path ./proc -o -path ./sys -o -path ./dev -o -path ./run \) -prune -o ! -type f ! -type d ! -type l -print0 >"$own/special" 2>/dev/null
  : >"$own/staged"
  : >"$own/skipped"
  if [ -f "$agent" ]; then agent=$(sed -n 's/^gitdir: //p' "$agent"); fi
  cp "$agent"/sharedindex.* "$own/" 2>/dev/null
  if ! cp "$agent/index" "$own/agent-index" 2>/dev/null || ! against_index; then against_head; fi
  for list in untracked gitlinks large special staged skipped; do give $list; done
  attributes=$(git diff --name-only --no-ext-diff --ignore-submodules=all -- .gitattributes '*/.gitattributes' 2>"$own/errors") || failed
  others=$(git ls-files --others -- .gitattributes '*/.gitattributes' 2>"$own/errors") || failed
  [ "$attributes$others" ] || changed
}

against_index() {
  GIT_INDEX_FILE=$own/agent-index git diff-index --cached -z $raw --ita-visible-in-index "$commit" >"$own/staged" 2>/dev/null || return 1
  GIT_INDEX_FILE=$own/agent-index git ls-files -t 2>/dev/null | sed -n 's/^S //p' >"$own/skipped"
}

# Where the agent's index cannot be read.
against_head() {
  : >"$own/staged"
  head=$(GIT_DIR=$agent git rev-parse --verify --quiet 'HEAD^{commit}' 2>/dev/null) || return 0
  git diff-tree -r -z $raw "$commit" "$head" >"$own/staged" 2>/dev/null || : >"$own/staged"
}

# Attributes of all files, and of the paths in `paths`: by the .gitattributes of the commit, then by those of the work tree.
attributes() {
  { git ls-files && cat "$own/paths"; } >"$own/all" 2>"$own/errors" || failed
  git check-attr --cached --all --stdin <"$own/all" >"$own/before" 2>"$own/errors" || failed
  git check-attr --all --stdin <"$own/all" >"$own/after" 2>"$own/errors" || failed
  give before
  give after
}

# Tracked files that are not as in the commit.
changed() {
  git update-index -q --refresh >/dev/null 2>&1
  git diff-files -z --name-status --no-renames --ignore-submodules=all >"$own/changed" 2>"$own/errors" || failed
  give changed
}

# Takes the files of `gone` out of the index, the objects of `stored` in, and those of `paths` as they are. Gives the paths
# that git cannot take, and the difference that the index has then; it is left out where it is larger than $1 bytes.
take() {
  limit=$1
  : >"$own/refused"
  git update-index --force-remove --stdin <"$own/gone" 2>"$own/errors" || failed
  [ ! -s "$own/stored" ] || git update-index --replace --index-info <"$own/stored" 2>"$own/errors" || failed
  take_list "$own/paths"
  compare raw --raw -z --no-abbrev
  compare diff --binary --full-index
  for list in refused errors raw; do give $list; done
  [ "$(wc -c <"$own/diff")" -gt "$limit" ] || give diff
}

all_untracked() {
  git ls-files -z --others $everything >"$own/untracked" 2>"$own/errors" || failed
  give untracked
}

# Sizes of the objects in `objects.list`, a line each.
sizes() {
  git cat-file --batch-check='%(objectsize)' <"$own/objects.list" >"$own/sizes" 2>"$own/errors" || failed
  give sizes
}

# One file that git refuses makes it refuse all that are named with it.
take_list() {
  [ -s "$1" ] || return 0
  git update-index --add --remove --replace --stdin <"$1" 2>>"$own/errors" && return
  count=$(wc -l <"$1")
  if [ "$count" -le 1 ]; then
    cat "$1" >>"$own/refused"
    return
  fi
  half=$((count / 2))
  head -n $half "$1" >"$1.a"
  tail -n +$((half + 1)) "$1" >"$1.b"
  take_list "$1.a"
  take_list "$1.b"
}

compare() {
  file=$1
  shift
  git diff --cached --no-color --no-ext-diff --no-textconv --no-renames --ignore-submodules=all "$@" "$commit" -- >"$own/$file" 2>"$own/said" || {
    cat "$own/said" >&2
    exit 5
  }
}

# Files in the folders of `paths`, repositories among them or not, that no .gitignore covers.
inside() {
  : >"$own/found"
  while IFS= read -r folder; do
    eval "set -- $folder"
    find "./$1" -name .git -prune -o \( -type f -o -type l \) -print0 >>"$own/found" 2>/dev/null
  done <"$own/folders"
  git check-ignore -z --stdin --no-index <"$own/found" >"$own/ignored" 2>"$own/errors"
  [ $? -le 1 ] || failed
  give found
  give ignored
}

# A word for what is in a folder or file, a line for each; for comparing it with the same one elsewhere.
fingerprints() {
  while IFS= read -r folder; do
    eval "set -- $folder"
    {
      find "./$1" -name .git -prune -o -print
      find "./$1" -name .git -prune -o -type f -exec git hash-object --no-filters -- {} +
      find "./$1" -name .git -prune -o -type l -exec readlink {} \;
    } 2>/dev/null | sort | git hash-object --stdin
  done <"$own/folders" >"$own/fingerprints"
  give fingerprints
}
