# Builds the repository anew with the base commit alone. Runs behind lines that set workdir, commit, uid (of the image's user), closed_git and
# lfs_filter (programs), lists and kept (folders: one for lists of names, each ended by a NUL, one that stays in the image).
# Prints facts as lines of a name, a tab and a value. Ends with 10 without git, 11 without the repository, 12 without the
# commit, 13 without all files of the commit, 14 where no image can keep the repository; then stdout says more.
set -e
fact() { printf '%s\t%s\n' "$1" "$2"; }
refuse() { printf '%s\n' "$2" && exit "$1"; }
count() { wc -l | tr -d ' '; }
tab=$(printf '\t')
command -v git >/dev/null || exit 10
cd "$workdir" 2>/dev/null || refuse 11 'there is no such folder'
top=$(pwd -P)

# $gitdir, and $common where its objects are: the same but for work trees that were added to another.
find_repository() {
  if [ -d .git ]; then
    gitdir=$(cd .git && pwd -P)
  elif [ -f .git ]; then
    named=$(sed -n 's/^gitdir: //p' .git)
    gitdir=$(cd "$named" 2>/dev/null && pwd -P) || refuse 11 "its .git is a file that names $named, which is not in the image"
  elif [ -f HEAD ] && [ -d objects ] && [ -d refs ]; then
    refuse 11 'what is there is a bare repository, without files'
  else
    above=$top
    while [ "$above" ]; do
      above=${above%/*}
      [ ! -e "$above/.git" ] || refuse 11 "the repository begins at ${above:-/}"
    done
    refuse 11 'there is no .git'
  fi
  common=$gitdir
  if [ -f "$gitdir/commondir" ]; then
    common=$(cd "$gitdir" && cd "$(cat commondir)" 2>/dev/null && pwd -P) || refuse 11 'the repository that its work tree belongs to is not in the image'
  fi
  [ -d "$common/objects" ] || refuse 11 "$common has no objects"
}

# What lies on a volume never becomes part of an image that is made of a container.
refuse_volumes() {
  while read -r id parent device root mount rest; do
    case $mount in / | /proc* | /sys* | /dev* | /run/*) continue ;; esac
    for place in "$top" "$gitdir" "$common"; do
      case $place/ in "$mount"/*) refuse 14 "$mount is a volume of the image" ;; esac
    done
  done </proc/self/mountinfo
}

find_repository
refuse_volumes
umask 022
own=/run/tracemill-clean
rm -rf "$own" "$kept"
mkdir -p "$own" "$kept"
trap 'rm -rf "$own"' EXIT

home=$(sed -n "s/^[^:]*:[^:]*:$uid:[^:]*:[^:]*:\([^:]*\):.*/\1/p" /etc/passwd 2>/dev/null | head -n 1)
[ ! "$home" ] || export HOME="$home"
# A setting as git has it in the image: of the system, the user, the environment, the repository.
setting() {
  value=$(cd / && command git config --get "$1" 2>/dev/null || :)
  for file in "$common/config" "$gitdir/config.worktree"; do
    if found=$(command git config --file "$file" --includes --get "$1" 2>/dev/null); then value=$found; fi
  done
  printf %s "$value"
}
drivers() {
  (cd / && command git config --get-regexp '^filter\..*\.(clean|smudge|process)$' 2>/dev/null) || :
  command git config --file "$common/config" --includes --get-regexp '^filter\..*\.(clean|smudge|process)$' 2>/dev/null || :
}
for name in GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_COMMON_DIR GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_NAMESPACE; do
  if eval "[ \"\${$name+set}\" ]"; then fact variable "$name" && unset "$name"; fi
done
autocrlf=$(setting core.autocrlf) eol=$(setting core.eol) filemode=$(setting core.fileMode) user=$(setting user.name) email=$(setting user.email)
attributes=$(cd / && command git config --path --get core.attributesFile 2>/dev/null || printf %s "${XDG_CONFIG_HOME:-$HOME/.config}/git/attributes")
attributes=$(command git config --file "$common/config" --path --get core.attributesFile 2>/dev/null || printf %s "$attributes")
lfs=$(command git config --file "$common/config" --path --get lfs.storage 2>/dev/null || printf lfs)
case $lfs in /*) ;; *) lfs=$common/$lfs ;; esac
drivers >"$own/drivers"
cat /etc/gitattributes "$attributes" >"$kept/attributes" 2>/dev/null || :
cat "$common/info/attributes" >"$kept/info-attributes" 2>/dev/null || :
: >"$own/config"
[ ! -f "$common/config" ] || cp "$common/config" "$own/config"

eval "$closed_git"
# Where the configuration of a repository may be broken, git is to find none.
export GIT_DIR="$own/none"
printf '%s' "$lfs_filter" >"$own/lfs-filter"

# How the content of files and of objects is converted into each other.
[ "$filemode" = false ] || filemode=true
: >"$kept/config"
[ ! "$autocrlf" ] || git config --file "$kept/config" core.autocrlf "$autocrlf"
[ ! "$eol" ] || git config --file "$kept/config" core.eol "$eol"
while read -r key value; do
  case $key in filter.lfs.*) ;; *) git config --file "$kept/config" "$key" "$value" || : ;; esac
done <"$own/drivers"

format=0
[ ${#commit} -eq 40 ] || format=1
# make_repository FOLDER LFS: one of our own, with that store of Git LFS.
make_repository() {
  mkdir -p "$1/objects/pack" "$1/objects/info" "$1/refs/heads" "$1/info"
  printf 'ref: refs/heads/main\n' >"$1/HEAD"
  {
    printf '[core]\n\trepositoryformatversion = %s\n\tfilemode = %s\n\tbare = false\n\tlogallrefupdates = true\n' $format $filemode
    printf '\tattributesFile = %s\n' "$kept/attributes"
    [ $format = 0 ] || printf '[extensions]\n\tobjectFormat = sha256\n'
    cat "$kept/config"
  } >"$1/config"
  git config --file "$1/config" filter.lfs.clean "sh $own/lfs-filter clean '$2' $own"
  git config --file "$1/config" filter.lfs.smudge "sh $own/lfs-filter smudge '$2' $own"
  cp "$kept/info-attributes" "$1/info/attributes"
}

# The old objects, read through a repository of our own: what else lies beside them may be broken, or run programs.
reader=$own/reader
make_repository "$reader" "$lfs"
old() { GIT_DIR=$reader GIT_WORK_TREE=$top GIT_OBJECT_DIRECTORY=$common/objects GIT_INDEX_FILE=$reader/index command git $closed "$@"; }
beside() { GIT_DIR=$gitdir command git $closed "$@" 2>/dev/null; }
cp "$common/shallow" "$reader/shallow" 2>/dev/null || :
old cat-file -e "$commit^{commit}" 2>/dev/null || exit 12
missing=''
if ls "$common"/objects/pack/*.promisor >/dev/null 2>&1; then missing=1; fi
absent=$(old rev-list --objects --no-walk --missing=print "$commit" | grep -c '^?' || :)
[ "$absent" -eq 0 ] || refuse 13 "$absent objects of the base commit are not in the repository"

fact refs "$(beside for-each-ref --format='%(refname)' | grep -vc '^refs/tags/' || :)"
fact tags "$(beside for-each-ref refs/tags | count)"
fact remotes "$(git config --file "$own/config" --get-regexp '^remote\..*\.url$' 2>/dev/null | count)"
fact reflog_entries "$(find "$common/logs" "$gitdir/logs" -type f -exec cat {} + 2>/dev/null | count)"
fact all_objects "$(old cat-file --batch-all-objects --batch-check='%(objecttype)' | count)"
fact all_commits "$(old cat-file --batch-all-objects --batch-check='%(objecttype)' | grep -c '^commit' || :)"
branch=$(beside symbolic-ref --quiet --short HEAD || :)
case $branch in main | master | develop | trunk) ;; *) branch=main ;; esac

# By the old index, so that files of other commits leave the work tree. One that a killed git left broken is made anew.
whole() {
  # Git itself reads on in an index that does not end with its checksum.
  [ -s "$1" ] && command -v sha1sum >/dev/null || return 0
  [ $format = 0 ] && length=20 || length=32
  end=$(tail -c $length "$1" | od -An -v -tx1 | tr -d ' \n')
  case $end in *[!0]*) ;; *) return 0 ;; esac
  sum=$(head -c -$length "$1" | if [ $format = 0 ]; then sha1sum; else sha256sum; fi)
  [ "${sum%% *}" = "$end" ]
}
cp "$gitdir/index" "$reader/index" 2>/dev/null || :
for shared in "$gitdir"/sharedindex.*; do [ ! -f "$shared" ] || cp "$shared" "$reader/"; done
if ! whole "$reader/index" || ! old ls-files --stage >/dev/null 2>&1; then
  rm -f "$reader/index" "$reader"/sharedindex.*
  old read-tree "$(beside rev-parse --verify --quiet 'HEAD^{tree}' || printf %s "$commit")" 2>/dev/null || old read-tree "$commit"
fi
# What git was told not to look at: assumed to be unchanged, or left out of the work tree.
old ls-files -v | sed -n 's/^[a-zS] //p' >"$own/hidden"
old update-index --no-assume-unchanged --stdin <"$own/hidden"
old update-index --no-skip-worktree --stdin <"$own/hidden"
old update-index -q --refresh >/dev/null 2>&1 || :
old diff --name-only -z --no-ext-diff --ignore-submodules=all "$commit" -- . >"$lists/reset"
old reset --hard --quiet "$commit" >/dev/null

fresh=$own/fresh
make_repository "$fresh" "$top/.git/lfs"
pack() { old pack-objects --quiet --delta-base-offset "$@" "$fresh/objects/pack/pack"; }
# What older commits lack makes no difference to the task.
if [ "$missing" ] || ! printf '%s\n' "$commit" | pack --revs >/dev/null 2>&1; then
  old rev-list --objects --missing=allow-any "$commit" >"$own/objects"
  pack <"$own/objects" >"$own/pack"
  # Says that the rest is elsewhere, so that git does not take the repository for a damaged one.
  : >"$fresh/objects/pack/pack-$(cat "$own/pack").promisor"
  git config --file "$fresh/config" core.repositoryFormatVersion 1
  git config --file "$fresh/config" extensions.partialClone origin
fi
if [ -f "$common/shallow" ]; then
  while IFS= read -r boundary; do
    if GIT_DIR=$fresh command git $closed cat-file -e "$boundary" 2>/dev/null; then printf '%s\n' "$boundary" >>"$fresh/shallow"; fi
  done <"$common/shallow"
fi
printf 'ref: refs/heads/%s\n' "$branch" >"$fresh/HEAD"
printf '%s\n' "$commit" >"$fresh/refs/heads/$branch"
cp "$common/info/exclude" "$fresh/info/exclude" 2>/dev/null || : >"$fresh/info/exclude"
if [ -d "$lfs/objects" ]; then mkdir "$fresh/lfs" && mv "$lfs/objects" "$fresh/lfs/objects"; fi
owner=$(ls -nd "$gitdir" | { read -r mode links uid gid rest; printf '%s:%s' "$uid" "$gid"; })
alternates=$(cat "$common/objects/info/alternates" 2>/dev/null || :)
objects=$common/objects
# Other work trees of the repository: their files stay, and are told.
for tree in "${common%/.git}" "$common"/worktrees/*; do
  if [ -f "$tree/gitdir" ]; then tree=$(cat "$tree/gitdir") && tree=${tree%/.git}; fi
  case $tree in '' | "$top" | "$common" | "$common"/worktrees/*) continue ;; esac
  printf '%s\0' "$tree" >>"$lists/copies"
  if [ -f "$tree/.git" ]; then rm -f "$tree/.git"; fi
done
rm -rf .git "$gitdir" "$common"
mv "$fresh" .git
new() { GIT_DIR=$top/.git GIT_WORK_TREE=$top command git $closed "$@"; }
new read-tree "$commit"
# Only what differs is written, so that the rest keeps its time and mode.
new update-index -q --refresh >/dev/null || :
new reset --hard --quiet "$commit" >/dev/null
rm -rf .git/logs .git/ORIG_HEAD

# The contents that pointers of the base commit and its ancestors name.
if [ -d .git/lfs ]; then
  new cat-file --batch-all-objects --batch-check='%(objecttype) %(objectsize) %(objectname)' | sed -n 's/^blob [0-9]\{1,3\} //p' |
    new cat-file --batch | sed -n 's/^oid sha256:\([0-9a-f]\{64\}\)$/\1/p' | sort -u >"$own/pointers"
  (cd .git/lfs && find objects -type f) | while IFS= read -r file; do
    if ! grep -q -F -x "${file##*/}" "$own/pointers"; then rm -f ".git/lfs/$file"; fi
  done
fi

# Submodules lose their history too: that of most lay in the old repository. Their files stay.
quoted() { printf '%b' "$(printf %s "$1" | sed -e 's/^"//' -e 's/"$//' -e 's/\\"/"/g' -e 's/\\\([0-7][0-7][0-7]\)/\\0\1/g')"; }
new ls-files --stage | sed -n "s/^160000 .*$tab//p" | while IFS= read -r path; do
  case $path in '"'*) path=$(quoted "$path") ;; esac
  rm -rf "./$path/.git"
done

# What installation left untracked belongs to the image, not to the agent.
new ls-files -z --others --exclude-per-directory=.gitignore --directory --no-empty-directory >"$lists/untracked"

# Other repositories: those that have the base commit are copies of this one, with all that came later.
knows() { GIT_DIR=$reader GIT_OBJECT_DIRECTORY=$1 command git $closed cat-file -e "$commit" 2>/dev/null; }
stores() {
  printf '%s\n' "$alternates" | while IFS= read -r path; do
    case $path in '' | '#'*) continue ;; '"'*) path=$(quoted "$path") ;; esac
    case $path in /*) ;; *) path=$objects/$path ;; esac
    printf '%s\n' "$path"
  done
  find / -xdev \( -path /proc -o -path /sys -o -path "$own" -o -path "${top%/}/.git" \) -prune -o \( -name HEAD -type f -o -name 'pack-*.pack' \) -print 2>/dev/null |
    while IFS= read -r path; do
      case $path in
        */HEAD) path=${path%HEAD}objects ;;
        */pack/pack-*.pack) path=${path%/pack/*} ;;
        *) printf '%s\n' "$path" ;;
      esac
      [ ! -d "$path" ] || printf '%s\n' "$path"
    done
}
stores | sort -u >"$own/stores"
while IFS= read -r store; do
  # Signs in its name that find takes for a pattern bring the repository itself here.
  [ -e "$store" ] && [ "$store" != "${top%/}/.git/objects" ] || continue
  name=${store%/objects}
  if [ -d "$store" ] && knows "$store"; then
    if [ -f "$name/HEAD" ]; then rm -rf "$name"; else rm -rf "$store"; fi
    printf '%s\0' "$name" >>"$lists/copies"
  else
    printf '%s\0' "$name" >>"$lists/other"
  fi
done <"$own/stores"

# The agent's git converts as the image's did; contents of Git LFS come from the store that is left.
git config --file .git/config --remove-section filter.lfs
new ls-files | new check-attr --stdin filter | sed -n 's/: filter: lfs$//p' >"$lists/lfs"
if [ -s "$lists/lfs" ]; then
  if command -v git-lfs >/dev/null; then
    git config --file .git/config filter.lfs.clean 'git-lfs clean -- %f'
    git config --file .git/config filter.lfs.smudge 'git-lfs smudge -- %f'
    git config --file .git/config filter.lfs.process 'git-lfs filter-process'
    git config --file .git/config filter.lfs.required false
  else
    cp "$own/lfs-filter" "$kept/lfs-filter"
    git config --file .git/config filter.lfs.clean "sh $kept/lfs-filter clean .git/lfs /tmp"
    git config --file .git/config filter.lfs.smudge "sh $kept/lfs-filter smudge .git/lfs /tmp"
    for scope in --system --global; do
      HOME=/root GIT_CONFIG_NOSYSTEM='' GIT_CONFIG_GLOBAL=/root/.gitconfig command git config $scope --remove-section filter.lfs 2>/dev/null || :
    done
  fi
fi
[ ! "$user" ] || git config --file .git/config user.name "$user"
[ ! "$email" ] || git config --file .git/config user.email "$email"
chown -R "$owner" .git
HOME=/root GIT_CONFIG_NOSYSTEM='' command git config --system --add safe.directory "$top"
fact kept_objects "$(new cat-file --batch-all-objects --batch-check='%(objecttype)' | count)"
fact kept_commits "$(new cat-file --batch-all-objects --batch-check='%(objecttype)' | grep -c '^commit' || :)"
if command -v bash >/dev/null; then fact shell bash; else fact shell sh; fi
fact end 1
