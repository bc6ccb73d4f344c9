#!/bin/sh
# Resolves the requirements of environments anew, with the hash of each file, and writes their lock files. Needs uv on PATH.
#
#   sh activities/python/environments/lock.sh [NAME…]
set -eu
cd -- "$(dirname -- "$0")"

[ $# -gt 0 ] || set -- $(ls ./*.in | sed 's|^\./||; s|\.in$||')
for name in "$@"; do
  overrides=
  [ ! -f "$name.overrides" ] || overrides="--overrides $name.overrides"
  # shellcheck disable=SC2086 # no override is no argument
  uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
    --custom-compile-command "sh activities/python/environments/lock.sh $name" \
    $overrides "$name.in" -o "$name.txt"
  echo "$name: $(grep -c '^[A-Za-z0-9].*==' "$name.txt") packages"
done
