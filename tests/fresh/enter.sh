#!/bin/sh
#
# Runs a command in a folder that holds a Debian, as on a machine of its own: with processes and
# mounts of its own, which end with the command. Needs root.
#
#   tests/fresh/enter.sh [--offline] ROOT COMMAND...
#
# pivot_root and not chroot, because Linux creates no user namespace inside a chroot, and sandboxes
# need one (user_namespaces(7)). The folder has the devices that debootstrap makes.

set -eu

network=
if [ "$1" = --offline ]; then
    network=--net
    shift
fi

# shellcheck disable=SC2016,SC2086 # the dollars are the inner shell's; the option may be none
exec unshare --mount --pid --fork --kill-child $network sh -eu -c '
    root=$1
    shift
    mount --bind "$root" "$root"
    cd "$root"
    mount -t proc proc proc
    mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts dev/pts
    mount -t tmpfs tmpfs dev/shm
    mkdir -p .outside
    pivot_root . .outside
    umount --lazy /.outside
    rmdir /.outside
    exec "$@"' enter "$@"
