#!/bin/sh
#
# Checks the sources: layout (clang-format), common mistakes (clang-tidy with clang's static analyzer,
# cppcheck), who includes whom, idioms, and the syntax of the scripts. Changes nothing;
# `tools/lint.sh fix` brings the layout in order, that of documents too.

set -eu
cd "$(dirname "$0")/.."

for tool in clang-format clang-tidy cppcheck; do
    command -v "$tool" >/dev/null 2>&1 || {
        echo "tools/lint.sh: no $tool; install it (Debian and Ubuntu: sudo apt-get install $tool)" >&2
        exit 1
    }
done

sources=$(git ls-files '*.c' '*.h')
kernel_sources=$(git ls-files 'boot/*.c' 'mm/*.c' 'kernel/*.c' 'drivers/*.c')

if [ "${1:-}" = fix ]; then
    # shellcheck disable=SC2086
    clang-format -i $sources
    # shellcheck disable=SC2046
    python3 tools/wrap_docs.py $(git ls-files '*.md')
    exit 0
fi

# shellcheck disable=SC2086
clang-format --dry-run -Werror $sources
python3 tools/check_includes.py
python3 tools/check_idioms.py
# Editors know how each file is compiled.
for source in $(git ls-files '*.c'); do
    grep -q "\"file\": \"$source\"" build/compile_commands.json || {
        echo "make compile_commands.json: $source is not in it" >&2
        exit 1
    }
done
for script in $(git ls-files '*.py'); do
    python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read(), sys.argv[1])' "$script"
done
for script in $(git ls-files '*.mjs'); do
    node --check "$script"
done
for script in $(git ls-files '*.sh') .ci/run; do
    sh -n "$script"
done
# With MM_COSTLY, the analyzer learns what mm/'s functions ask of each other.
# shellcheck disable=SC2086
clang-tidy --quiet $kernel_sources -- --target=i686-elf -std=c11 -ffreestanding -I. -DMM_COSTLY

# The memory manager also stands the analyzer's checkers that are still being developed, in both
# widths. One is left out: it wants nothing after a switch that has a case for each value.
for target in i686-elf x86_64-elf; do
    clang-tidy --quiet -allow-enabling-analyzer-alpha-checkers \
        -checks='-*,clang-analyzer-*,-clang-analyzer-alpha.deadcode.UnreachableCode' \
        mm/*.c -- --target=$target -std=c11 -ffreestanding -I. -DMM_COSTLY
done

# shellcheck disable=SC2086
cppcheck --quiet --enable=warning,performance,portability --std=c11 --error-exitcode=1 -I. \
    -Idrivers/videoport/include --suppressions-list=tools/cppcheck.supp $kernel_sources
echo "lint ok"
