"""UEFI's firmware for QEMU's q35, from Debian's packages ovmf and ovmf-ia32, as options of QEMU."""

import os

# 64-bit firmware wants nothing of the board; Debian's in 32 bits is made for secure boot only, and
# keeps its variables where only system management mode may write.
FOLDER = "/usr/share/OVMF"
FILES = {
    64: ("OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd"),
    32: ("OVMF32_CODE_4M.secboot.fd", "OVMF32_VARS_4M.fd"),
}


def lacks(bits):
    """The first file that is not installed, or None."""
    for name in FILES[bits]:
        if not os.path.exists(os.path.join(FOLDER, name)):
            return name
    return None


def board_options(bits):
    """(what is appended to the board's name, more options)"""
    if bits == 64:
        return "", []
    return ",smm=on", ["-global", "driver=cfi.pflash01,property=secure,value=on"]


def firmware_options(bits):
    options = []
    for unit, name in enumerate(FILES[bits]):
        access = "snapshot=on" if unit else "readonly=on"
        options += ["-drive", f"if=pflash,unit={unit},format=raw,{access},"
                              f"file={os.path.join(FOLDER, name)}"]
    return options
