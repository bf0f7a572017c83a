"""Broken boot information: each boot ends with the shell, or with one sentence that says why not."""

import os
import random
import re
import struct
import tempfile

import boot_image
import elf_file
from machine import Machine, Settings

MIB = 1 << 20
MEMORY = 64 * MIB
PLACE = 16 * MIB  # of the information; what belongs to it follows
FAR = 20 * MIB  # for pieces that are large
MAGIC1 = 0x2BADB002
MAGIC2 = 0x36D76289
ALL_ONES = (1 << 64) - 1
STOPPED = "The system has stopped. Switch off or reset the machine."
WARNING = "warning: "
PC_MAP = [(0, 0x9FC00, 1), (0x9FC00, 0x400, 2), (0xF0000, 0x10000, 2),
          (MIB, MEMORY - MIB, 1), (0xFFFC0000, 0x40000, 2)]
LINE = b"ashlar.elf console=serial"

NO_LOADER = "the kernel was not started by a multiboot loader"
NO_REACH = "the boot information is out of reach"
NO_MEMORY = "the boot loader told of no memory at all; Ashlar needs 2 MiB"
NO_TABLES = r"no [0-9]+ KiB of free memory for tables below 1 GiB"
TOO_LITTLE = "Ashlar needs 2 MiB of memory; the memory map has {} KiB"
NO_RAM = r"the memory map is wrong: nothing holds what is written at 0x[0-9a-f]+"
DAMAGED_MAP = "the memory map ends in a damaged entry; the rest was left out"
CUT_MAP = "the memory map ends within an entry"
DAMAGED_TAG = "the boot information ends in a damaged tag; the rest was left out"
SHORT_TAG = "a tag of the boot information is too short; it was left out"
LONG_LINE = "the command line is longer than 4095 characters; the rest was left out"
NO_MODULES = "the list of modules is out of reach; the rest was left out"
BACKWARDS = "a module ends before it begins; it was left out"
NO_PALETTE = "the framebuffer's palette is out of reach"

ANYTHING = object()
CASES = {}


def case(function):
    """
    A function that returns (EAX, EBX, pieces, how it ends): None for the shell, "warning: " and a
    regular expression for the shell after that error, an expression for the panic's sentence, or
    ANYTHING, where what the information says is the emulator's, for the shell or any one sentence.
    """
    CASES[function.__name__] = function
    return function


def image_end():
    """Where the kernel ends, just below 2 MiB."""
    return elf_file.symbols(Settings.elf)["image_end"]


# ---- version 1 -----------------------------------------------------------------------------------


def entries1(entries, entry_bytes=20):
    return b"".join(struct.pack("<IQQI", entry_bytes, *entry) for entry in entries)


def info1(flags=0x44, lower=639, upper=63 * 1024, line=PLACE + 0x100, modules=(0, 0),
          memory_map=None, map_bytes=None, map_at=PLACE + 0x1000, loader=0, framebuffer=b""):
    """The structure, its command line and its map, as pieces. Flags: 4 command line, 64 map."""
    if memory_map is None:
        memory_map = entries1(PC_MAP)
    if map_bytes is None:
        map_bytes = len(memory_map)
    info = struct.pack("<11I2I7I", flags, lower, upper, 0, line, *modules, 0, 0, 0, 0, map_bytes,
                       map_at, 0, 0, 0, loader, 0, 0, 0)
    info = info.ljust(88, b"\0") + framebuffer
    pieces = [(PLACE, info.ljust(0x100, b"\0") + LINE + b"\0")]
    if memory_map:
        pieces.append((PLACE + 0x1000, memory_map))
    return pieces


def boot1(ends=None, more=(), **fields):
    return MAGIC1, PLACE, info1(**fields) + list(more), ends


@case
def nothing_wrong_1():
    return boot1()


@case
def magic_0():
    return 0, PLACE, info1(), NO_LOADER


@case
def magic_of_the_header():
    return 0x1BADB002, PLACE, info1(), NO_LOADER


@case
def magic_of_the_other_header():
    return 0xE85250D6, PLACE, info1(), NO_LOADER


@case
def magic_all_ones():
    return 0xFFFFFFFF, 0xFFFFFFFF, [], NO_LOADER


@case
def info1_at_0():
    return MAGIC1, 0, [], NO_REACH


@case
def info1_unaligned():
    pieces = info1()
    return MAGIC1, PLACE + 0x2003, pieces + [(PLACE + 0x2003, pieces[0][1])], None


@case
def info1_in_the_kernel():
    return MAGIC1, 0x100000, [], NO_MEMORY


@case
def info1_in_rom():
    return MAGIC1, 0xF0000, [], ANYTHING


@case
def info1_beyond_memory():
    return MAGIC1, MEMORY + MIB, [], NO_MEMORY


@case
def info1_at_the_top_of_4_gib():
    return MAGIC1, 0xFFFFFFF0, [], NO_REACH


@case
def info1_at_the_end_of_memory():
    """The flags are the last that is memory."""
    return MAGIC1, MEMORY - 4, [(MEMORY - 4, struct.pack("<I", 0x1045))], ANYTHING


@case
def flags_all_zero():
    return boot1(NO_MEMORY, flags=0)


@case
def flags_all_ones():
    return boot1(f"warning: {NO_PALETTE}", flags=0xFFFFFFFF)


@case
def memory_amounts_alone():
    return boot1(flags=5)


@case
def memory_amounts_all_ones():
    """The upper part would end at 4 TiB."""
    return boot1(NO_RAM, flags=5, lower=0xFFFFFFFF, upper=0xFFFFFFFF)


@case
def memory_amounts_zero():
    return boot1(NO_MEMORY, flags=5, lower=0, upper=0)


@case
def map_without_bytes():
    return boot1(NO_MEMORY, map_bytes=0)


@case
def map_without_bytes_but_amounts():
    return boot1(flags=0x45, map_bytes=0)


@case
def map_of_3_bytes():
    return boot1(NO_MEMORY, map_bytes=3)


@case
def map_cut():
    return boot1(f"warning: {CUT_MAP}", map_bytes=24 * 4 + 7)


@case
def map_bytes_huge():
    """Behind the last entry lies a 0, which is no length."""
    return boot1(f"warning: {DAMAGED_MAP}", map_bytes=0xFFFFFFFF)


@case
def map_wraps_around_4_gib():
    return boot1(NO_MEMORY, map_at=0xFFFFFFF0, map_bytes=0x40)


@case
def map_at_the_end_of_memory():
    end = entries1(PC_MAP)
    return boot1(f"warning: {DAMAGED_MAP}", memory_map=b"", map_at=MEMORY - len(end),
                 map_bytes=len(end) + 240, more=[(MEMORY - len(end), end)])


@case
def entry_of_0_bytes():
    return boot1(NO_MEMORY, memory_map=entries1(PC_MAP, entry_bytes=0))


@case
def entry_bytes_wrap():
    return boot1(NO_MEMORY, memory_map=entries1(PC_MAP, entry_bytes=0xFFFFFFFC))


@case
def entries_of_growing_size():
    grown = b"".join(entries1([entry], 20 + 4 * index) + bytes(4 * index)
                     for index, entry in enumerate(PC_MAP))
    return boot1(memory_map=grown)


@case
def map_says_nothing_usable():
    return boot1(TOO_LITTLE.format(0),
                 memory_map=entries1([(base, size, 2) for base, size, _ in PC_MAP]))


@case
def map_of_unknown_types():
    return boot1(TOO_LITTLE.format(0),
                 memory_map=entries1([(base, size, 0xABCD) for base, size, _ in PC_MAP]))


@case
def map_usable_in_the_first_mib_alone():
    """A PC with 640 KiB."""
    return boot1(TOO_LITTLE.format(636), memory_map=entries1(PC_MAP[:3]))


@case
def map_of_a_pc_with_1_mib():
    """The last 384 KiB lie above 1 MiB, as many chipsets have it."""
    return boot1(TOO_LITTLE.format(636 + 384),
                 memory_map=entries1(PC_MAP[:3] + [(MIB, 384 << 10, 1)]))


@case
def map_ends_with_the_kernel():
    return boot1(TOO_LITTLE.format(636 + ((image_end() - MIB) >> 10)),
                 memory_map=entries1(PC_MAP[:3] + [(MIB, image_end() - MIB, 1)]))


@case
def map_has_a_frame_behind_the_kernel():
    """And with what lies below 640 KiB, tables fit."""
    return boot1(memory_map=entries1(PC_MAP[:3] + [(MIB, image_end() + 4096 - MIB, 1)]))


@case
def map_has_no_place_for_tables():
    return boot1(TOO_LITTLE.format(64 + ((image_end() + 4096 - MIB) >> 10)),
                 memory_map=entries1([(0, 64 << 10, 1), (MIB, image_end() + 4096 - MIB, 1)]))


@case
def amounts_of_a_pc_with_640_kib():
    return boot1(TOO_LITTLE.format(636), flags=5, upper=0)


@case
def map_usable_above_4_gib_alone():
    return boot1(NO_TABLES, memory_map=entries1([(1 << 32, 1 << 32, 1)]))


@case
def map_covers_the_kernel_with_reserved():
    return boot1(memory_map=entries1(PC_MAP + [(MIB, 2 * MIB, 2)]))


@case
def map_leaves_the_kernel_out():
    return boot1(memory_map=entries1([(32 * MIB, 16 * MIB, 1)]))


@case
def map_covers_all_with_reserved():
    return boot1(TOO_LITTLE.format(0), memory_map=entries1(PC_MAP + [(0, ALL_ONES, 2)]))


@case
def map_all_ones():
    return boot1(NO_MEMORY, memory_map=b"\xff" * 240)


@case
def entry_of_all_usable():
    """From 0 to 2^64: where the tables would go, there is no memory."""
    return boot1(NO_RAM, memory_map=entries1([(0, ALL_ONES, 1)]))


@case
def entries_that_wrap():
    return boot1(memory_map=entries1(PC_MAP + [(ALL_ONES - 4095, 8192, 1), (5 << 32, ALL_ONES, 2),
                                               (ALL_ONES, 1, 1), (1 << 63, 1 << 63, 1)]))


@case
def entries_of_no_length():
    empty = [(base, 0, kind) for base, _, kind in PC_MAP] * 20
    return boot1(memory_map=entries1(empty + PC_MAP + empty))


@case
def entries_512():
    """The most there is room for: usable and reserved by turns, and the rest of memory."""
    pieces = [(33 * MIB + index * 8192, 4096, 1 + index % 2) for index in range(508)]
    return boot1(memory_map=entries1(pieces + [(MIB, 31 * MIB, 1), (40 * MIB, 20 * MIB, 1)]))


@case
def entries_700():
    pieces = [(33 * MIB + index * 8192, 4096, 1 + index % 2) for index in range(697)]
    return boot1("warning: [0-9]+ entries of the memory map were left out",
                 memory_map=entries1(PC_MAP[:3] + [(MIB, 31 * MIB, 1)] + pieces))


@case
def entries_512_that_overlap():
    shuffle = random.Random(512)
    pieces = [(shuffle.randrange(32 * MIB, 60 * MIB), shuffle.randrange(1, 1 << 18),
               shuffle.choice((1, 1, 2, 3, 4, 5))) for _ in range(507)]
    return boot1(memory_map=entries1(pieces + PC_MAP[:3] + [(MIB, 48 * MIB, 1)]))


# ---- modules, version 1 --------------------------------------------------------------------------


def boot_modules(modules, ends=None, count=None, at=PLACE + 0x2000):
    data = b"".join(struct.pack("<IIII", *module, 0) for module in modules)
    if count:
        data = data.ljust(64 * 1024, b"\0")
    return boot1(ends, flags=0x4C, modules=(len(modules) if count is None else count, at),
                 more=[(PLACE + 0x2000, data)] if data else [])


@case
def modules_that_overlap():
    return boot_modules([(FAR, FAR + 3 * MIB, 0), (FAR + MIB, FAR + 2 * MIB, 0),
                         (FAR + 2 * MIB, FAR + 5 * MIB, 0), (FAR, FAR + 3 * MIB, 0)])


@case
def module_over_the_kernel():
    return boot_modules([(0x100000, 0x180000, 0), (0, 0x200000, 0)])


@case
def module_over_the_information():
    return boot_modules([(PLACE, PLACE + 0x3000, PLACE + 0x100)])


@case
def module_backwards():
    return boot_modules([(FAR + MIB, FAR, 0)], f"warning: {BACKWARDS}")


@case
def module_over_all_memory():
    return boot_modules([(0, 0xFFFFFFFF, 0)], NO_TABLES)


@case
def module_beyond_memory():
    return boot_modules([(0xF0000000, 0xF0100000, 0)])


@case
def module_driver_beyond_memory():
    """Something that claims to be a driver, where nothing is."""
    pieces = boot_modules([(0xC0000000, 0xC0100000, PLACE + 0x3000)])
    return pieces[:2] + (pieces[2] + [(PLACE + 0x3000, b"kit.sys\0")], "warning: .*kit.*")


@case
def module_text_out_of_reach():
    return boot_modules([(FAR, FAR + 4096, 0xFFFFFFFF), (FAR, FAR + 4096, 0xFFFFFFF0)])


@case
def modules_65():
    """The last is left out, and its memory is as any other: nothing is glued to the 64th."""
    return boot_modules([(FAR + index * 4096, FAR + index * 4096 + 4096, 0) for index in range(65)],
                        "warning: there is room for 64 modules; left out: 1")


@case
def modules_countless():
    """All that follows the first one is zeros: empty modules at 0."""
    return boot_modules([(FAR, FAR + 4096, 0)], "warning: .*modules.*", count=0xFFFFFFFF)


@case
def modules_out_of_reach():
    return boot_modules([], f"warning: {NO_MODULES}", count=3, at=0xFFFFFFF8)


# ---- the command line, version 1 -----------------------------------------------------------------


def boot_line(line, ends=None, at=FAR):
    return boot1(ends, line=at, more=[(at, line)])


@case
def command_line_of_64_kib():
    return boot_line(b"console=serial " + b"x" * 65521, f"warning: {LONG_LINE}")


@case
def command_line_of_many_words():
    return boot_line(b"console=serial " + b"y " * 32760 + b"\0", "warning: [0-9]+ more boot options are wrong")


@case
def command_line_without_an_end():
    """It runs to the end of memory, and on where there is none."""
    at = MEMORY - 2048
    return boot_line(b"console=serial ".ljust(2048, b"z"), "warning: .*boot option.*", at=at)


@case
def command_line_at_0():
    return boot1(ANYTHING, line=0)


@case
def command_line_out_of_reach():
    return boot1(line=0xFFFFFFFF)


@case
def command_line_of_no_text():
    """Each character but blanks and what can be printed comes as a question mark."""
    line = b"console=serial " + bytes(range(1, 256)) + b"\0"
    return boot_line(line, r'warning: boot option "\?{8}": there is no such boot option')


@case
def command_line_that_controls_the_terminal():
    line = b"console=serial \x1b[2J\x1b[31m\x07\x0e run=\x1bc\xff;check\0"
    return boot_line(line, r'warning: boot option "\?\[2J\?\[31m\?\?": there is no such boot option')


@case
def command_line_with_an_open_quote():
    """Nothing of it is guessed."""
    return boot_line(b'console=serial "run=alloc 3M;exit\0',
                     'warning: boot option ""run=alloc 3M;exit": its quote " is not closed; it is '
                     "left out")


@case
def loader_name_of_no_text():
    return boot1(flags=0x244, loader=FAR, more=[(FAR, bytes(range(255, 0, -1)) * 3)])


# ---- the framebuffer, version 1 ------------------------------------------------------------------


def boot_framebuffer(ends, address=0xFD000000, pitch=3200, width=800, height=600, bits=32, kind=1,
                     colours=bytes((16, 8, 8, 8, 0, 8))):
    framebuffer = struct.pack("<QIIIBB", address, pitch, width, height, bits, kind)
    pieces = info1(flags=0x1044, framebuffer=framebuffer + b"\0\0" + colours)
    pieces[0] = (PLACE, pieces[0][1].replace(b"console=serial", b"video=boot    "))
    return MAGIC1, PLACE, pieces, ends


@case
def framebuffer_at_0():
    return boot_framebuffer(None, address=0)


@case
def framebuffer_over_the_kernel():
    return boot_framebuffer("warning: the boot loader's framebuffer at 0x100000 is left alone: memory "
                            'of "kernel" is there', address=MIB, pitch=4096)


@case
def framebuffer_at_the_end_of_all():
    return boot_framebuffer(None, address=ALL_ONES - 4095)


@case
def framebuffer_without_pitch():
    return boot_framebuffer(None, pitch=0)


@case
def framebuffer_of_huge_size():
    return boot_framebuffer("warning: the boot loader's framebuffer .* is left alone: .*",
                            address=2 * MIB, pitch=0xFFFFFFFF, width=0xFFFFFFFF,
                            height=0xFFFFFFFF)


@case
def framebuffer_of_255_bits():
    return boot_framebuffer(None, bits=255)


@case
def framebuffer_of_type_7():
    return boot_framebuffer(None, kind=7)


@case
def framebuffer_with_odd_masks():
    return boot_framebuffer(None, colours=bytes((255, 200, 0, 0, 31, 31)))


@case
def framebuffer_with_a_wild_palette():
    return boot_framebuffer(f"warning: {NO_PALETTE}", bits=8, kind=0, pitch=800,
                            colours=struct.pack("<IH", 0xFFFFFFF0, 256))


# ---- version 2 -----------------------------------------------------------------------------------


def tag(kind, data, tag_bytes=None):
    whole = struct.pack("<II", kind, 8 + len(data) if tag_bytes is None else tag_bytes) + data
    return whole + b"\0" * (-len(whole) % 8)


def map_tag(entries=None, entry_bytes=24, version=0, kind=6):
    data = b"".join(struct.pack("<QQII", *entry, 0).ljust(entry_bytes, b"\0")
                    for entry in entries or PC_MAP)
    return tag(kind, struct.pack("<II", entry_bytes, version) + data)


LINE_TAG = tag(1, LINE + b"\0")
END_TAG = tag(0, b"")


def boot2(*tags, ends=None, total=None, at=PLACE):
    data = b"".join(tags)
    total = 8 + len(data) if total is None else total
    return MAGIC2, at, [(at, struct.pack("<II", total, 0) + data)], ends


@case
def nothing_wrong_2():
    return boot2(LINE_TAG, map_tag(), END_TAG)


@case
def info2_unaligned():
    return boot2(LINE_TAG, map_tag(), END_TAG, at=PLACE + 5)


@case
def info2_at_0():
    return MAGIC2, 0, [], NO_REACH


@case
def info2_beyond_memory():
    return MAGIC2, MEMORY + MIB, [], f"{NO_MEMORY}|{NO_REACH}"


@case
def info2_at_the_top_of_4_gib():
    return MAGIC2, 0xFFFFFFF0, [], f"{NO_MEMORY}|{NO_REACH}"


@case
def total_size_0():
    return boot2(LINE_TAG, map_tag(), END_TAG, total=0, ends=NO_MEMORY)


@case
def total_size_7():
    return boot2(LINE_TAG, map_tag(), END_TAG, total=7, ends=NO_MEMORY)


@case
def total_size_huge():
    return boot2(LINE_TAG, map_tag(), END_TAG, total=0xFFFFFFFF, ends=NO_REACH)


@case
def total_size_odd():
    return boot2(LINE_TAG, map_tag(), END_TAG, total=8 + len(LINE_TAG + map_tag()) - 3,
                 ends=f"{NO_MEMORY}")


@case
def tag_of_0_bytes():
    return boot2(map_tag(), tag(4, bytes(8), 0), LINE_TAG, END_TAG, ends=f"warning: {DAMAGED_TAG}")


@case
def tag_of_7_bytes():
    return boot2(map_tag(), LINE_TAG, tag(3, bytes(8), 7), END_TAG, ends=f"warning: {DAMAGED_TAG}")


@case
def tag_of_huge_size():
    return boot2(map_tag(), LINE_TAG, tag(9, bytes(8), 0xFFFFFFF9), END_TAG,
                 ends=f"warning: {DAMAGED_TAG}")


@case
def no_end_tag():
    return boot2(LINE_TAG, map_tag())


@case
def end_tag_in_the_middle():
    return boot2(LINE_TAG, END_TAG, map_tag(), ends=NO_MEMORY)


@case
def tags_twice():
    return boot2(LINE_TAG, map_tag(), LINE_TAG, map_tag(), tag(1, LINE + b"\0"), END_TAG)


@case
def entry_size_0():
    return boot2(LINE_TAG, tag(6, struct.pack("<II", 0, 0) + bytes(96)), END_TAG, ends=NO_MEMORY)


@case
def entry_size_8():
    return boot2(LINE_TAG, tag(6, struct.pack("<II", 8, 0) + bytes(96)), END_TAG, ends=NO_MEMORY)


@case
def entry_size_huge():
    return boot2(LINE_TAG, tag(6, struct.pack("<II", 0xFFFFFFFF, 0) + bytes(96)), END_TAG,
                 ends=NO_MEMORY)


@case
def entry_size_32_of_version_9():
    return boot2(LINE_TAG, map_tag(entry_bytes=32, version=9), END_TAG)


@case
def map_tag_truncated():
    return boot2(LINE_TAG, map_tag(), tag(6, b"\x18\0\0\0"), END_TAG, ends=f"warning: {SHORT_TAG}")


@case
def efi_map_alone():
    return boot2(LINE_TAG, tag(17, struct.pack("<II", 48, 1) + bytes(96)), END_TAG, ends=NO_MEMORY)


@case
def efi_map_and_amounts():
    return boot2(LINE_TAG, tag(4, struct.pack("<II", 639, 63 * 1024)),
                 tag(17, struct.pack("<II", 48, 1) + bytes(96)), END_TAG)


@case
def amounts_truncated():
    return boot2(LINE_TAG, tag(4, struct.pack("<I", 639)), END_TAG, ends=NO_MEMORY)


@case
def acpi_root_truncated():
    return boot2(LINE_TAG, tag(14, b"RSD PTR \x12"), tag(15, b"RSD"), tag(15, b""), map_tag(),
                 END_TAG)


@case
def acpi_root_of_garbage():
    return boot2(LINE_TAG, tag(15, b"RSD PTR " + b"\xff" * 28), map_tag(), END_TAG)


@case
def module_tag_without_terminator():
    return boot2(LINE_TAG, tag(3, struct.pack("<II", FAR, FAR + 4096) + b"m" * 400), map_tag(),
                 END_TAG, ends="warning: .*module.*")


@case
def module_tag_truncated():
    return boot2(LINE_TAG, tag(3, struct.pack("<I", FAR)), map_tag(), END_TAG,
                 ends=f"warning: {SHORT_TAG}")


@case
def command_line_tag_without_terminator():
    return boot2(map_tag(), tag(1, LINE), END_TAG)


@case
def command_line_tag_of_64_kib():
    return boot2(tag(1, b"console=serial " + b"w" * 65521), map_tag(), END_TAG,
                 ends=f"warning: {LONG_LINE}")


@case
def framebuffer_tag_truncated():
    return boot2(LINE_TAG, tag(8, struct.pack("<QIII", 0xFD000000, 4096, 1024, 768)), map_tag(),
                 END_TAG, ends=f"warning: {SHORT_TAG}")


@case
def framebuffer_tag_of_nonsense():
    return boot2(tag(1, b"video=boot\0"), tag(8, b"\xff" * 30), map_tag(), END_TAG, ends=None)


@case
def entries_512_of_version_2():
    pieces = [(33 * MIB + index * 8192, 4096, 1 + index % 2) for index in range(511)]
    return boot2(LINE_TAG, map_tag(pieces + [(MIB, 31 * MIB, 1)]), END_TAG)


@case
def tags_of_noise():
    noise = random.Random(2)
    return boot2(LINE_TAG, map_tag(), *(tag(noise.randrange(1, 24), noise.randbytes(40))
                                        for _ in range(200)), END_TAG, ends=ANYTHING)


# ---- running them --------------------------------------------------------------------------------


def run_case(name, eax, ebx, pieces, ends):
    with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
        path = os.path.join(folder, "broken.elf")
        with open(Settings.elf, "rb") as kernel, open(path, "wb") as file:
            file.write(boot_image.build(kernel.read(), eax, ebx, pieces))
        vga = "std" if name.startswith("framebuffer") else "none"
        with Machine(memory="64M", elf=path, vga=vga) as machine:
            machine.wait_until(lambda: machine.at_prompt() or STOPPED in machine.screen.lines,
                               "prompt and no panic")
            errors = [line for line in machine.screen.lines if line.startswith("error: ")]
            panics = [line for line in machine.screen.lines if line.startswith("panic: ")]
            if ends is ANYTHING:
                ends = WARNING if machine.at_prompt() else ".*"
            if ends and not ends.startswith(WARNING):
                assert len(panics) == 1, f"panics are {panics}, not {ends!r}"
                assert re.fullmatch(rf"panic: ({ends}) \(.*\)|panic: ({ends})", panics[0]), panics
                return
            assert not panics, panics
            assert machine.command("check") == ["check ok"]
            if ends is None:
                assert not errors, errors
            elif ends != WARNING:
                pattern = f"error: (boot information: )?({ends[len(WARNING):]})"
                assert any(re.fullmatch(pattern, line) for line in errors), (pattern, errors)


def make_test(name, function):
    def test():
        run_case(name, *function())
    test.__doc__ = function.__doc__ or f"Ends with the shell or a sentence: {name}."
    return test


for case_name, case_function in CASES.items():
    globals()[f"test_{case_name}"] = make_test(case_name, case_function)
