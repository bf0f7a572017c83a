"""
What driver binaries import of ntoskrnl.exe and HAL.dll: every function answers as documented; and
what is not there is told, all of it at once, by its name.
"""

import os
import re
import tempfile

from pe_file import IMPORTS, PeFile
from report import Line, check
from test_display import adapter_of, check_picture
from test_drivers import binary, booted_with, errors_of, names_of

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
CHECKS = 156  # that the test miniport makes on its way up


def said(machine):
    """What the test miniport printed."""
    return [line.split(" text: ", 1)[1] for line in machine.screen.lines
            if "call=DbgPrint driver=imports text: " in line]


def test_every_function_answers():
    """A binary that leans on NT's kernel and HAL finds every rule kept, and leaves nothing."""
    for options in ({}, {"cpu": "486"}, {"arch": "x86_64"}):
        with booted_with([binary("imports")], append="video=text", **options) as machine:
            lines = said(machine)
            passed, failed = re.fullmatch(r"imports passed=(\d+) failed=(\d+)", lines[-1]).groups()
            assert failed == "0", lines
            assert int(passed) == CHECKS, passed
            assert machine.command("unload imports")[-1] == "unloaded name=imports leaked=0"
            check(machine)


def test_wrong_arguments_are_told():
    """Each call that is refused is one line with its name."""
    with booted_with([binary("imports")], append="video=text") as machine:
        refused = [Line(line) for line in machine.screen.lines
                   if "driver=imports" in line and " refused: " in line]
    calls = [line.call for line in refused]
    for call, count in (("ExFreePoolWithTag", 4), ("MmFreeContiguousMemory", 1),
                        ("MmUnmapIoSpace", 3), ("MmMapIoSpace", 1), ("KfRaiseIrql", 1),
                        ("KfLowerIrql", 1), ("KeInsertQueueDpc", 1), ("KeSetEvent", 1),
                        ("KeWaitForSingleObject", 1), ("KeSetTimerEx", 1),
                        ("VideoPortMapBankedMemory", 1), ("VideoPortAcquireSpinLockAtDpcLevel", 1),
                        ("VideoPortReleaseSpinLock", 1), ("VideoPortDeleteSpinLock", 3)):
        assert calls.count(call) == count, (call, [line.text for line in refused])


def test_every_function_of_c_is_tried():
    """What binaries may import of C's library, the test miniport calls."""
    def read(*path):
        with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
            return re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
    declared = set(re.findall(r"\bcrt_(\w+)\(", read("drivers/videoport/port/crt.h")))
    called = set(re.findall(r"\b(\w+)\((?!const|char|WCHAR|long|unsigned)",
                            read("tests/drivers/imports.c")))
    assert len(declared) > 25 and declared <= called, declared - called


def test_assertion_is_told():
    """What a checked driver finds wrong is a line, and it goes on."""
    with booted_with([binary("imports")], append="video=text") as machine:
        told = [line for line in machine.screen.lines if "call=RtlAssert driver=imports" in line]
        assert told == ["videoport call=RtlAssert driver=imports text: a == b, imports.c line 7",
                        "videoport call=RtlAssert driver=imports text: a == b, imports.c line 8: "
                        "so it is"], told


def test_break_point_ends_the_driver():
    """Nobody would go on behind it."""
    with booted_with([binary("imports"), "Crime=5"]) as machine:
        stopped, _ = errors_of(machine.screen.lines)
        assert re.fullmatch(r"error: driver imports is stopped: invalid opcode at 0x[0-9a-f]+ "
                            r"DbgBreakPoint\+0x[0-9a-f]+", stopped), stopped
        check(machine)


def test_bug_check_ends_the_driver():
    """KeBugCheck stops who calls it, says with what, and the system goes on."""
    for value, words in ((1, "code=0xd1 0x0 0x0 0x0 0x0"), (2, "code=0xd1 0x2 0x3 0x4 0x55555555")):
        with booted_with([binary("imports"), f"Crime={value}"]) as machine:
            lines = machine.screen.lines
            assert f"videoport call=KeBugCheckEx driver=imports {words}" in lines, lines
            stopped, why = errors_of(lines)
            assert re.fullmatch(r"error: driver imports is stopped: invalid opcode at 0x[0-9a-f]+ "
                                r"KeBugCheckEx\+0x[0-9a-f]+", stopped), stopped
            assert why == "error: driver imports: the driver faulted"
            assert names_of(machine) == ["bochs"]
            check_picture(machine, (1024, 768), 32)
            check(machine)


def test_what_is_no_object_stops_the_driver():
    """A fault in a function that keeps nothing of its own is its caller's."""
    nowhere = "writing 0x00000000, nothing is mapped there"
    for value, what in ((4, r"\w+\+0x[0-9a-f]+, reading 0x0000000[0-9a-f], nothing is mapped there"),
                        (6, rf"RtlInitUnicodeString\+0x[0-9a-f]+, {nowhere}")):
        with booted_with([binary("imports"), f"Crime={value}"]) as machine:
            stopped = machine.wait_line("error: driver imports is stopped: .*").string
            machine.wait_prompt()
            assert re.fullmatch("error: driver imports is stopped: page fault at 0x[0-9a-f]+ " + what,
                                stopped), stopped
            assert adapter_of(machine) == "bochs"
            check(machine)


def test_pure_functions_fault_for_their_caller():
    """Copies and formats are the kernel's own, too; the line names who gave them a bad pointer."""
    for value, function, caller in ((7, "memmove", r"Rtl\w+"), (8, "memcpy", "imports"),
                                    (9, r"\w+", r"\w+"), (10, "memset", r"VideoPortZero\w+")):
        with booted_with([binary("imports"), f"Crime={value}"]) as machine:
            stopped = machine.wait_line("error: driver imports is stopped: .*").string
            machine.wait_prompt()
            assert re.fullmatch(rf"error: driver imports is stopped: page fault at 0x[0-9a-f]+ "
                                rf"{function}\+0x[0-9a-f]+, called from 0x[0-9a-f]+ "
                                rf"{caller}\+0x[0-9a-f]+, writing 0x00000000, nothing is mapped there",
                                stopped), stopped
            assert adapter_of(machine) == "bochs"
            check(machine)


def test_timer_goes_with_its_memory():
    """A timer in memory that is freed is cancelled: it would write into another's."""
    with booted_with([binary("imports"), "Crime=3"]) as machine:
        assert any(re.fullmatch("videoport call=KeSetTimerEx driver=imports virtual=0x[0-9a-f]+ "
                                "cancelled: its memory is freed", line)
                   for line in machine.screen.lines), machine.screen.lines
        assert machine.command("unload imports")[-1] == "unloaded name=imports leaked=0"
        check(machine)


# ---- what is not there -----------------------------------------------------------------------------


class Imports:
    """The import tables of a file, whose names a test changes where they stand."""

    def __init__(self, name="imports"):
        self.file = PeFile(binary(name))

    def rename(self, old, new):
        """Another name of at most that length."""
        at = self.file.bytes.index(old.encode() + b"\0")
        assert len(new) <= len(old)
        self.file.bytes[at:at + len(old)] = new.encode().ljust(len(old), b"\0")
        return self

    def number(self, library, index, ordinal):
        """An import by number in place of one by name."""
        descriptor = self.file.offset_of(self.file.get(self.file.directory(IMPORTS), "<I"))
        while self.text(self.file.get(descriptor + 12, "<I")) != library:
            descriptor += 20
        names = self.file.offset_of(self.file.get(descriptor, "<I"))
        self.file.put(names + 4 * index, "<I", 0x80000000 | ordinal)
        return self

    def text(self, rva):
        start = self.file.offset_of(rva)
        return self.file.bytes[start:self.file.bytes.index(0, start)].decode()


def refused(imports):
    """The errors that a file is refused with; nothing is left of it."""
    with tempfile.TemporaryDirectory(prefix="ash-") as folder:
        path = os.path.join(folder, "foo.sys")
        imports.file.write(path)
        with booted_with([path]) as machine:
            assert names_of(machine) == ["bochs"] and adapter_of(machine) == "bochs"
            check(machine)
            prefix = "error: driver foo: "
            lines = errors_of(machine.screen.lines)
            assert all(line.startswith(prefix) for line in lines), lines
            return sorted(line.removeprefix(prefix) for line in lines)


def test_all_missing_imports_are_told():
    """Functions, variables and numbers that are not there are a line each, all at once."""
    imports = Imports().rename("KeInitializeTimerEx", "ZwCreateFile")
    imports.rename("VideoPortInitialize", "VideoPortStartDma")
    imports.rename("RtlUnicodeStringToAnsiString", "MmProbeAndLockPages")
    imports.rename("KeTickCount", "KdDebugger").rename("KfRaiseIrql", "HalGetBus")
    imports.rename("KeDelayExecutionThread", "PsCreateSystemThread")
    imports.number("ntoskrnl.exe", 0, 99)
    assert refused(imports) == [
        "import 99 of ntoskrnl.exe: by number, not by name",
        "import HalGetBus of HAL.dll: buses are reached by VideoPortGetBusData here",
        "import KdDebugger of ntoskrnl.exe: there is no such function",
        "import MmProbeAndLockPages of ntoskrnl.exe: there are no MDLs here",
        "import PsCreateSystemThread of ntoskrnl.exe: there are no threads here",
        "import VideoPortStartDma of VIDEOPRT.SYS: there is no DMA here but with common buffers",
        "import ZwCreateFile of ntoskrnl.exe: there are no files, sections and keys here"]


def test_missing_library_is_told():
    """A library that is not there is one line, whatever is imported from it."""
    assert refused(Imports().rename("HAL.dll", "foo.dll").rename("KeTickCount", "KdDebugger")) == [
        "import KdDebugger of ntoskrnl.exe: there is no such function",
        "import library foo.dll: there is none here; there are VIDEOPRT.SYS, ntoskrnl.exe and "
        "HAL.dll"]


def test_libraries_have_names_of_any_case():
    """NT takes a library's name in any case; and one without its extension is the same."""
    imports = Imports().rename("HAL.dll", "hal").rename("ntoskrnl.exe", "NTOSKRNL.EXE")
    imports.rename("VIDEOPRT.SYS", "videoprt.sys")
    with tempfile.TemporaryDirectory(prefix="ash-") as folder:
        path = os.path.join(folder, "imports.sys")
        imports.file.write(path)
        with booted_with([path], append="video=text") as machine:
            assert said(machine)[-1] == f"imports passed={CHECKS} failed=0"
