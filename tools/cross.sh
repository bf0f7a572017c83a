#!/bin/sh
#
# Chooses the compiler that makes 32-bit x86 code on this machine, and prints the command.
#
#   tools/cross.sh            for the kernel: freestanding, needs libgcc alone
#   tools/cross.sh hosted     for 32-bit programs that run here: needs a C library and ASan
#
# Prints nothing on stdout, one line on stderr, and returns 1 if there is none. The order matters:
# a compiler made for bare metal wins, and what is installed is used as it is, because Debian's
# gcc-multilib and gcc-i686-linux-gnu exclude each other and neither is ours to remove.

# True if "$@" compiles and links a 64-bit division without a C library: that needs libgcc.
links_freestanding() {
    echo 'unsigned long long n = 7, d = 3; void _start(void) { n /= d; }' |
        "$@" -x c -ffreestanding -nostdlib -static - -lgcc -o /dev/null 2>/dev/null
}

# True if "$@" knows where a C library's startup code and the sanitizer's library are: a file that
# gcc does not find is printed as it was asked for, without a folder.
finds_hosted() {
    for file in crt1.o libc.so libasan.so libubsan.so; do
        case $("$@" "-print-file-name=$file" 2>/dev/null) in
        */*) ;;
        *) return 1 ;;
        esac
    done
}

have() {
    command -v "$1" >/dev/null 2>&1
}

case ${1:-kernel} in
kernel)
    if have i686-elf-gcc; then
        echo i686-elf-gcc
    elif have i686-linux-gnu-gcc; then
        echo i686-linux-gnu-gcc
    elif have gcc && links_freestanding gcc -m32; then
        echo gcc -m32
    else
        echo "no compiler for 32-bit x86: i686-elf-gcc, i686-linux-gnu-gcc or gcc -m32" >&2
        exit 1
    fi
    ;;
hosted)
    if have i686-linux-gnu-gcc && finds_hosted i686-linux-gnu-gcc; then
        echo i686-linux-gnu-gcc
    elif have gcc && links_freestanding gcc -m32 && finds_hosted gcc -m32; then
        echo gcc -m32
    else
        echo "no compiler for 32-bit programs: i686-linux-gnu-gcc or gcc -m32, with libc" >&2
        exit 1
    fi
    ;;
*)
    echo "usage: tools/cross.sh [kernel|hosted]" >&2
    exit 2
    ;;
esac
