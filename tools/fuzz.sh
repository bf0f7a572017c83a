#!/bin/sh
#
# Runs the fuzzers one after the other, from the inputs that are kept; or renews what is kept.
#
#   tools/fuzz.sh SECONDS NAME...     SECONDS for each; what goes wrong lies in build/fuzz/found/NAME
#   tools/fuzz.sh merge NAME...       of what was found worth keeping in such runs, the fewest inputs
#                                     that reach all of it become tests/fuzz/corpus/NAME; those with
#                                     a name of their own, mended bugs' and the first ones, stay
#
# `make fuzz` calls it. Fails if an input goes wrong.

set -eu
cd "$(dirname "$0")/.."

out=build/fuzz
LENGTH_MAX=2048 # bytes of an input: some 500 steps

run() {
    mkdir -p "$out/corpus/$2" "$out/found/$2" "tests/fuzz/corpus/$2"
    echo "fuzz $2: $1 seconds"
    if "$out/fuzz_$2" -max_total_time="$1" -max_len=$LENGTH_MAX -len_control=20 -timeout=600 -verbosity=0 \
        -print_final_stats=1 -artifact_prefix="$out/found/$2/" "$out/corpus/$2" \
        "tests/fuzz/corpus/$2" >"$out/$2.log" 2>&1; then
        sed -n 's/^stat::number_of_executed_units: */fuzz '"$2"': none wrong, inputs: /p' "$out/$2.log"
    else
        cat "$out/$2.log"
        echo "fuzz $2: an input went wrong; it is in $out/found/$2" >&2
        return 1
    fi
}

merge() {
    rm -rf "$out/merged/$1"
    mkdir -p "$out/merged/$1" "tests/fuzz/corpus/$1"
    "$out/fuzz_$1" -set_cover_merge=1 -use_counters=0 -max_len=$LENGTH_MAX "$out/merged/$1" "tests/fuzz/corpus/$1" \
        "$out/corpus/$1" >"$out/$1.log" 2>&1
    find "tests/fuzz/corpus/$1" -type f ! -regex '.*/[0-9a-f]*' -exec cp {} "$out/merged/$1/" \;
    rm -rf "tests/fuzz/corpus/$1"
    cp -r "$out/merged/$1" "tests/fuzz/corpus/$1"
    echo "fuzz $1: $(find "tests/fuzz/corpus/$1" -type f | wc -l) inputs kept"
}

mode=$1
shift
for name in "$@"; do
    if [ "$mode" = merge ]; then
        merge "$name"
    else
        run "$mode" "$name"
    fi
done
