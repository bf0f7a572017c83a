#!/bin/sh
#
# The long runs of tests/long, one after the other, within SECONDS in all:
#
#   tools/soak.sh SECONDS
#
# Most of the time goes to what runs without sanitizers, and so tries the most. `make soak` calls it.
# Fails if an answer was wrong.

set -eu
cd "$(dirname "$0")/.."

seconds=$1
failed=0

run() {
    program=$1
    percent=$2
    echo "== $program"
    "$program" $((seconds * percent / 100)) || failed=1
}

run build/long/random_buddy 30
run build/long/random_mm 20
run build/host64/random_buddy 8
run build/host64/random_mm 7
run build/long/exhaustive 35
exit $failed
