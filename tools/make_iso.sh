#!/bin/sh
#
# Makes the image that boots from CD and from a USB stick, by BIOS and by UEFI. Its MBR has an active
# entry, without which a strict BIOS would not boot from a stick.
#
#   tools/make_iso.sh KERNEL GRUB_CFG NAME OUT
#
# The same input gives the same bits: every time stamp is that of 2000-01-01, and what GRUB takes for
# the image's identity comes from it.

set -eu

kernel=$1
config=$2
name=$3 # of the volume, which a file manager shows
out=$4
work=$(dirname "$out")/iso

# Homebrew's GRUB has a prefix of its own.
mkrescue=$(command -v grub-mkrescue || command -v i686-elf-grub-mkrescue || command -v grub2-mkrescue) || {
    echo "tools/make_iso.sh: no grub-mkrescue; make setup installs it" >&2
    exit 1
}

# For UEFI, grub-mkrescue has GRUB load a module for every kind of partition table, and each that is
# not on the image is an error on the user's screen (GRUB's util/grub-mkrescue.c, write_part).
prefix=$(dirname "$(dirname "$(realpath "$mkrescue")")")
partitions=$(cat "$prefix"/lib/grub/*/partmap.lst "$prefix"/lib/*/grub/*/partmap.lst \
    "$prefix"/share/grub2/*/partmap.lst 2>/dev/null | sort -u | tr '\n' ' ')
modules="multiboot multiboot2 normal iso9660 fat all_video video test configfile echo serial
    terminal ${partitions:-part_gpt part_msdos}"

export SOURCE_DATE_EPOCH=946684800

rm -rf "$work"
mkdir -p "$work/boot/grub"
cp "$kernel" "$work/boot/ashlar.elf"
strip_tool=$(command -v i686-elf-strip || command -v i686-linux-gnu-strip || command -v strip)
"$strip_tool" --strip-debug "$work/boot/ashlar.elf"
cp "$config" "$work/boot/grub/grub.cfg"
find "$work" -exec touch -h -d @$SOURCE_DATE_EPOCH {} +

# grub-mkrescue lets mformat invent a serial number for the UEFI part; this one is always the same.
wrappers=$work.bin
mformat=$(command -v mformat) || {
    echo "tools/make_iso.sh: no mformat; make setup installs it (mtools)" >&2
    exit 1
}
mkdir -p "$wrappers"
printf '#!/bin/sh\nexec "%s" -N 20000101 "$@"\n' "$mformat" >"$wrappers/mformat"
chmod +x "$wrappers/mformat"
PATH=$(cd "$wrappers" && pwd):$PATH

log=$work.log
if ! "$mkrescue" --install-modules="$modules" --fonts= --locales= --themes= --compress=xz \
    -o "$out" "$work" -- -boot_image any mbr_force_bootable=on \
    -volume_date all_file_dates =946684800 -volume_date uuid 2000010100000000 -volid "$name" \
    >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
rm -rf "$work" "$wrappers" "$log"
