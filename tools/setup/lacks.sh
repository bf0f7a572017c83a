# shellcheck shell=sh
#
# Looks for things of tools/setup/packages.txt: lacks THING is true if it is missing. It looks for
# the tools themselves, so that one from anywhere will do. For tools/setup.sh to read.

have() {
    command -v "$1" >/dev/null 2>&1
}

have_any() {
    for tool in "$@"; do
        have "$tool" && return 0
    done
    return 1
}

# True if one of these files exists; the arguments are patterns, already expanded.
have_file() {
    for file in "$@"; do
        [ -e "$file" ] && return 0
    done
    return 1
}

# True if all of these files exist.
have_files() {
    for file in "$@"; do
        [ -e "$file" ] || return 1
    done
}

on_linux() {
    [ "$(uname)" = Linux ]
}

# A window is worth having only where there is a display to show it on.
has_window() {
    [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || return 0
    qemu-system-i386 -display help 2>/dev/null | grep -qE '^(gtk|sdl)'
}

grub_folder() {
    have_file "/usr/lib/grub/$1" "/usr/share/grub2/$1" "/usr/local/lib/grub/$1" \
        /opt/homebrew/opt/i686-elf-grub /usr/local/opt/i686-elf-grub
}

finds_header() {
    echo "#include <$1>" | gcc -E -x c - >/dev/null 2>&1
}

has_sanitizer() {
    case $(gcc -print-file-name=libasan.so 2>/dev/null) in
    */*) ;;
    *) return 1 ;;
    esac
}

# A compiler for big-endian programs, with a C library, and what runs them. gcc-multilib excludes
# other compilers, and is not ours to remove: the tests are left out then.
has_big_endian() {
    dpkg -s gcc-multilib >/dev/null 2>&1 && return 0
    have powerpc-linux-gnu-gcc && have_file /usr/powerpc-linux-gnu/include/stdlib.h &&
        have_any qemu-ppc qemu-ppc-static
}

links_fuzzer() {
    echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' |
        clang -fsanitize=fuzzer,address,undefined -x c - -o /dev/null 2>/dev/null
}

# The system's own python3: the distribution's bindings are made for that one.
finds_clang_bindings() {
    /usr/bin/python3 -c 'import clang.cindex; clang.cindex.Index.create()' >/dev/null 2>&1
}

has_firmware() {
    have_files /usr/share/OVMF/OVMF_CODE_4M.fd /usr/share/OVMF/OVMF32_CODE_4M.secboot.fd \
        /usr/share/seabios/bios.bin
}

has_bochs_files() {
    have_file /usr/lib/*/bochs/plugins/libbx_x_gui.so &&
        have_files /usr/share/bochs/BIOS-bochs-latest /usr/share/bochs/VGABIOS-lgpl-latest
}

# What package-lock.json names, as tools/setup/npm.sh leaves it behind.
has_npm_modules() {
    cmp -s package-lock.json build/npm/package-lock.json &&
        [ -e build/npm/node_modules/v86/build/v86.wasm ]
}

# Boot loaders and an emulator that not every suite has: there, their machines are left out. Whether
# this one has them is known once there are lists of packages.
can_have_package() {
    have apt-get && apt-cache show "$1" >/dev/null 2>&1
}

# Ubuntu has Firefox only as a snap, which cannot be driven as root. Homebrew's is no command.
has_firefox_package() {
    have_any dnf pacman || can_have_package firefox-esr
}

# True if the thing can be had on this system, and is of use there. Only Debian's family has all of
# the matrix's machines under names and in places that are known here; elsewhere the machines and
# tests that want them are left out, and said to be.
is_for_this_system() {
    case $1 in
    gcc | g++ | libc | cross-hosted | mingw | mingw-c++ | bubblewrap | qemu-window | unshare) on_linux ;;
    big-endian | firmware | bochs | bochs-files | xvfb | setpriv) have apt-get ;;
    firefox) has_firefox_package ;;
    dosbox | grub-legacy | ipxe-qemu | isolinux | pxelinux | syslinux-common) can_have_package "$1" ;;
    esac
}

has() {
    case $1 in
    font) have_file /usr/share/fonts/X11/misc/ter-u16n* /usr/share/fonts/*/ter-* \
        /usr/share/fonts/*/*/ter-* ;;
    cross) tools/cross.sh kernel >/dev/null 2>&1 ;;
    cross-hosted) tools/cross.sh hosted >/dev/null 2>&1 ;;
    gcc) have gcc && has_sanitizer ;;
    libc) have_file /usr/include/stdlib.h ;;
    cmocka) have_file /usr/include/cmocka.h || finds_header cmocka.h ;;
    big-endian) has_big_endian ;;
    mingw) have i686-w64-mingw32-gcc ;;
    mingw-c++) have i686-w64-mingw32-g++ ;;
    qemu) have qemu-system-i386 && have qemu-system-x86_64 ;;
    qemu-window) has_window ;;
    debugger) have gdb ;;
    bubblewrap) have bwrap ;;
    grub) have_any grub-mkrescue grub2-mkrescue i686-elf-grub-mkrescue ;;
    grub-bios) grub_folder i386-pc ;;
    grub-efi64) grub_folder x86_64-efi ;;
    grub-efi32) grub_folder i386-efi ;;
    mtools) have mformat ;;
    firmware) has_firmware ;;
    bochs-files) has_bochs_files ;;
    xvfb) have Xvfb ;;
    chromium) have_any chromium chromium-browser google-chrome ;;
    firefox) have_any firefox-esr firefox ;;
    fonts) have_file /usr/share/fonts/truetype/*/*Mono* /usr/share/fonts/*/*Mono* ;;
    fuzzer) links_fuzzer ;;
    clang-bindings) finds_clang_bindings ;;
    npm-modules) has_npm_modules ;;
    grub-legacy | ipxe-qemu | isolinux | pxelinux | syslinux-common) dpkg -s "$1" >/dev/null 2>&1 ;;
    debootstrap) have debootstrap || have_file /usr/sbin/debootstrap ;;
    *) have "$1" ;;
    esac
}

lacks() {
    is_for_this_system "$1" && ! has "$1"
}
