#!/bin/sh
#
# Says how to write the images to a USB stick. It writes nothing, and never guesses a device.
#
#   tools/usb.sh ISO BIOS_IMAGE

set -eu

cat <<END
All that is on the stick will be lost. Find its device (lsblk), unmount it, and write
  sudo dd if=$1 of=/dev/DEVICE bs=4M conv=fsync
or, for an old PC that boots neither from that nor by UEFI,
  sudo dd if=$2 of=/dev/DEVICE bs=4M conv=fsync
The device is the whole stick, not a partition of it: its name mostly ends in a letter.
macOS:   diskutil list; diskutil unmountDisk /dev/diskN; sudo dd if=FILE of=/dev/rdiskN bs=1m
Windows: Rufus in its DD mode, or another program that writes raw images
Floppy:  sudo dd if=$2 of=/dev/fd0 bs=18k conv=fsync
END
