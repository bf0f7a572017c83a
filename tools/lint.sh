#!/bin/sh
#
# Checks the sources: layout (clang-format), common mistakes (clang-tidy with clang's static
# analyzer, cppcheck), who includes whom, idioms, and the syntax of the scripts. Changes nothing;
# `tools/lint.sh fix` brings the layout in order, that of documents too. The slow checks run on all
# processors, and each stage says how many seconds it took.

set -eu
cd "$(dirname "$0")/.."

for tool in clang-format clang-tidy cppcheck; do
    command -v "$tool" >/dev/null 2>&1 || {
        echo "tools/lint.sh: no $tool; install it (Debian and Ubuntu: sudo apt-get install $tool)" >&2
        exit 1
    }
done

sources=$(git ls-files '*.c' '*.h')
room_sources=$(git ls-files 'boot/*.c' 'kernel/*.c' 'drivers/*.c')
mm_sources=$(git ls-files 'mm/*.c')

if [ "${1:-}" = fix ]; then
    # shellcheck disable=SC2086
    clang-format -i $sources
    # shellcheck disable=SC2046
    python3 tools/wrap_docs.py $(git ls-files '*.md')
    exit 0
fi

# stage NAME COMMAND... says how long the command took.
stage() {
    name=$1
    shift
    start=$(date +%s)
    "$@"
    echo "$name: $(($(date +%s) - start)) s"
}

layout() {
    # shellcheck disable=SC2086
    clang-format --dry-run -Werror $sources
}

# Editors know how each file is compiled.
compile_commands() {
    for source in $(git ls-files '*.c'); do
        grep -q "\"file\": \"$source\"" build/compile_commands.json || {
            echo "make compile_commands.json: $source is not in it" >&2
            exit 1
        }
    done
}

scripts() {
    # shellcheck disable=SC2046
    python3 -c 'import ast, sys; [ast.parse(open(name).read(), name) for name in sys.argv[1:]]' \
        $(git ls-files '*.py')
    git ls-files '*.mjs' | xargs -P "$(nproc)" -n 1 node --check
    git ls-files '*.sh' .ci/run | xargs -n 1 sh -n
}

# tidy FILES TARGET OPTION... With MM_COSTLY, the analyzer learns what mm/'s functions ask of each
# other.
tidy() {
    files=$1
    target=$2
    shift 2
    echo "$files" | xargs -P "$(nproc)" -I{} clang-tidy --quiet "$@" {} -- \
        "--target=$target" -std=c11 -ffreestanding -I. -DMM_COSTLY
}

# The memory manager also stands the analyzer's checkers that are still being developed, in both
# widths. One is left out: it wants nothing after a switch that has a case for each value.
tidy_mm() {
    tidy "$mm_sources" "$1" -allow-enabling-analyzer-alpha-checkers \
        "-checks=${2}clang-analyzer-*,-clang-analyzer-alpha.deadcode.UnreachableCode"
}

stage "clang-format" layout
stage "rooms" python3 tools/check_includes.py
stage "idioms" python3 tools/check_idioms.py
stage "compile_commands.json" compile_commands
stage "scripts" scripts
stage "clang-tidy, mm/ in 32 bits" tidy_mm i686-elf ''
stage "clang-tidy, mm/ in 64 bits" tidy_mm x86_64-elf '-*,'
stage "clang-tidy, the rest" tidy "$room_sources" i686-elf
# shellcheck disable=SC2086
stage "cppcheck" cppcheck --quiet -j "$(nproc)" --enable=warning,performance,portability \
    --std=c11 --error-exitcode=1 -I. -Idrivers/videoport/include \
    --suppressions-list=tools/cppcheck.supp $room_sources $mm_sources
echo "lint ok"
