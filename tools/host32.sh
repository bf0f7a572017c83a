#!/bin/sh
#
# Makes the cmocka library for 32-bit test programs, in build/host32:
#
#   flags.mk      HOST32_CC, HOST32_CFLAGS, HOST32_LIBS: for the Makefile to include
#   libcmocka.a   or libcmocka.so, and include/cmocka*.h
#
# Distributions package cmocka for 64 bits alone, unless one adds an architecture to the package
# system, which is the user's to decide. So the source package is fetched through apt, which checks
# its signature, with lists of apt's own kept in build/ and thrown away again. Where the archive has
# no sources, the package for i386 is fetched and unpacked, and not installed. Does nothing if
# flags.mk is there and was made for the same compiler.

set -eu
cd "$(dirname "$0")/.."

out=build/host32
apt_state=$PWD/$out/apt
log=$PWD/build/setup.log
compiler=$(tools/cross.sh hosted)

show_and_run() {
    echo "+ $*"
    "$@"
}

# Prints deb-src lines for the distribution's own archive, made of the deb lines that the user has.
# Both formats of sources.list(5); other people's archives (another suite, another component) are
# left out, because they may have no sources.
source_lines() {
    # shellcheck source=/dev/null
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-sid}")
    {
        cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true
    } | awk -v codename="$codename" '
        $1 == "deb" {
            options = ""
            sub(/^[ \t]*deb[ \t]+/, "") # changing $0 splits it anew
            if (match($0, /\[[^]]*\]/)) {
                options = substr($0, RSTART + 1, RLENGTH - 2)
                $0 = substr($0, 1, RSTART - 1) substr($0, RSTART + RLENGTH)
            }
            uri = $1; suite = $2; $1 = ""; $2 = ""
            print_source(options, uri, suite, $0)
        }
        '"$print_source"
    for file in /etc/apt/sources.list.d/*.sources; do
        [ -e "$file" ] || continue
        awk -v codename="$codename" -v RS= -F '\n' '
            {
                split("", value)
                for (i = 1; i <= NF; i++) {
                    if ($i !~ /^[A-Za-z-]+:/) continue # comments, and keys that span lines
                    name = tolower(substr($i, 1, index($i, ":") - 1))
                    value[name] = substr($i, index($i, ":") + 1)
                    gsub(/^[ \t]+|[ \t]+$/, "", value[name])
                }
                if (value["types"] !~ /deb/ || tolower(value["enabled"]) == "no") next
                options = value["signed-by"] ~ /^\// ? "signed-by=" value["signed-by"] : ""
                split(value["uris"], uris, " ")
                count = split(value["suites"], suites, " ")
                for (i = 1; i <= count; i++)
                    print_source(options, uris[1], suites[i], value["components"])
            }
            '"$print_source" "$file"
    done
}

# cmocka is in main on Debian, in universe on Ubuntu. Options that narrow binary packages would
# only confuse sources.
# shellcheck disable=SC2016 # awk's dollars
print_source='
    function print_source(options, uri, suite, components,    chosen) {
        if (suite != codename && suite !~ /^(stable|oldstable|testing|unstable|sid)$/) return
        if (" " components " " ~ / main /) chosen = chosen " main"
        if (" " components " " ~ / universe /) chosen = chosen " universe"
        if (chosen == "") return
        gsub(/(arch|lang|target)[+-]?=[^ ]*/, "", options)
        print "deb-src " (options ~ /[^ ]/ ? "[" options "] " : "") uri " " suite chosen
    }'

# apt-get with a state of its own: nothing outside of $out changes. What it prints goes to the log.
private_apt() {
    echo "+ apt-get $*"
    LC_ALL=C apt-get -qq \
        -o Dir::Etc::SourceList="$apt_state/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State::Lists="$apt_state/lists" -o Dir::Cache="$apt_state/cache" \
        -o APT::Sandbox::User= -o Acquire::Languages=none -o Acquire::Retries=3 \
        -o APT::Update::Error-Mode=any "$@" >"$log" 2>&1
}

name_archives() {
    mkdir -p "$apt_state/lists/partial" "$apt_state/cache/archives/partial"
    source_lines | sort -u >"$apt_state/sources.list"
    if [ ! -s "$apt_state/sources.list" ]; then
        echo "host32: /etc/apt names no archive of this distribution to fetch cmocka from" >&2
        return 1
    fi
}

# Fetches what sources.list in apt's state names into that folder.
download_source() {
    private_apt update && (cd "$apt_state" && private_apt source --download-only cmocka)
}

i386_apt() {
    private_apt -o APT::Architecture=i386 -o APT::Architectures=i386 \
        -o Dir::State::status=/dev/null "$@"
}

download_package() {
    sed -i 's/^deb-src /deb /' "$apt_state/sources.list"
    i386_apt update && (cd "$apt_state" && i386_apt download libcmocka-dev libcmocka0)
}

unpack_source() {
    mkdir -p "$out/source"
    tar -xf "$apt_state"/cmocka_*.orig.tar.[a-z]z -C "$out/source" --strip-components=1
}

unpack_package() {
    for package in "$apt_state"/libcmocka*.deb; do
        dpkg-deb -x "$package" "$out/package"
    done
    mkdir -p "$out/include"
    cp "$out"/package/usr/include/cmocka*.h "$out/include/"
    cp -P "$out"/package/usr/lib/i386-linux-gnu/libcmocka.so* "$out/"
    rm -rf "$out/package"
}

# What cmocka's own configuration finds on every glibc.
write_config() {
    for name in ASSERT_H INTTYPES_H MALLOC_H MEMORY_H SETJMP_H SIGNAL_H STDARG_H STDDEF_H STDINT_H \
        STDIO_H STDLIB_H STRINGS_H STRING_H SYS_STAT_H SYS_TYPES_H TIME_H UNISTD_H \
        CALLOC EXIT FPRINTF FREE LONGJMP MALLOC MEMCPY MEMSET PRINTF REALLOC SETJMP SIGLONGJMP \
        SIGNAL SNPRINTF SPRINTF STRCMP STRNCPY STRSIGNAL VSNPRINTF STRUCT_TIMESPEC \
        CLOCK_GETTIME CLOCK_REALTIME GCC_THREAD_LOCAL_STORAGE; do
        echo "#define HAVE_$name 1"
    done
}

build_library() {
    mkdir -p "$out/include"
    cp "$out"/source/include/cmocka*.h "$out/include/"
    write_config >"$out/source/config.h"
    # shellcheck disable=SC2086 # the compiler may be two words
    show_and_run $compiler -std=gnu99 -O2 -g -w -DHAVE_CONFIG_H -I"$out/source" \
        -I"$out/source/include" -c "$out/source/src/cmocka.c" -o "$out/cmocka.o"
    show_and_run ar rcs "$out/libcmocka.a" "$out/cmocka.o"
    rm -rf "$out/source" "$out/cmocka.o"
}

# A cross compiler's C library lies where the system's loader does not look. The old tag (RPATH) also
# serves the libraries' own libraries: libasan's libm.
print_loader_flags() {
    [ "$compiler" = i686-linux-gnu-gcc ] || return 0
    folder=$(dirname "$($compiler -print-file-name=libc.so)")
    folder=$(cd "$folder" && pwd -P)
    loader=$folder/ld-linux.so.2
    if [ -e "$loader" ]; then
        printf ' -Wl,-dynamic-linker,%s -Wl,--disable-new-dtags,-rpath,%s' "$loader" "$folder"
    fi
}

# Says what the Makefile passes to the compiler: the arguments are the include and library flags.
write_flags() {
    {
        echo "# Made by tools/host32.sh for: $compiler"
        echo "HOST32_CC := $compiler"
        echo "HOST32_CFLAGS := $1"
        echo "HOST32_LIBS := $2 -lcmocka$(print_loader_flags)"
    } >"$out/flags.mk.new"
    mv "$out/flags.mk.new" "$out/flags.mk"
}

# True if the system has a cmocka of this width already.
links_cmocka() {
    # shellcheck disable=SC2086
    echo 'int main(void) { return 0; }' |
        $compiler -x c - -x none -lcmocka -o /dev/null 2>/dev/null
}

if [ -e "$out/flags.mk" ] && grep -qxF "HOST32_CC := $compiler" "$out/flags.mk"; then
    exit 0
fi
rm -rf "$out"
mkdir -p "$out"
if links_cmocka; then
    write_flags '' ''
elif command -v apt-get >/dev/null; then
    name_archives
    if download_source; then
        unpack_source
        build_library
        write_flags "-I$out/include" "-L$out"
    elif download_package; then
        unpack_package
        write_flags "-I$out/include" "-L$out -Wl,-rpath,$out"
    else
        tools/setup/failure.sh "apt-get could not fetch cmocka" build/setup.log
        exit 1
    fi
    rm -rf "$apt_state"
else
    echo "host32: install cmocka for 32-bit programs (Fedora: libcmocka-devel.i686)" >&2
    exit 1
fi
