#!/bin/sh
#
# Installs what the build needs and this machine lacks: every command is shown before it runs.
#
#   tools/setup.sh build      to build the ELF and the ISO, and to run them
#   tools/setup.sh test       that, and what the tests need
#   tools/setup.sh machines   that, and what the matrix of machines needs (build/npm included)
#   tools/setup.sh web        as build, and what `make web` needs (build/npm included)
#   tools/setup.sh test-web   that, and a browser
#   tools/setup.sh fuzz       as test, and what the fuzzers need
#   tools/setup.sh [all]      the same as test
#   tools/setup.sh coverage   that, and what `make coverage` needs
#   tools/setup.sh mutants    as test, and what `make mutants` needs
#
# It looks for the tools themselves, so that one from anywhere will do, and says nothing if they
# are all there. On Debian and Ubuntu it installs with apt, without ever removing a package;
# elsewhere it prints the one command that installs the rest, and fails.

set -u
cd "$(dirname "$0")/.." || exit 1

missing=

need() {
    missing="$missing $1"
}

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

# A window is worth having only where there is a display to show it on.
lacks_window() {
    [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || return 1
    [ "$(uname)" = Linux ] || return 1
    ! qemu-system-i386 -display help 2>/dev/null | grep -qE '^(gtk|sdl)'
}

grub_folder() {
    have_file "/usr/lib/grub/$1" "/usr/share/grub2/$1" "/usr/local/lib/grub/$1" \
        /opt/homebrew/opt/i686-elf-grub /usr/local/opt/i686-elf-grub
}

find_missing_build() {
    have make || need make
    have python3 || need python3
    have nasm || need nasm
    tools/cross.sh kernel >/dev/null 2>&1 || need cross
    have qemu-system-i386 || need qemu
    have qemu-system-x86_64 || need qemu
    lacks_window && need qemu-window
    have_any grub-mkrescue grub2-mkrescue i686-elf-grub-mkrescue || need grub
    grub_folder i386-pc || need grub-bios
    grub_folder x86_64-efi || need grub-efi64
    grub_folder i386-efi || need grub-efi32
    have xorriso || need xorriso
    have mformat || need mtools
    have_file /usr/share/fonts/X11/misc/ter-u16n* /usr/share/fonts/*/ter-* \
        /usr/share/fonts/*/*/ter-* || need font
}

finds_header() {
    echo "#include <$1>" | gcc -E -x c - >/dev/null 2>&1
}

# A compiler for big-endian programs, with a C library, and what runs them. Debian's family alone
# has all of it, unless gcc-multilib is installed, which excludes other compilers; elsewhere the
# tests that want it are left out.
lacks_big_endian() {
    have apt-get || return 1
    dpkg -s gcc-multilib >/dev/null 2>&1 && return 1
    ! { have powerpc-linux-gnu-gcc && have_file /usr/powerpc-linux-gnu/include/stdlib.h &&
        have_any qemu-ppc qemu-ppc-static; }
}

find_missing_test() {
    have_file /usr/include/cmocka.h || finds_header cmocka.h || need cmocka
    [ "$(uname)" = Linux ] || return 0
    have gcc || need gcc
    case $(gcc -print-file-name=libasan.so 2>/dev/null) in */*) ;; *) need gcc ;; esac
    have_file /usr/include/stdlib.h || need libc
    have xz || need xz
    have bwrap || need sandbox
    tools/cross.sh hosted >/dev/null 2>&1 || need cross-hosted
    lacks_big_endian && need big-endian
    have i686-w64-mingw32-gcc || need mingw
    return 0
}

# Other emulators, and firmware for QEMU. Debian's family alone has all of it under names and in
# places that are known here; elsewhere the machines that want it are left out, and said to be.
find_missing_machines() {
    have apt-get || return 0
    have_file /usr/share/OVMF/OVMF_CODE_4M.fd || need ovmf
    have_file /usr/share/OVMF/OVMF32_CODE_4M.secboot.fd || need ovmf32
    have bochs || need bochs
    have_file /usr/lib/*/bochs/plugins/libbx_x_gui.so || need bochs-x
    have_file /usr/share/bochs/BIOS-bochs-latest || need bochsbios
    have_file /usr/share/bochs/VGABIOS-lgpl-latest || need bochs-vgabios
    have Xvfb || need xvfb
    have setpriv || need setpriv
    have_file /usr/share/seabios/bios.bin || need seabios
    have node || need node
    have npm || need npm
}

# Boot loaders and an emulator that not every suite has: there, their machines are left out.
find_missing_optional() {
    have apt-get || return 0
    for package in dosbox grub-legacy ipxe-qemu isolinux pxelinux syslinux-common; do
        ! dpkg -s "$package" >/dev/null 2>&1 && apt-cache show "$package" >/dev/null 2>&1 &&
            need "$package"
    done
}

find_missing_web() {
    have node || need node
    have npm || need npm
}

# A browser, and something for it to write with.
find_missing_browser() {
    have_any chromium chromium-browser google-chrome || need chromium
    have_file /usr/share/fonts/truetype/*/*Mono* /usr/share/fonts/*/*Mono* || need fonts
}

# What package-lock.json names, installed from it, bit for bit.
lacks_npm() {
    have npm || return 1
    ! { cmp -s package-lock.json build/npm/package-lock.json &&
        [ -e build/npm/node_modules/v86/build/v86.wasm ]; }
}

install_npm() {
    rm -rf build/npm
    mkdir -p build/npm
    cp package.json package-lock.json build/npm || return 1
    show_and_run npm ci --prefix build/npm --ignore-scripts --no-audit --no-fund --loglevel=error &&
        return 0
    rm -rf build/npm
    return 1
}

links_fuzzer() {
    echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' |
        clang -fsanitize=fuzzer,address,undefined -x c - -o /dev/null 2>/dev/null
}

find_missing_fuzz() {
    have clang || need clang
    links_fuzzer || need fuzzer
}

# The system's own python3: the distribution's bindings are made for that one.
finds_clang_bindings() {
    /usr/bin/python3 -c 'import clang.cindex; clang.cindex.Index.create()' >/dev/null 2>&1
}

# The packages that bring a thing, by the names of Debian, Fedora, Arch and Homebrew.
package_of() {
    case $1:$2 in
    cross:apt) echo gcc-i686-linux-gnu ;;
    cross:dnf) echo gcc glibc-devel.i686 libgcc.i686 ;;
    cross:pacman) echo gcc lib32-gcc-libs lib32-glibc ;;
    cross:brew) echo i686-elf-gcc ;;
    cross-hosted:apt) echo gcc-i686-linux-gnu libc6-dev-i386-cross ;;
    cross-hosted:dnf) echo glibc-devel.i686 libasan.i686 libubsan.i686 ;;
    cross-hosted:pacman) echo lib32-gcc-libs lib32-glibc ;;
    big-endian:apt) echo gcc-powerpc-linux-gnu libc6-dev-powerpc-cross qemu-user ;;
    mingw:apt) echo gcc-mingw-w64-i686-win32 ;;
    mingw:dnf) echo mingw32-gcc ;;
    mingw:pacman) echo mingw-w64-gcc ;;
    mingw:brew) echo mingw-w64 ;;
    qemu:apt) echo qemu-system-x86 ;;
    qemu:dnf) echo qemu-system-x86 ;;
    qemu:pacman) echo qemu-system-x86 ;;
    qemu-window:apt) echo qemu-system-gui ;;
    qemu-window:dnf) echo qemu-ui-gtk ;;
    qemu-window:pacman) echo qemu-ui-gtk ;;
    grub:apt) echo grub-common ;;
    grub:dnf) echo grub2-tools-extra ;;
    grub:pacman) echo grub ;;
    grub:brew) echo i686-elf-grub ;;
    grub-bios:apt) echo grub-pc-bin ;;
    grub-bios:dnf) echo grub2-pc-modules ;;
    grub-bios:pacman) echo grub ;;
    grub-bios:brew) echo i686-elf-grub ;;
    grub-efi64:apt) echo grub-efi-amd64-bin ;;
    grub-efi64:dnf) echo grub2-efi-x64-modules ;;
    grub-efi64:pacman) echo grub ;;
    grub-efi32:apt) echo grub-efi-ia32-bin ;;
    grub-efi32:dnf) echo grub2-efi-ia32-modules ;;
    grub-efi32:pacman) echo grub ;;
    xorriso:pacman) echo libisoburn ;;
    font:apt) echo xfonts-terminus ;;
    font:dnf) echo terminus-fonts ;;
    font:pacman) echo terminus-font ;;
    libc:apt) echo libc6-dev ;;
    libc:dnf) echo glibc-devel ;;
    libc:pacman) echo glibc ;;
    clang-bindings:apt) echo python3-clang ;;
    clang-bindings:dnf) echo python3-clang ;;
    clang-bindings:pacman) echo clang ;;
    clang-bindings:brew) echo llvm ;;
    cmocka:apt) echo libcmocka-dev ;;
    cmocka:dnf) echo libcmocka-devel ;;
    fuzzer:apt) echo libclang-rt-dev ;;
    fuzzer:dnf) echo compiler-rt ;;
    fuzzer:pacman) echo compiler-rt ;;
    gcc:dnf) echo gcc libasan libubsan ;;
    ovmf32:apt) echo ovmf-ia32 ;;
    bochs-vgabios:apt) echo vgabios ;;
    setpriv:apt) echo util-linux ;;
    node:apt | node:dnf | node:pacman) echo nodejs ;;
    npm:dnf) echo nodejs-npm ;;
    npm:brew) echo node ;;
    fonts:apt) echo fonts-dejavu-core ;;
    fonts:dnf) echo dejavu-sans-fonts dejavu-sans-mono-fonts ;;
    fonts:pacman) echo ttf-dejavu ;;
    sandbox:apt | sandbox:dnf | sandbox:pacman) echo bubblewrap ;;
    xz:apt) echo xz-utils ;;
    python3:pacman | python3:brew) echo python ;;
    grub-efi*:brew | font:brew | fonts:brew) ;;
    *) echo "$1" ;;
    esac
}

packages_of() {
    for thing in $missing; do
        package_of "$thing" "$1"
    done | tr ' ' '\n' | sort -u | tr '\n' ' '
}

show_and_run() {
    echo "+ $*"
    "$@"
}

# Runs apt-get as root. stdin is closed: nobody is there to answer a question.
apt() {
    if [ "$(id -u)" = 0 ]; then
        show_and_run env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@" </dev/null
    else
        show_and_run sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@"
    fi
}

install_with_apt() {
    packages=$(packages_of apt)
    if [ "$(id -u)" != 0 ] && ! have sudo; then
        echo "setup: run as root: apt-get install --no-remove $packages" >&2
        return 1
    fi
    echo "setup: installing $packages"
    have_file /var/lib/apt/lists/*Packages* || apt update || return 1
    # shellcheck disable=SC2086 # one word for each package
    apt install --no-install-recommends --no-remove $packages && return 0
    # Old lists name files that the mirror has dropped, and a download may fail once by chance.
    apt update || return 1
    # shellcheck disable=SC2086
    apt install --no-install-recommends --no-remove $packages
}

tell_how() {
    case $1 in
    dnf | pacman) as_root='sudo ' ;;
    *) as_root= ;;
    esac
    case $1 in
    pacman) verb='-S --needed' ;;
    *) verb=install ;;
    esac
    echo "setup: something is missing; run: $as_root$1 $verb $(packages_of "$1")" >&2
}

install_missing() {
    if have apt-get; then
        install_with_apt
    elif have dnf; then
        tell_how dnf
        return 1
    elif have pacman; then
        tell_how pacman
        return 1
    elif have brew; then
        tell_how brew
        return 1
    else
        echo "setup: install these, then run make again:$missing" >&2
        return 1
    fi
}

find_missing() {
    missing=
    find_missing_build
    case $1 in build | web | test-web) ;; *) find_missing_test ;; esac
    case $1 in
    web) find_missing_web ;;
    test-web)
        find_missing_web
        find_missing_browser
        ;;
    machines) find_missing_machines ;;
    fuzz) find_missing_fuzz ;;
    coverage) have gcovr || need gcovr ;;
    mutants) finds_clang_bindings || need clang-bindings ;;
    esac
}

scope=${1:-all}
case $scope in
build | test | all | machines | web | test-web | fuzz | coverage | mutants) ;;
*)
    echo "usage: tools/setup.sh [all|build|test|machines|web|test-web|fuzz|coverage|mutants]" >&2
    exit 2
    ;;
esac

find_missing "$scope"
if [ -n "$missing" ]; then
    install_missing || exit 1
    find_missing "$scope"
    if [ -n "$missing" ]; then
        echo "setup: still missing after the installation:$missing" >&2
        exit 1
    fi
fi

# Asked for last: now there are lists of packages to look them up in.
missing=
[ "$scope" = machines ] && find_missing_optional
[ -z "$missing" ] || install_missing || exit 1

case $scope in
machines | web | test-web)
    if lacks_npm; then
        install_npm || exit 1
    fi
    ;;
esac
