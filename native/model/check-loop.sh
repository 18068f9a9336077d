#!/usr/bin/env bash
# loop.pml under Spin, exhaustively: deadlocks and assertions, then its LTL property under weak
# fairness; as it is, which must hold, and with each seeded bug, which must be found. Debian: spin, gcc
set -uo pipefail
model=$(cd "$(dirname "$0")" && pwd)/loop.pml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0

# check NAME EXPECTED_ERRORS DEFINES…: errors of both searches together, at least one or none.
check() {
  local name=$1 expected=$2 errors=0 stored=""
  shift 2
  spin -a "$@" "$model" >spin.log 2>&1 && gcc -O1 -w -DSAFETY -DNOCLAIM -o safety pan.c &&
    gcc -O1 -w -o liveness pan.c || { cat spin.log; exit 1; }
  ./safety >safety.log
  ./liveness -a -f >liveness.log
  for log in safety.log liveness.log; do
    errors=$((errors + $(sed -n 's/.*errors: \([0-9]*\).*/\1/p' "$log")))
    stored+=" $(sed -n 's/^ *\([0-9]*\) states, stored.*/\1/p' "$log")"
  done
  if [ $((errors > 0)) -eq "$expected" ]; then
    printf 'ok      '
  else
    printf 'FAILED  '
    failed=1
  fi
  printf '%s: %s errors, states stored:%s\n' "$name" "$errors" "$stored"
}

check "loop" 0
for bug in NO_WAKE WAKE_NOT_RESET NO_BUSY NO_WAIT COMMAND_WITHOUT_WAKE; do
  check "loop, $bug" 1 "-DBUG_$bug"
done
exit "$failed"
