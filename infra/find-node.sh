#!/bin/sh
# Makes sure that node_modules is what the lockfile says and prints the path of a Node that can run Tracemill.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
state=${TRACEMILL_HOME:-$root/.tracemill}

# `npm run` puts node_modules/.bin first; the installation must not run on the Node that it replaces.
PATH=$(printf %s "$PATH" | tr ':' '\n' | grep -v '/node_modules/\.bin/*$' | paste -s -d : -)
export PATH

if ! command -v node >/dev/null 2>&1; then
  echo 'Tracemill needs Node 20 or newer to start with; none is on PATH' >&2
  exit 4
fi

# The kernel releases this lock when its holder dies. -o: children do not inherit it.
if command -v flock >/dev/null 2>&1; then
  mkdir -p "$state/run"
  exec flock -o "$state/run/packages.lock" node "$root/infra/packages.mjs"
fi
exec node "$root/infra/packages.mjs"
