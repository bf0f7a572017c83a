#!/bin/sh
#
# Starts the kernel in QEMU: in a window where there is a display; else in the terminal, as text
# where that is large enough, and over the serial line where it is not.
#
#   tools/run.sh KERNEL [QEMU OPTION...]

set -eu

kernel=$1
shift
qemu="qemu-system-i386 -m ${MEMORY:-512M} -device isa-debug-exit,iobase=0xf4,iosize=4"

has_display() {
    $qemu -display help 2>/dev/null | grep -qxE 'gtk|sdl|cocoa' || return 1
    [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname)" = Darwin ]
}

# A terminal that QEMU can draw a PC's text screen in.
has_curses() {
    [ -t 0 ] && [ -t 1 ] && $qemu -display help 2>/dev/null | grep -qx curses
}

# The text screen has 25 rows of 80 characters, and the prompt comes to the last of them. QEMU shows
# only a part of it where the terminal is smaller.
fits_text_screen() {
    [ "$1" -ge 25 ] && [ "$2" -ge 80 ]
}

run_serial() {
    echo "$1: this is the serial line. To leave, type exit; or press Ctrl-A, then X."
    shift
    $qemu -kernel "$kernel" -append "${APPEND:-}" -nographic "$@"
}

run_text() {
    # shellcheck disable=SC2046 # rows and columns are two words
    set -- $(stty size) "$@"
    rows=$1
    columns=$2
    shift 2
    if [ "$rows" = 0 ]; then
        run_serial "No display, and this terminal does not tell its size" "$@"
        return
    fi
    if ! fits_text_screen "$rows" "$columns"; then
        run_serial "No display, and this terminal of ${columns}x$rows is too small for the text \
screen of 80x25" "$@"
        return
    fi
    echo "No display: the system runs here as text. To leave, type exit; or press Esc 2, then type quit."
    sleep 2
    $qemu -kernel "$kernel" -append "video=text ${APPEND:-}" -display curses "$@"
}

run_window() {
    echo "The system runs in a window; exit ends it, and so does closing the window."
    $qemu -kernel "$kernel" -append "${APPEND:-}" -serial mon:stdio "$@"
}

# isa-debug-exit ends QEMU with an odd status, so that a regular end is 33: 0x10 << 1 | 1.
status=0
if has_display; then
    run_window "$@" || status=$?
elif has_curses; then
    run_text "$@" || status=$?
else
    run_serial "No display" "$@" || status=$?
fi
[ "$status" -eq 33 ] || exit "$status"
