"""
Miniports that nobody here wrote, as far as the video port can tell: a test miniport that knows NT's
headers alone, linked in and as a binary; and binaries that do not hold.
"""

import contextlib
import os
import re
import shutil
import tempfile

import gdb_stub
from machine import Machine, Settings, shell
from pe_file import IMPORTS, RELOCATIONS, PeFile
from report import Line, blocks, check
from test_display import adapter_of, check_picture
from test_grub import iso_with

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
CHECKS = 170  # that the test miniport makes on its way up
CRIMES = {"overrun": 1, "underrun": 2, "double-free": 3, "null": 4, "leak": 5, "overrun-later": 6,
          "in-interrupt": 7, "call-null": 8, "call-nowhere": 9, "call-data": 10, "call-zeros": 11,
          "return-nowhere": 12, "stack-nowhere": 13, "recursion": 14, "synchronize-nowhere": 15,
          "stack-nowhere-and-wait": 16, "call-null-in-interrupt": 17, "dpc-nowhere": 18,
          "call-null-in-timer": 19, "call-null-in-timer-later": 20}


def binary(name):
    return os.path.join(Settings.drivers, "drivers", f"{name}.sys")


def kernel_with(name):
    return os.path.join(Settings.drivers, f"{name}.elf")


@contextlib.contextmanager
def booted_with(*modules, **options):
    """A machine whose loader brings these files, each with words behind its name."""
    line = ",".join(" ".join(words) for words in modules)
    with shell(extra=["-initrd", line], **options) as machine:
        yield machine


def kit_lines(lines, name="kit"):
    """What the test miniport said of itself: passed, failed, and what failed."""
    said = [line.split(" text: ", 1)[1] for line in lines
            if f"call=VideoPortDebugPrint driver={name} text: kit" in line]
    failures = [line for line in said if line.startswith("kit failed:")]
    passed, failed = re.search(r"kit passed=(\d+) failed=(\d+)", "\n".join(said)).groups()
    return int(passed), int(failed), failures


def check_kit(lines, name="kit"):
    passed, failed, failures = kit_lines(lines, name)
    assert failed == 0 and not failures, failures
    assert passed == CHECKS, passed


def names_of(machine):
    return [Line(line).name for line in machine.command("drivers") if line.startswith("driver ")]


def errors_of(lines):
    return [line for line in lines if line.startswith("error: ")]


# ---- three ways to build it ------------------------------------------------------------------------


def check_linked(name):
    with shell(elf=kernel_with(name), append="video=text") as machine:
        before = [block.text for block in blocks(machine)]
        lines = machine.command(f"load {name}")
        check_kit(lines, name)
        assert lines[-1] == f"loaded name={name}", lines[-1]
        assert names_of(machine) == [name]
        assert machine.command(f"unload {name}")[-1] == f"unloaded name={name} leaked=0"
        assert [block.text for block in blocks(machine) if block.owner != "videoport"] == before
        check(machine)


def test_linked_in():
    """Linked into a kernel, a miniport in the style of the driver kits finds every rule kept."""
    check_linked("kit")


def test_linked_in_without_annotations():
    """The same source, built with stdcall taken for granted and no annotation at all."""
    check_linked("kit-rtd")


def test_binary():
    """As a binary made with mingw-w64, it finds every rule kept, and shows the picture."""
    with booted_with([binary("kit")]) as machine:
        check_kit(machine.screen.lines)
        assert adapter_of(machine) == "kit"
        check_picture(machine, (1024, 768), 32)
        held = [block for block in blocks(machine) if block.owner == "kit"]
        assert sorted(block.bytes for block in held)[-1] == 1024 * 768 * 4, held
        check(machine)


def test_name_of_the_system():
    """A driver may not have the name of the system's own blocks: these come and go by it."""
    with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
        path = os.path.join(folder, "machine.sys")
        shutil.copy(binary("kit-packed"), path)
        with booted_with([path]) as machine:
            refused = "error: driver machine: the name belongs to the system"
            assert refused in machine.screen.lines, machine.screen.lines
            machine.command("machine 486")
            machine.command("machine real")
            check(machine)


def test_packed_binary():
    """Sections that share pages, as NT's own linkers packed them, run as well."""
    with booted_with([binary("kit-packed")]) as machine:
        check_kit(machine.screen.lines, "kit-packed")
        check_picture(machine, (1024, 768), 32)
        assert "unloaded name=kit-packed leaked=0" in machine.command("unload kit-packed")
        check(machine)


def test_binary_changes_modes():
    """Every depth of a foreign miniport looks as on our own."""
    with booted_with([binary("kit")]) as machine:
        for mode, size, bits in (("800x600x16", (800, 600), 16), ("640x480x8", (640, 480), 8),
                                 ("1024x768x32", (1024, 768), 32)):
            assert machine.command(f"mode {mode}")[-1] == f"mode size={mode}"
            check_picture(machine, size, bits)
        lines = machine.command("mode 1280x800x32")
        assert errors_of(lines), lines
        check_picture(machine, (1024, 768), 32)


def back_buffers(machine, name):
    """What the driver holds of 1024x768 pixels."""
    return [Line(line) for line in machine.command("drivers")
            if line.startswith(f"holding driver={name} ") and f" bytes={1024 * 768 * 4} " in line]


def test_back_buffer_of_a_binary():
    """It comes from the video port's call, in the driver's name, and goes with the mode."""
    with booted_with([binary("kit")], append="param=kit.BackBufferHighest=0xffffff") as machine:
        assert any(line.startswith("videoport call=VideoPortAllocateContiguousMemory driver=kit "
                                   "bytes=3145728 highest=0xffffff ")
                   for line in machine.screen.lines), machine.screen.lines
        holding, = back_buffers(machine, "kit")
        assert holding.call == "VideoPortAllocateContiguousMemory", holding.text
        block, = [block for block in blocks(machine) if block.physical == holding.physical]
        assert block.owner == "kit" and block.end <= 16 << 20, block.text
        machine.command("mode text")
        assert not back_buffers(machine, "kit")
        machine.command("mode 1024x768x32")
        check_picture(machine, (1024, 768), 32)
        assert "unloaded name=kit leaked=0" in machine.command("unload kit")
        check(machine)


def test_kinds_of_back_buffers_of_a_binary():
    """backbuffer= counts for it as for our own, also beside as many parameters as there may be."""
    words = [f"{letter}=1" for letter in "ABCDEFGHIJKLMNOP"]
    with booted_with([binary("vesa"), *words],
                     append="backbuffer=none video=1024x768x32") as machine:
        assert adapter_of(machine) == "vesa"
        assert any("present=direct" in line for line in machine.command("video"))
        assert not back_buffers(machine, "vesa")
        check_picture(machine, (1024, 768), 32)
    with booted_with([binary("vesa")], append="backbuffer=common video=1024x768x32") as machine:
        holding, = back_buffers(machine, "vesa")
        assert holding.call == "VideoPortAllocateCommonBuffer", holding.text
        check_picture(machine, (1024, 768), 32)
        assert "unloaded name=vesa leaked=1" in machine.command("unload vesa")  # as ever


def test_binary_through_grub():
    """Modules of both multiboot protocols are taken for drivers by their names."""
    for protocol, module in (("multiboot", "module"), ("multiboot2", "module2")):
        with iso_with(f"{protocol} /ashlar.elf param=kit.Crime=5 video=text",
                      f"{module} /kit.sys /drivers/kit.sys",
                      files=[binary("kit")]) as iso:
            with shell(boot="cd", iso=iso) as machine:
                check_kit(machine.screen.lines)
                lines = machine.command("unload kit")
                assert lines[-1] == "unloaded name=kit leaked=1", lines


def test_unload_makes_way():
    """What a driver leaves behind is listed and given back; another adapter shows the picture."""
    with booted_with([binary("kit"), "Crime=5"]) as machine:
        before = {block.owner for block in blocks(machine)}
        assert "kit" in before
        lines = machine.command("unload kit")
        reclaimed = [line for line in lines if "driver=kit reclaimed bytes=8192" in line]
        assert len(reclaimed) == 1 and "unloaded name=kit leaked=1" in lines, lines
        assert "kit" not in {block.owner for block in blocks(machine)}
        assert adapter_of(machine) == "bochs"
        check_picture(machine, (1024, 768), 32)
        check(machine)
        assert errors_of(machine.command("unload kit"))
        assert machine.command("unload bochs")[-1].startswith("error: bochs is the kernel's own")


def test_load_again():
    """A driver is loaded as often as it is unloaded, with other parameters each time."""
    with booted_with([binary("kit")], append="video=text") as machine:
        machine.command("unload kit")
        before = [block.text for block in blocks(machine)]
        for _ in range(3):
            check_kit(machine.command("load kit Crime=5 Name=text"))
            assert machine.command("unload kit")[-1] == "unloaded name=kit leaked=1"
        assert [re.sub(r"id=\d+", "", block.text) for block in blocks(machine)] == [
            re.sub(r"id=\d+", "", text) for text in before]
        check(machine)


def test_wrong_loads_are_refused():
    """What cannot be loaded is one line, and changes nothing."""
    with booted_with([binary("kit")]) as machine:
        before = [block.text for block in blocks(machine)]
        for command, reason in (("load nothing", "there is no module of that name"),
                                ("load kit", "it is loaded already"),
                                ("unload nothing", "no driver \"nothing\" is loaded")):
            error, = errors_of(machine.command(command))
            assert reason in error, error
        assert [block.text for block in blocks(machine)] == before
    for word, reason in (("Crime", "it has the form KEY=VALUE"),
                         ("x" * 48 + "=1", "names have at most 47 characters"),
                         ("a=" + "x" * 64, "texts have at most 63 characters")):
        with booted_with([binary("kit"), word]) as machine:
            error, = errors_of(machine.screen.lines)
            assert f'parameter "{word}": ' in error and reason in error, error
            assert names_of(machine) == ["bochs"]


def test_names_of_drivers():
    """Names that two would have, or that are the system's, are refused, each by its reason."""
    long_name = "a-driver-of-23-letters-"
    names = (f"{long_name}one", f"{long_name}two", "shell", "bochs", "vga", "kernel",
             "a-name-of-23-letters-xxb", "a-name-of-23-letters-xx")
    with tempfile.TemporaryDirectory(prefix="ash-") as folder:
        modules = []
        for name in names:
            modules.append([shutil.copy(binary("kit"), os.path.join(folder, f"{name}.sys"))])
        with booted_with(*modules, modules[0], append="video=off") as machine:
            assert errors_of(machine.screen.lines) == [
                f"error: driver {long_name}two: another module's name begins with the same 23 "
                "letters",
                "error: driver shell: the name belongs to the system",
                "error: driver bochs: the name belongs to the system",
                "error: driver vga: the name belongs to the system",
                "error: driver kernel: the name belongs to the system",
                "error: driver a-name-of-23-letters-xxb: another module's name begins with the same "
                "23 letters",
                f"error: driver {long_name}one: another module has that name"]
            check_kit(machine.screen.lines, long_name)
            check_kit(machine.screen.lines, names[-1])
            assert names_of(machine) == [names[-1]]
            assert f"waiting name={long_name} from=module" in machine.command("drivers")
            before = machine.command("map"), machine.command("blocks")
            error, = errors_of(machine.command("load shell"))
            assert error == "error: driver shell: the name belongs to the system", error
            assert (machine.command("map"), machine.command("blocks")) == before
            check(machine)


def test_wrong_parameters_cost_themselves():
    """A boot option that no driver can have costs no adapter, and those beside it count."""
    key = "x" * 60
    refused = (f'error: parameter "{key}=1": names have at most 47 characters, and a driver has at '
               "most 16")
    with shell(append=f"param=bochs.{key}=1 param=bochs.Name=text") as machine:
        assert errors_of(machine.screen.lines) == [refused]
        assert adapter_of(machine) == "bochs"
        check(machine)
    with booted_with([binary("kit")], append=f"param=kit.{key}=1 param=kit.Crime=0") as machine:
        assert errors_of(machine.screen.lines) == [refused]
        assert names_of(machine) == ["kit"]


def test_unload_while_text_is_shown():
    """Who went back to text stays there; a mode that is asked for later finds another adapter."""
    with booted_with([binary("kit")]) as machine:
        machine.command("mode text")
        assert machine.command("unload kit")[-1] == "unloaded name=kit leaked=0"
        assert names_of(machine) == []
        assert machine.command("mode 800x600x32")[-1] == "mode size=800x600x32"
        assert names_of(machine) == ["bochs"]
        check_picture(machine, (800, 600), 32)


def test_every_function_is_there_and_tried():
    """What the headers declare can be imported, and the test miniports call it."""
    def read(*path):
        with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
            return file.read()
    declared = set()
    for header in ("video.h", "wdm.h", "ioaccess.h"):
        text = re.sub(r"/\*.*?\*/", "", read("drivers/videoport/include", header), flags=re.S)
        declared |= set(re.findall(r"\b(?:NTAPI|FASTCALL)\s+(\w+)\(", text)) - {"DriverEntry"}
        declared |= set(re.findall(r"\b(?:VOID|ULONG) (VideoPort\w+|DbgPrint)\(", text))
    exported = set(re.findall(r" EXPORT\((\w+)\)", read(os.path.abspath(Settings.drivers),
                                                       "export_table.c")))
    assert len(declared) > 180 and declared <= exported, declared - exported
    called = set(re.findall(r"\b(\w+)\(",
                            read("tests/drivers/kit.c") + read("tests/drivers/imports.c")))
    assert declared <= called, declared - called


# ---- the video BIOS ----------------------------------------------------------------------------------


def check_vesa(size, bits, **options):
    with booted_with([binary("vesa")], append=f"video={size[0]}x{size[1]}x{bits}",
                     **options) as machine:
        assert adapter_of(machine) == "vesa"
        check_picture(machine, size, bits)
        machine.command("mode text")
        assert machine.command("unload vesa")[-1] == "unloaded name=vesa leaked=1"  # its buffer
        assert "vesa" not in {block.owner for block in blocks(machine)}
        check(machine)


def test_vesa_on_std():
    """A VESA miniport sets modes by the BIOS of QEMU's standard adapter."""
    check_vesa((1024, 768), 32)


def test_vesa_on_cirrus():
    """The same binary does by that of a Cirrus, in the depths that it has."""
    check_vesa((800, 600), 16, vga="cirrus")
    check_vesa((1024, 768), 8, vga="cirrus")


def test_vesa_on_a_486():
    """Virtual-8086 mode needs no extension of later processors."""
    check_vesa((800, 600), 32, cpu="486")


def test_vesa_without_a_bios():
    """Without an adapter there is no VESA, and the driver finds that out."""
    with booted_with([binary("vesa")], vga="none") as machine:
        assert ("error: driver vesa: the driver found no adapter: there is no PCI function to "
                "offer; status 55") in machine.screen.lines


def test_bios_says_what_it_is():
    """The bios command calls the adapter's BIOS, as often as one likes."""
    with shell() as machine:
        before = [block.text for block in blocks(machine)]
        for _ in range(20):
            line = Line(machine.command("bios")[-1])
            assert line.noun == "bios" and line.bytes == 16 << 20 and line.modes > 50, line.text
        assert [block.text for block in blocks(machine)] == before
        check(machine)


def test_faults_of_the_bios_are_contained():
    """16-bit code that faults, writes where it may not, or never returns is given up."""
    with shell() as machine:
        for name, what in (("bios-fault", "invalid opcode at [0-9a-f]{4}:0013, bytes 0f 0b cf"),
                           ("bios-wild", "page fault at .*, writing 0x40000$"),
                           ("bios-loop", "it did not return within 5 seconds")):
            stopped, caught, told = machine.command(f"inject {name}")
            assert re.search(f"error: the BIOS is stopped: {what}", stopped), stopped
            assert caught.startswith(f"inject crime={name} caught: "), caught
            assert told.startswith(f"explanation crime={name} "), told
        assert Line(machine.command("bios")[-1]).noun == "bios"
        check(machine)


# ---- containment -----------------------------------------------------------------------------------


def crime(name, **options):
    return booted_with([binary("kit"), f"Crime={CRIMES[name]}"], **options)


def check_takeover(machine):
    """The system goes on without the driver: another adapter, no block of its, nothing broken."""
    assert names_of(machine) == ["bochs"] and adapter_of(machine) == "bochs"
    assert "kit" not in {block.owner for block in blocks(machine)}
    check(machine)


def check_survivor(machine):
    """The same, and the picture of the other adapter."""
    check_takeover(machine)
    check_picture(machine, (1024, 768), 32)


def check_stopped(name, what, check_rest=check_survivor, **options):
    with crime(name, **options) as machine:
        stopped = machine.wait_line("error: driver kit is stopped: .*").string
        machine.wait_prompt()
        assert re.search(what, stopped), stopped
        check_rest(machine)


def test_overrun_stops_the_driver():
    """A write behind a block names the driver, the block and the offset."""
    check_stopped("overrun", r"page fault at 0x[0-9a-f]+ kit\+0x[0-9a-f]+, writing 0x[0-9a-f]+, "
                             r"on the guard page behind block \d+ of kit, offset 8197$")


def test_underrun_stops_the_driver():
    """A write before a block does, too."""
    check_stopped("underrun", r"on the guard page before block \d+ of kit, offset -1$")


def test_null_stops_the_driver():
    """A null pointer is nobody's block."""
    check_stopped("null", r"writing 0x00000000, nothing is mapped there$")


def test_overrun_while_a_mode_is_set():
    """A driver that faults in a request loses the picture to the next adapter."""
    check_stopped("overrun-later", r"offset 8197$")


def test_fault_in_an_interrupt():
    """A driver that faults in its interrupt handler is stopped, and the interrupt is over."""
    check_stopped("in-interrupt", r"writing 0x00000000, nothing is mapped there$")


CALLED = r"called from 0x[0-9a-f]+ kit\+0x[0-9a-f]+"
NULL = f"page fault at 0x00000000, where no code is, {CALLED}, executing 0x00000000, " \
       "nothing is mapped there$"
NOWHERE = "page fault at 0xf0001000, where no code is, "
EXECUTING = "executing 0xf0001000, nothing is mapped there$"
AT_KIT = r" at 0x[0-9a-f]+ kit\+0x[0-9a-f]+"

# Places that are no code, ways to get there, and routines that do; and what is said of it.
JUMPS = {
    "call-null": NULL,
    "call-nowhere": NOWHERE + CALLED + ", " + EXECUTING,
    "call-data": rf"invalid opcode at 0x[0-9a-f]+, where no code is, {CALLED}$",
    "call-zeros": r"page fault at 0x[0-9a-f]+, where no code is, .*on the guard page behind block "
                  r"\d+ of kit, offset 8192$",
    "return-nowhere": NOWHERE + ".*" + EXECUTING,
    "stack-nowhere": "double fault" + AT_KIT + "$",
    "stack-nowhere-and-wait": "double fault" + AT_KIT + "$",
    "recursion": "double fault" + AT_KIT + "$",
    "synchronize-nowhere": NOWHERE + "called from 0x[0-9a-f]+ VideoPortSynchronizeExecution"
                           + r"\+0x[0-9a-f]+, " + EXECUTING,
    "call-null-in-interrupt": NULL,
    "dpc-nowhere": NOWHERE + ".*" + EXECUTING,
    "call-null-in-timer": NULL,
}

# Where data cannot be executed, they are a place like others that are no code.
WITH_NX = {
    "call-data": rf"page fault at (0x[0-9a-f]+), where no code is, {CALLED}, executing \1, "
                 r"in block \d+ of kit, offset 0$",
}
WITH_NX["call-zeros"] = WITH_NX["call-data"]


def test_jumps_out_of_all_code():
    """A driver that leaves its code for where none is is stopped, wherever it does so."""
    for name, what in JUMPS.items():
        check_stopped(name, what, check_takeover)


def test_jumps_out_of_all_code_with_nx():
    """The same where the processor does not execute data, and with page tables of two levels."""
    for name in ("call-data", "call-zeros", "stack-nowhere"):
        check_stopped(name, WITH_NX.get(name, JUMPS[name]), check_takeover, arch="x86_64")
    for name in ("call-null", "call-data", "stack-nowhere"):
        check_stopped(name, JUMPS[name], check_takeover, cpu="486")


def test_jump_while_the_picture_is_shown():
    """The picture goes on with another adapter, without anybody asking for it."""
    with crime("call-null-in-timer-later") as machine:
        assert re.search(NULL, machine.wait_line("error: driver kit is stopped: .*").string)
        machine.wait_quiet(2)
        machine.submit("")
        check_survivor(machine)


def test_double_faults_of_a_driver_again_and_again():
    """The task that takes a double fault is left as it was: there is always a next time."""
    with shell(elf=kernel_with("kit"), append="video=text", lifetime=300) as machine:
        for number in [14, 13] * 4:
            stopped, _ = errors_of(machine.command(f"load kit Crime={number}", seconds=60))
            assert re.search(r"kit is stopped: double fault at 0x[0-9a-f]+ \S+\+0x[0-9a-f]+$",
                             stopped), stopped
        check(machine)


def test_what_the_machine_reports_is_no_drivers():
    """A non-maskable interrupt and a machine check end the system, whatever runs when they come."""
    elf = kernel_with("kit")
    for order, sentence in (("nmi", "panic: exception 2, non-maskable interrupt"),
                            ("mce -b 0 0 0xb200000000000000 0x0 0x0 0x0",
                             "panic: exception 18, machine check")):
        with gdb_stub.listen() as stub, Machine(elf=elf, arch="x86_64", append="video=text",
                                                extra=stub.arguments) as machine:
            machine.qmp("query-status")
            stub.connect()
            stub.call_at(gdb_stub.find_symbol(elf, "KitInitialize"), lambda: machine.qmp(
                "human-monitor-command", **{"command-line": order}))
            machine.wait_prompt()
            machine.send("load kit\r")
            machine.wait_line(f"^{sentence}")
            machine.wait_line("^driver kit was running")
            machine.wait_line(r"^The system has stopped\.")
            assert not errors_of(machine.screen.lines), machine.screen.lines


def test_jump_of_a_linked_driver():
    """A driver that is part of the kernel's image is stopped just so, too."""
    with shell(elf=kernel_with("kit"), append="video=text") as machine:
        stopped, why = errors_of(machine.command("load kit Crime=8", seconds=60))
        assert re.search(NULL.replace("kit", r"\S+"), stopped), stopped
        assert why == "error: driver kit: the driver faulted"
        assert names_of(machine) == []
        check(machine)


def test_overrun_of_a_linked_driver():
    """A driver that is part of the kernel's image is stopped just so."""
    with shell(elf=kernel_with("kit"), append="video=text") as machine:
        lines = machine.command("load kit Crime=1")
        stopped, why = errors_of(lines)
        assert re.search(r"driver kit is stopped: .*offset 8197$", stopped), stopped
        assert why == "error: driver kit: the driver faulted"
        assert names_of(machine) == []
        check(machine)


def test_double_free_is_told():
    """A driver that frees twice is told so, and goes on."""
    with crime("double-free") as machine:
        freed, refused = [line for line in machine.screen.lines
                          if "call=MmFreeContiguousMemory driver=kit" in line][-2:]
        assert "freed bytes=8192" in freed, freed
        assert "refused: no such block is there to be freed" in refused, refused
        assert adapter_of(machine) == "kit"
        check(machine)


def check_rights(has_nx, **options):
    """Holds what QEMU's page tables say against the flags of each section."""
    file = PeFile(binary("kit"))
    with booted_with([binary("kit")], **options) as machine:
        driver = Line([line for line in machine.command("drivers") if "name=kit" in line][0])
        table = machine.qmp("human-monitor-command", **{"command-line": "info tlb"})
        rights = {int(address, 16): flags for address, flags in
                  re.findall(r"([0-9a-f]+): [0-9a-f]+ (\S{9})", str(table))}
    count = file.get(file.headers + 6, "<H")
    for section in range(file.sections, file.sections + 40 * count, 40):
        rva, flags = file.get(section + 12, "<I"), file.get(section + 36, "<I")
        seen = rights[driver.image + rva]
        assert ("W" in seen) == bool(flags & 0x80000000), (hex(rva), seen)
        assert ("X" in seen) == (has_nx and not flags & 0x20000020), (hex(rva), seen)


def test_sections_have_their_rights():
    """Code is not written, and where the processor can tell, data is not run."""
    check_rights(False)
    check_rights(True, arch="x86_64")


# ---- binaries that do not hold ---------------------------------------------------------------------


def truncated(file):
    del file.bytes[len(file.bytes) // 2:]


def wrong_machine(file):
    file.put(file.headers + 4, "<H", 0x8664)


def wrong_format(file):
    file.put(file.optional, "<H", 0x20B)


def wrong_subsystem(file):
    file.put(file.optional + 68, "<H", 2)


def without_relocations(file):
    file.put(file.headers + 22, "<H", file.get(file.headers + 22, "<H") | 1)


def entry_outside(file):
    file.put(file.optional + 16, "<I", 0x00F00000)


def overlapping_sections(file):
    file.put(file.sections + 40 + 12, "<I", file.get(file.sections + 12, "<I"))


def relocation_outside(file):
    block = file.offset_of(file.get(file.directory(RELOCATIONS), "<I"))
    file.put(block, "<I", 0x00E00000)


def import_unknown(file):
    at = file.bytes.index(b"VideoPortInitialize\0")
    file.bytes[at:at + 9] = b"VideoTape"


def import_by_number(file):
    descriptor = file.offset_of(file.get(file.directory(IMPORTS), "<I"))
    names = file.offset_of(file.get(descriptor, "<I"))
    file.put(names, "<I", 0x80000005)


def not_a_program(file):
    file.bytes[:2] = b"PK"


BROKEN = {
    truncated: "PointerToRawData is 0x[0-9a-f]+: runs past the end of the file",
    wrong_machine: r"Machine is 0x8664: only i386 \(0x14c\) can be run here",
    wrong_format: r"Magic is 0x20b: only 32-bit images \(0x10b\) can be run here",
    wrong_subsystem: r"Subsystem is 0x2: a driver's is native \(1\)",
    without_relocations: "Characteristics is 0x[0-9a-f]+: without relocations it cannot be loaded",
    entry_outside: "AddressOfEntryPoint is 0xf00000: lies in no section of code",
    overlapping_sections: "VirtualAddress is 0x1000: overlaps what lies before it",
    relocation_outside: "a relocation's place is 0x[0-9a-f]+: lies outside of the image",
    import_unknown: "import VideoTapeInitialize of VIDEOPRT.SYS: there is no such function",
    import_by_number: r"import 5 of \S+: by number, not by name",
    not_a_program: r"the first word is 0x4b50: a driver begins with MZ \(0x5a4d\)",
}


def test_broken_binaries_are_refused():
    """Each broken file is refused by the name of what is wrong, and the system runs on."""
    with tempfile.TemporaryDirectory(prefix="ash-") as folder:
        modules = []
        for damage in BROKEN:
            file = PeFile(binary("kit"))
            damage(file)
            name = damage.__name__.replace("_", "-")
            file.write(os.path.join(folder, f"{name}.sys"))
            modules.append([os.path.join(folder, f"{name}.sys")])
        with booted_with(*modules) as machine:
            errors = [line for line in errors_of(machine.screen.lines) if " driver " in line]
            assert len(errors) == len(BROKEN), errors
            for error, (damage, reason) in zip(errors, BROKEN.items()):
                name = damage.__name__.replace("_", "-")
                assert re.match(f"error: driver {name[:23]}: .*{reason}$", error), error
            assert names_of(machine) == ["bochs"]
            owners = {block.owner for block in blocks(machine)}
            assert owners == {"bochs", "console", "past", "videoport"}, owners
            check_picture(machine, (1024, 768), 32)
            check(machine)
