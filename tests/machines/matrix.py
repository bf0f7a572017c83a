"""The machines that the kernel is held against: each value of each kind at least once, in
combinations that exist or might. Knows no emulator's options and nothing of the kernel.

A value that no combination can have (UEFI without PCI, a 486 with a USB stick) is left out;
docs/machines.md says which and why.
"""

import dataclasses

KIB = 1 << 10
MIB = 1 << 20
GIB = 1 << 30
TIB = 1 << 40

TEXT = "text"


@dataclasses.dataclass(frozen=True)
class Entry:
    """One machine.

    board: QEMU's pc, q35, isapc or microvm; bochs; dosbox; v86.
    boots: "kernel" (no boot loader), "cd", "disk" (IDE; AHCI on a q35), "floppy", "usb-xhci", ...;
        "net" (PXE).
    loader: who loads the kernel from there. Others than GRUB have media of their own (media.py).
    image: which one is on GRUB's medium: the "iso", or the one for "old" PCs, a floppy's size.
    multiboot: which protocol the loader speaks. GRUB is told to use it; others have 1 only.
    screen: the size that the picture must have; TEXT; None without an adapter.
    adapter: which one `video` must name; None if any will do.
    can_type: False without a serial port and a keyboard: then the screen is all that is seen.
    fails: the self-tests that fail because the emulator lacks what they test.
    """

    name: str
    board: str
    cpu: str
    memory_bytes: int
    boots: str = "kernel"
    firmware: str = "SeaBIOS"
    multiboot: int = 2
    image: str = "iso"
    display: str = "std"
    screen: object = (1024, 768)
    loader: str = "GRUB"
    adapter: str = None
    can_type: bool = True
    fails: tuple = ()
    quick: bool = False  # also part of `make test`


MACHINES = (
    # Without PCI, CPUID, PAE: what there was around 1990.
    Entry("isapc-486-2m", "isapc", "486", 2 * MIB, multiboot=1, screen=(640, 480),
          quick=True),
    Entry("isapc-486-4m-cirrus", "isapc", "486", 4 * MIB, multiboot=1, display="cirrus",
          screen=(640, 480), quick=True),
    Entry("isapc-pentium-16m-blind", "isapc", "pentium", 16 * MIB, multiboot=1, display="none",
          screen=None),
    Entry("isapc-486-64m-cd", "isapc", "486", 64 * MIB, "cd"),
    Entry("isapc-486-16m-disk", "isapc", "486", 16 * MIB, "disk", multiboot=1),
    Entry("isapc-486-4m-floppy", "isapc", "486", 4 * MIB, "floppy", image="old",
          screen=(640, 480), quick=True),
    Entry("isapc-486-16m-old-disk", "isapc", "486", 16 * MIB, "disk", image="old"),
    # With PCI.
    Entry("pc-486-4m", "pc", "486", 4 * MIB, multiboot=1, screen=(640, 480)),
    Entry("pc-pentium-16m-cd", "pc", "pentium", 16 * MIB, "cd", quick=True),
    Entry("pc-pentium3-64m-disk", "pc", "pentium3", 64 * MIB, "disk", display="cirrus"),
    Entry("pc-qemu32-1g", "pc", "qemu32", GIB, multiboot=1),
    Entry("pc-qemu32-3.5g-cd", "pc", "qemu32", 7 * GIB // 2, "cd", multiboot=1),
    Entry("pc-core2duo-5g-cd", "pc", "core2duo", 5 * GIB, "cd"),
    Entry("pc-core2duo-64g-cd", "pc", "core2duo", 64 * GIB, "cd"),
    Entry("pc-pentium3-64m-ramfb", "pc", "pentium3", 64 * MIB, "cd", display="ramfb",
          screen=(1024, 768)),
    # With PCI Express.
    Entry("q35-core2duo-3.5g-ahci", "q35", "core2duo", 7 * GIB // 2, "disk", quick=True),
    Entry("q35-qemu32-1g-cd", "q35", "qemu32", GIB, "cd", multiboot=1),
    Entry("q35-max-64g", "q35", "max", 64 * GIB, multiboot=1, quick=True),
    Entry("q35-max-1t", "q35", "max", TIB, multiboot=1),
    # From a USB stick.
    Entry("q35-max-5g-usb-xhci", "q35", "max", 5 * GIB, "usb-xhci", quick=True),
    Entry("q35-core2duo-1g-usb-ehci", "q35", "core2duo", GIB, "usb-ehci"),
    Entry("pc-pentium3-64m-usb-uhci", "pc", "pentium3", 64 * MIB, "usb-uhci"),
    Entry("pc-pentium-64m-usb-ohci", "pc", "pentium", 64 * MIB, "usb-ohci", multiboot=1),
    Entry("pc-pentium3-64m-old-usb-uhci", "pc", "pentium3", 64 * MIB, "usb-uhci", image="old"),
    # UEFI, in 64 and 32 bits.
    Entry("uefi64-1g-cd", "q35", "core2duo", GIB, "cd", "UEFI 64", quick=True),
    Entry("uefi64-64g-usb-xhci", "q35", "max", 64 * GIB, "usb-xhci", "UEFI 64"),
    Entry("uefi64-5g-multiboot1", "q35", "max", 5 * GIB, "cd", "UEFI 64", multiboot=1),
    Entry("uefi64-1t-cd", "q35", "max", TIB, "cd", "UEFI 64"),
    Entry("uefi32-1g-cd", "q35", "max", GIB, "cd", "UEFI 32", quick=True),
    Entry("uefi32-3.5g-ahci", "q35", "qemu32", 7 * GIB // 2, "disk", "UEFI 32"),
    # Other boot loaders.
    Entry("pc-pentium3-64m-isolinux", "pc", "pentium3", 64 * MIB, "cd", loader="ISOLINUX",
          multiboot=1),
    Entry("pc-pentium3-64m-grub-legacy", "pc", "pentium3", 64 * MIB, "cd", loader="GRUB legacy",
          multiboot=1),
    Entry("q35-core2duo-1g-pxelinux", "q35", "core2duo", GIB, "net", loader="PXELINUX",
          multiboot=1),
    Entry("pc-pentium3-64m-ipxe", "pc", "pentium3", 64 * MIB, "net", loader="iPXE", multiboot=1),
    # A second root bus, with the adapter behind it.
    Entry("pc-pentium3-64m-pxb", "pc", "pentium3", 64 * MIB, multiboot=1, display="bochs on pxb",
          adapter="bochs"),
    Entry("q35-max-1g-pxb-pcie", "q35", "max", GIB, multiboot=1, display="bochs on pxb-pcie",
          adapter="bochs"),
    # Odd ones.
    Entry("pc-pentium3-64m-no-input", "pc", "pentium3", 64 * MIB, multiboot=1,
          can_type=False),
    Entry("microvm-64m", "microvm", "pentium3", 64 * MIB, firmware="qboot", multiboot=1,
          display="none", screen=None, quick=True),
    Entry("microvm-5g", "microvm", "max", 5 * GIB, firmware="qboot", multiboot=1, display="none",
          screen=None),
    # Other emulators.
    Entry("bochs-32m-cd", "bochs", "corei7_sandy_bridge_2600k", 32 * MIB, "cd", "Bochs BIOS",
          quick=True),
    Entry("bochs-pentium-16m-disk", "bochs", "pentium", 16 * MIB, "disk", "Bochs BIOS"),
    Entry("bochs-pentium-8m-floppy", "bochs", "pentium", 8 * MIB, "floppy", "Bochs BIOS",
          image="old"),
    Entry("dosbox-16m-floppy", "dosbox", "pentium", 16 * MIB, "floppy", "DOSBox BIOS", image="old",
          display="S3", fails=("kernel_is_protected",)),  # it knows no CR0.WP
    Entry("v86-32m", "v86", "v86", 32 * MIB, firmware="none", multiboot=1, quick=True),
    Entry("v86-64m-cd", "v86", "v86", 64 * MIB, "cd"),
)
