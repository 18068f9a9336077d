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
  local log found
  ./safety >safety.log && ./liveness -a -f >liveness.log || { cat safety.log liveness.log; exit 1; }
  for log in safety.log liveness.log; do
    # A search that was cut short has looked at nothing in particular.
    if grep -q 'max search depth too small\|out of memory' "$log"; then
      printf 'FAILED  %s: the search was cut short\n' "$name"
      exit 1
    fi
    found=$(sed -n 's/.*errors: \([0-9][0-9]*\).*/\1/p' "$log")
    if ! [[ $found =~ ^[0-9]+$ ]]; then
      printf 'FAILED  %s: a search without a result\n' "$name"
      cat "$log"
      exit 1
    fi
    errors=$((errors + found))
    stored+=" $(sed -n 's/^ *\([0-9]*\) states, stored.*/\1/p' "$log") (${log%.log})"
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
