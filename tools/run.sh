#!/bin/sh
#
# Starts the kernel in QEMU: in a window where there is a display, else in the terminal, as text or over
# the serial line.
#
#   tools/run.sh KERNEL [QEMU OPTION...]

set -eu

kernel=$1
shift
qemu="qemu-system-i386 -m ${MEMORY:-128M} -device isa-debug-exit,iobase=0xf4,iosize=4"

has_display() {
    $qemu -display help 2>/dev/null | grep -qxE 'gtk|sdl|cocoa' || return 1
    [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname)" = Darwin ]
}

has_curses() {
    [ -t 0 ] && [ -t 1 ] && $qemu -display help 2>/dev/null | grep -qx curses
}

# isa-debug-exit ends QEMU with an odd status, so that a regular end is 33: 0x10 << 1 | 1.
status=0
if has_display; then
    echo "The system runs in a window; exit ends it, and so does closing the window."
    $qemu -kernel "$kernel" -append "${APPEND:-}" -serial mon:stdio "$@" || status=$?
elif has_curses; then
    echo "No display: the system runs here as text. To leave, type exit; or press Esc 2, then type quit."
    sleep 2
    $qemu -kernel "$kernel" -append "video=text ${APPEND:-}" -display curses "$@" || status=$?
else
    echo "No display: this is the serial line. To leave, type exit; or press Ctrl-A, then X."
    $qemu -kernel "$kernel" -append "${APPEND:-}" -nographic "$@" || status=$?
fi
[ "$status" -eq 33 ] || exit "$status"
