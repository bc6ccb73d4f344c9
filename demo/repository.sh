#!/bin/bash
# Makes the task's git repository out of two unpacked releases, inside a container without network.
# Given: /build/{before,after}.{tar.gz,zip} or folders, /build/{tests,keep-out,not-in-patch,install} with one
# entry a line, and WORKDIR, TITLE, BEFORE, AFTER, PREFIX (folder within a zip), ORIGIN. Leaves /build/out/*.
set -euo pipefail
shopt -s nullglob globstar dotglob

minute=0
commit() {
  minute=$((minute + 1))
  local date
  date="2024-03-05T06:$(printf %02d "$minute"):00+0000"
  GIT_AUTHOR_DATE=$date GIT_COMMITTER_DATE=$date git commit --quiet --allow-empty -m "$1"
}

unpack() {
  local side=$1
  [ -d "/build/$side" ] && return
  mkdir "/build/$side"
  if [ -f "/build/$side.zip" ]; then
    python3 -m zipfile -e "/build/$side.zip" "/build/$side.unzipped"
    cp -R "/build/$side.unzipped/${PREFIX}$2/." "/build/$side/"
  else
    tar -xzf "/build/$side.tar.gz" --strip-components=1 --no-same-owner -C "/build/$side"
  fi
}

prepare() {
  cd "/build/$1"
  local pattern
  while IFS= read -r pattern; do
    # Unquoted on purpose: the pattern is a glob.
    rm -rf -- $pattern
  done < /build/keep-out
  chmod -R u=rwX,go=rX .
  [ -f .gitignore ] || printf '%s\n' '__pycache__/' '*.pyc' '.pytest_cache/' 'node_modules/' > .gitignore
}

replace_tree() {
  find "$WORKDIR" -mindepth 1 -maxdepth 1 ! -name .git -exec rm -rf {} +
  cp -R "/build/$1/." "$WORKDIR/"
}

mapfile -t tests < /build/tests
mapfile -t not_in_patch < /build/not-in-patch
test_paths=() except_tests=() except_noise=()
for glob in "${tests[@]}"; do
  test_paths+=(":(glob)$glob")
  except_tests+=(":(exclude,glob)$glob")
done
for glob in "${not_in_patch[@]}"; do except_noise+=(":(exclude,glob)$glob"); done

export GIT_AUTHOR_NAME='Demo Maintainer' GIT_AUTHOR_EMAIL='maintainer@example.invalid'
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL
unpack before "$BEFORE"
unpack after "$AFTER"
prepare before
prepare after

mkdir -p "$WORKDIR" /build/out
cd "$WORKDIR"
git -c init.defaultBranch=main init --quiet
git symbolic-ref HEAD refs/heads/main
git config core.autocrlf false

# The past: three commits, the last of which is the base.
replace_tree before
git add --force -- .gitignore $(git ls-files --others -- ':(glob,icase)README*' ':(glob,icase)LICENSE*')
commit 'Start the project'
git add --all --force -- . "${except_tests[@]}"
commit "Add the sources of $BEFORE"
git add --all --force .
commit "Release $BEFORE"
base=$(git rev-parse HEAD)

# The future, which an agent must never see: the fix, then the rest of the later release.
replace_tree after
git add --all --force .
git diff --cached --no-color --no-renames "$base" -- . "${except_tests[@]}" "${except_noise[@]}" > /build/out/patch
git diff --cached --no-color --no-renames "$base" -- "${test_paths[@]}" "${except_noise[@]}" > /build/out/test_patch
git reset --quiet
git add --all --force -- . "${except_tests[@]}" "${except_noise[@]}"
commit "$TITLE"
fix=$(git rev-parse HEAD)
git add --all --force .
commit "Release $AFTER"
release=$(git rev-parse HEAD)

# What a clone of a real repository carries besides: a remote and its branches, tags, other branches, a reflog.
git tag "v$BEFORE" "$base"
GIT_COMMITTER_DATE='2024-03-05T07:00:00+0000' git tag -a -m "Release $AFTER" "v$AFTER" "$release"
git branch "release-$AFTER" "$release"
git remote add origin "$ORIGIN"
git update-ref refs/remotes/origin/main "$release"
git pack-refs --all
git reset --quiet --hard "$base"

while IFS= read -r line; do
  bash -c "$line" > /build/install.log 2>&1 || { tail -n 20 /build/install.log >&2; echo "install line failed: $line" >&2; exit 1; }
done < /build/install
if [ -n "$(git status --porcelain)" ]; then
  git status --porcelain >&2
  echo 'the install lines changed the work tree' >&2
  exit 1
fi
printf '%s\n' "$base" "$fix" "$release" > /build/out/commits
