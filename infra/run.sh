#!/bin/sh
# Runs a command of the project with everything it needs in place, from a fresh clone on.
#
#   sh infra/run.sh packages COMMAND…   the npm packages and a Node that can run TypeScript
#   sh infra/run.sh all COMMAND…        also the Temporal CLI, a container engine and the base images
#   sh infra/run.sh tests COMMAND…      also the browser that tests of pages drive
#
# Plain sh: the Node that started npm may be too old for the rest. Without COMMAND it only sets up.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
stage=${1:-all}
[ $# -eq 0 ] || shift

case $stage in
  packages | all | tests) ;;
  *)
    echo "infra/run.sh: unknown stage \"$stage\": packages, all or tests" >&2
    exit 2
    ;;
esac

node=$(sh "$root/infra/find-node.sh")
PATH="$root/bin:$root/node_modules/.bin:$PATH"
export PATH

case $stage in
  all) "$node" "$root/infra/bootstrap.ts" ;;
  tests) "$node" "$root/infra/bootstrap.ts" --tests ;;
esac
[ $# -eq 0 ] || exec "$@"
