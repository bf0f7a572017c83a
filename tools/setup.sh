#!/bin/sh
#
# Installs what a target of the Makefile needs and this machine lacks, and nothing else.
#
#   tools/setup.sh [TARGET...]         `all` by itself; a file in build/ may be named, too
#   tools/setup.sh --list [TARGET...]  prints what is needed, a thing in each line
#
# tools/setup/needs.txt says what each target needs. Every command is shown before it runs, and
# nothing is printed if all is there. On Debian and Ubuntu it installs with apt; elsewhere it prints
# the one command that installs the rest, and fails, as it does for a user who is not allowed to.

set -u
cd "$(dirname "$0")/.." || exit 1

. tools/setup/lacks.sh
. tools/setup/apt.sh
. tools/setup/npm.sh

needs=tools/setup/needs.txt

# The row of the table that stands for a goal of make.
row_of() {
    case $1 in
    build/fuzz/*) echo fuzz ;;
    build/coverage/*) echo coverage ;;
    build/mutants/*) echo mutants ;;
    build/host* | build/long/*) echo test-host ;;
    build/render_view) echo view ;;
    build/bench-worst) echo bench-worst ;;
    build/bench*) echo bench bench32 ;;
    build/web/*) echo web ;;
    build/drivers/*) echo drivers ;;
    build/*.iso) echo iso ;;
    build/*.img) echo image ;;
    build/*) echo all ;;
    check-tag | clean | help | lint) ;;
    *) echo "$1" ;;
    esac
}

# Prints the things of rows and things, one in each line, some of them twice.
expand() {
    for word in "$@"; do
        row=$(sed -n "s/^$word: *//p" "$needs")
        # shellcheck disable=SC2086 # one word for each thing
        if [ -n "$row" ]; then
            (expand $row)
        else
            echo "$word"
        fi
    done
}

# Prints what the goals need.
things_of() {
    for goal in "$@"; do
        for row in $(row_of "$goal"); do
            (expand "$row")
        done
    done | sort -u
}

# Complains of the goals that the table has no row for, and returns 1.
check_goals() {
    for goal in "$@"; do
        for row in $(row_of "$goal"); do
            grep -q "^$row:" "$needs" && continue
            echo "setup: $needs has no target $row" >&2
            return 1
        done
    done
}

# Prints the packages that bring things: packages_of MANAGER THING...
packages_of() {
    manager=$1
    shift
    for thing in "$@"; do
        awk -v thing="$thing" -v manager="$manager" '
            BEGIN { column["apt"] = 2; column["dnf"] = 3; column["pacman"] = 4; column["brew"] = 5 }
            $1 == thing { name = $column[manager]; print name == "=" ? thing : name }
        ' tools/setup/packages.txt
    done | tr ',' '\n' | grep -vx -e - | sort -u | tr '\n' ' ' | sed 's/ $//'
}

missing_of() {
    for thing in "$@"; do
        if [ "$thing" != npm-modules ] && lacks "$thing"; then
            echo "$thing"
        fi
    done
}

# Installs things by the system's package manager, or says how to.
install() {
    if have apt-get; then
        install_with_apt "$(packages_of apt "$@")"
        return
    elif have dnf; then
        how="sudo dnf install $(packages_of dnf "$@")"
    elif have pacman; then
        how="sudo pacman -S --needed $(packages_of pacman "$@")"
    elif have brew; then
        how="brew install $(packages_of brew "$@")"
    else
        how="the package manager, for: $*"
    fi
    echo "setup: something is missing; run $how" >&2
    return 1
}

list=
if [ "${1:-}" = --list ]; then
    list=yes
    shift
fi
[ $# -gt 0 ] || set -- all

check_goals "$@" || exit 2
things=$(things_of "$@")
if [ -n "$list" ]; then
    echo "$things"
    exit 0
fi

# The second round installs what only the lists of packages, which the first may fetch, tell of.
for round in first second last; do
    # shellcheck disable=SC2086 # one word for each thing
    missing=$(missing_of $things)
    [ -n "$missing" ] || break
    if [ $round = last ]; then
        # shellcheck disable=SC2086
        echo "setup: still missing after the installation:" $missing >&2
        exit 1
    fi
    # shellcheck disable=SC2086
    install $missing || exit 1
done

if echo "$things" | grep -qx npm-modules && ! has_npm_modules; then
    install_npm || exit 1
fi
