"""What memory a machine has, worked out from what its emulator was told. Never asks the kernel."""

import dataclasses

from matrix import GIB, KIB, MIB, TIB

VIDEO_BASE = 640 * KIB
LOW_END = MIB

# AMD's processors keep the addresses from here to 1 TiB for HyperTransport (QEMU, hw/i386/pc.c,
# AMD_HT_START).
HYPERTRANSPORT_BASE = 0xFD00000000

# The most that firmware keeps of the RAM for itself.
KEPT_BYTES = {
    "SeaBIOS": 256 * KIB,  # its EBDA, and ACPI tables at the end of low RAM
    "Bochs BIOS": 128 * KIB,
    "DOSBox BIOS": 0,
    "UEFI 64": 8 * MIB,  # code and data of runtime services, ACPI tables
    # With system management mode, that too: 16 MiB for it (the q35's extended-tseg-mbytes), 15 MiB
    # that stand by for waking up (edk2, OvmfPkg/PlatformPei).
    "UEFI 32": (8 + 16 + 15) * MIB,
    "qboot": 4 * KIB,  # the EBDA
    "none": 0,
}
RAMFB_BYTES = 4 * MIB  # the picture itself lies in RAM
PXE_BYTES = MIB  # iPXE stays where it is while a loader that it started needs its network


@dataclasses.dataclass
class Memory:
    """Half-open ranges of RAM, ascending, and how much of it firmware may keep."""

    ranges: list
    kept_bytes: int

    @property
    def total_bytes(self):
        return sum(end - base for base, end in self.ranges)

    @property
    def above_4g(self):
        return [span for span in self.ranges if span[0] >= 4 * GIB]


def end_of_low_ram(entry):
    """Where the RAM below 4 GiB ends, so that devices find room behind it.

    QEMU's hw/i386/pc_piix.c, pc_q35.c and microvm.c: whole GiB below once they do not fit at all.
    """
    fits, else_end = {
        "q35": (0xB0000000, 2 * GIB),
        "microvm": (3 * GIB, 3 * GIB),
    }.get(entry.board, (0xE0000000, 3 * GIB))
    if entry.memory_bytes < fits:
        return entry.memory_bytes
    return min(else_end, entry.memory_bytes)


def base_of_high_ram(entry, high_bytes):
    """4 GiB, but 1 TiB if RAM and PCI's 64-bit window behind it would touch HyperTransport's."""
    window_bytes = {"q35": 32 * GIB, "pc": 2 * GIB}.get(entry.board, 0)
    end = -(-(4 * GIB + high_bytes) // GIB) * GIB + window_bytes
    is_amd = entry.cpu == "max"
    return TIB if is_amd and end > HYPERTRANSPORT_BASE else 4 * GIB


def memory_of(entry):
    low_end = end_of_low_ram(entry)
    high_bytes = entry.memory_bytes - low_end
    ranges = [(0, VIDEO_BASE), (LOW_END, low_end)]
    if entry.firmware == "none":  # nothing copied a ROM there
        ranges.insert(1, (768 * KIB, LOW_END))
    if high_bytes:
        base = base_of_high_ram(entry, high_bytes)
        ranges.append((base, base + high_bytes))
    kept_bytes = KEPT_BYTES[entry.firmware]
    kept_bytes += RAMFB_BYTES if entry.display == "ramfb" else 0
    kept_bytes += PXE_BYTES if entry.boots == "net" else 0
    return Memory(ranges, kept_bytes)
