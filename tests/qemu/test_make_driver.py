"""`make driver` and `make run-driver`: drivers from sources in the style of several kits."""

import os
import pathlib
import re
import subprocess
import tempfile
import threading

from machine import shell
from report import check
from test_display import adapter_of, check_picture
from test_drivers import check_kit
from test_run import Terminal

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SOURCES = pathlib.Path("tests/drivers")
PLAIN = [SOURCES / "plain" / name for name in ("plain.c", "modes.c", "requests.c")]
BUILD_SECONDS = 300
OUTER_MAKE = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")

# Two that begin at once would both make the import libraries.
_one_at_a_time = threading.Lock()


def make(*words):
    """What `make WORD...` said, and its status."""
    environment = {key: value for key, value in os.environ.items() if key not in OUTER_MAKE}
    environment |= {"NAME": "host", "INCLUDE": "nowhere"}  # as some shells have them; not for us
    with _one_at_a_time:
        done = subprocess.run(["make", *words], cwd=ROOT, env=environment, text=True, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=BUILD_SECONDS)
    return done.stdout, done.returncode


def make_driver(name, *sources, **variables):
    """Builds a driver, and returns the file's path and what make said."""
    words = [f"{key}={value}" for key, value in variables.items()]
    said, status = make("driver", f"NAME={name}", f"SOURCES={' '.join(map(str, sources))}", *words)
    assert status == 0, said
    return str(ROOT / "build/drivers" / f"{name}.sys"), said


def check_driver(path, modes):
    """It shows the picture, in each of its modes; then it goes, and leaves all as it was."""
    name = pathlib.Path(path).stem
    with shell(extra=["-initrd", path]) as machine:
        assert adapter_of(machine) == name
        check_picture(machine, (1024, 768), 32)
        for mode, size in modes:
            assert machine.command(f"mode {mode}")[-1] == f"mode size={mode}"
            check_picture(machine, size, 32)
        assert re.fullmatch(f"unloaded name={name} leaked=[01]",
                            next(line for line in machine.command(f"unload {name}")
                                 if line.startswith("unloaded ")))
        check(machine)
        return list(machine.screen.lines)


# ---- what is built ---------------------------------------------------------------------------------


def test_sources_without_annotations():
    """Three files that leave the calling convention to the compiler, with a folder of headers."""
    path, _ = make_driver("probe-plain", *PLAIN, INCLUDE=SOURCES / "plain/inc")
    lines = check_driver(path, [("800x600x32", (800, 600)), ("640x480x32", (640, 480))])
    # 64-bit division, and more stack than a page
    assert any(line.endswith("plain sum=0xca36d056 rest=683842 minus=-341921") for line in lines)


def test_sources_of_an_old_disc():
    """Names in capitals are C as well, and headers are found beside the sources."""
    with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
        for file in (*PLAIN, SOURCES / "plain/inc/PLAIN.H"):
            text = (ROOT / file).read_text(encoding="ascii").replace("..\\plain\\inc\\", "")
            pathlib.Path(folder, file.name.upper()).write_bytes(
                text.replace("\n", "\r\n").encode())
        files = [pathlib.Path(folder, file.name.upper()) for file in PLAIN]
        path, _ = make_driver("PROBE_95", *files, DEFINES='DBG=0 "UNUSED=(1 + 1)" EMPTY')
    lines = check_driver(path, [])
    assert not any("plain sum" in line for line in lines)  # DBG=0: VideoDebugPrint is nothing


def test_sources_in_cxx():
    """Classes with virtual functions, and headers that are spelled in any case."""
    path, _ = make_driver("probe-classes", SOURCES / "classes.cpp")
    check_driver(path, [("800x600x32", (800, 600)), ("1280x1024x32", (1280, 1024))])


def test_sources_with_annotations():
    """Who writes NTAPI means the same: the test miniport finds every rule kept."""
    path, _ = make_driver("probe-kit", SOURCES / "kit.c")
    with shell(extra=["-initrd", path]) as machine:
        check_kit(machine.screen.lines, "probe-kit")
        check_picture(machine, (1024, 768), 32)
        check(machine)


CARELESS = """
#include "miniport.h"
#include "dderror.h"
#include "video.h"
int counter; int counter;
help(a) { PUSHORT b = &a; return *b; }
static _declspec(noinline) _int64 wide(_int64 a) { return 2 * a; }
ULONG DriverEntry(PVOID a, PVOID b)
{
    UCHAR bytes[64];
    int i;
    for (i = 0; i < 1000; i++) {
        memset(bytes, i, i % 64 + 1);
        memcpy(bytes + i % 32, bytes + 32, i % 32);
        counter += bytes[0];
    }
    VideoPortDebugPrint(0, "careless help=%d wide=%d counter=%d", help(7), (int)wide(8),
                        counter);
    return later(a) ? 1 : 2;
}
later(PVOID a) { int unused; return a != 0; }
"""


def test_warnings_do_not_stop_it():
    """What a compiler of today warns of, or calls an error, was allowed, and runs."""
    with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
        source = pathlib.Path(folder, "careless.c")
        source.write_text(CARELESS, encoding="ascii")
        path, said = make_driver("probe-careless", source)
        assert "warning: " in said and "SYS   build/drivers/probe-careless.sys" in said, said
    counter = sum(i % 256 for i in range(1000))
    with shell(extra=["-initrd", path]) as machine:
        assert any(f"careless help=7 wide=16 counter={counter}" in line for line in machine.screen.lines)
        assert adapter_of(machine) == "bochs"


C_LIBRARY = """
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include "dderror.h"
#include "miniport.h"
#include "video.h"
int __cdecl put(char *to, const char *format, ...)
{
    va_list arguments;
    int length;
    va_start(arguments, format);
    length = vsprintf(to, format, arguments);
    va_end(arguments);
    va_start(arguments, format);
    _vsnprintf(to + length, 60 - length, format, arguments);
    va_end(arguments);
    return length;
}
ULONG DriverEntry(PVOID a, PVOID b)
{
    char text[64];
    WCHAR wide[64];
    int length = sprintf(text, "%s=%d", "sprintf", 1);
    _snprintf(text + length, sizeof(text) - length, " _snprintf=%x", 0x2a);
    VideoPortDebugPrint(0, "narrow %s", text);
    length = put(text, "%d,", 3);
    VideoPortDebugPrint(0, "lengths %d %d", length, (int)strlen(text));
    swprintf(wide, L"swprintf=%d", 4);
    VideoPortDebugPrint(0, "wide %ws %d", wide, (int)wcslen(wide));
    return ERROR_DEV_NOT_EXIST;
}
"""


KERNEL_STYLE = """
#include <ntddk.h>
#include <dderror.h>
#include <ntddvdeo.h>
#include <video.h>
#include <stdio.h>
#include <wchar.h>
typedef struct { LIST_ENTRY Entry; ULONG Number; } ITEM, *PITEM;
static void Say(const char *format, ...)
{
    char text[80];
    va_list list;
    va_start(list, format);
    _vsnprintf(text, sizeof(text) - 1, format, list);
    va_end(list);
    DbgPrint("styled %s\\n", text);
}
extern "C" ULONG DriverEntry(PVOID a, PVOID b)
{
    LIST_ENTRY head;
    KSPIN_LOCK lock;
    KEVENT event;
    ITEM items[3];
    WCHAR name[32];
    ULONG i, sum = 0;
    KeInitializeSpinLock(&lock);
    KeInitializeEvent(&event, NotificationEvent, FALSE);
    InitializeListHead(&head);
    for (i = 0; i < 3; i++) {
        items[i].Number = i + 1;
        ExInterlockedInsertTailList(&head, &items[i].Entry, &lock);
    }
    while (!IsListEmpty(&head))
        sum = sum * 10 + CONTAINING_RECORD(RemoveHeadList(&head), ITEM, Entry)->Number;
    KeSetEvent(&event, IO_NO_INCREMENT, FALSE);
    swprintf(name, L"%d-%s", 42, L"wide");
    Say("sum=%d status=%#lx mask=%.8lX name=%ws", sum, 0x1FL, 0xABCL, name);
    return 1;
}
"""


def test_the_headers_of_the_c_library():
    """Who includes them gets the functions that NT's kernel has, as NT's kernel has them."""
    with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
        source = pathlib.Path(folder, "printing.c")
        source.write_text(C_LIBRARY, encoding="ascii")
        path, _ = make_driver("probe-printing", source)
    with shell(extra=["-initrd", path]) as machine:
        said = [line.partition("text: ")[2] for line in machine.screen.lines if "text: " in line]
        assert said == ["narrow sprintf=1 _snprintf=2a", "lengths 2 4", "wide swprintf=4 10"], said


def test_sources_that_include_the_kernel_headers():
    """Lists, and swprintf without a size, as NT's kits had it; in C and C++."""
    with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
        for ending, text in (("c", KERNEL_STYLE.replace('extern "C" ', "")), ("cpp", KERNEL_STYLE)):
            source = pathlib.Path(folder, f"styled.{ending}")
            source.write_text(text, encoding="ascii")
            path, said = make_driver(f"probe-styled-{ending}", source)
            assert "warning: " not in said, said
            with shell(extra=["-initrd", path]) as machine:
                assert any("styled sum=123 status=0x1f mask=00000ABC name=42-wide" in line
                           for line in machine.screen.lines)


OWN_DECLARATIONS = """
#include "dderror.h"
#include "miniport.h"
#include "ntddvdeo.h"
#include "video.h"
int memcmp(const void *, const void *, SIZE_T);
static VP_STATUS ANNOTATION Find(PVOID a, PVOID b, PWSTR c, PVIDEO_PORT_CONFIG_INFO d, PUCHAR e)
{
    int i, count = 0;
    for (i = 0; i < 1000; i++)
        count += memcmp(&i, &count, 4) != 0;
    VideoPortDebugPrint(0, "declared count=%d", count);
    return ERROR_DEV_NOT_EXIST;
}
static BOOLEAN ANNOTATION Initialize(PVOID a) { return FALSE; }
static BOOLEAN ANNOTATION StartIO(PVOID a, PVIDEO_REQUEST_PACKET b) { return TRUE; }
ULONG ANNOTATION DriverEntry(PVOID a, PVOID b)
{
    VIDEO_HW_INITIALIZATION_DATA data = {sizeof(data)};
    data.AdapterInterfaceType = Isa;
    data.HwFindAdapter = Find;
    data.HwInitialize = Initialize;
    data.HwStartIO = StartIO;
    return VideoPortInitialize(a, b, &data, NULL);
}
"""


def test_sources_with_declarations_of_their_own():
    """Who declares functions of the C library says how all others are called, or is told."""
    with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
        source = pathlib.Path(folder, "own.c")
        source.write_text(OWN_DECLARATIONS, encoding="ascii")
        path, _ = make_driver("probe-own", source, DEFINES="ANNOTATION=NTAPI")
        said, status = make("driver", "NAME=probe-bare", f"SOURCES={source}", "DEFINES=ANNOTATION=")
        assert status != 0 and "conflicting types for" in said, said
        assert f"driver: {source} cannot be compiled" in said, said
    with shell(extra=["-initrd", path]) as machine:
        assert any("declared count=" in line for line in machine.screen.lines)
        check(machine)


def test_libraries_stay():
    """Import libraries are there for who links by hand."""
    said, status = make("drivers")
    assert status == 0 and "rm " not in said, said
    for library in ("VIDEOPRT", "NTOSKRNL"):
        assert (ROOT / f"build/drivers/lib{library}.a").exists()


def test_cxx_is_installed_when_it_is_named():
    """Who builds no C++ needs no compiler for it."""
    for sources, wants in (("kit.c", False), ("kit.c classes.cpp", True)):
        sources = " ".join(str(SOURCES / source) for source in sources.split())
        said, _ = make("-n", "driver", "NAME=foo", f"SOURCES={sources}")
        assert ("driver-c++" in said) == wants, said
    for row, wants in (("driver", False), ("driver-c++", True), ("drivers", False)):
        things = subprocess.run(["tools/setup.sh", "--list", row], cwd=ROOT, check=True,
                                capture_output=True, text=True).stdout.split()
        assert ("mingw-c++" in things) == wants and "mingw" in things, things


# ---- what is not -----------------------------------------------------------------------------------


def check_error(sentence, *words):
    said, status = make(*words)
    assert status != 0
    errors = [line for line in said.splitlines() if not line.startswith(("make: ", "  C"))]
    assert errors == [f"driver: {sentence}"], said


def test_what_was_asked_for_is_checked():
    """One line says what is wrong."""
    usage = 'make driver NAME=foo SOURCES="a.c b.c"'
    kit = f"SOURCES={SOURCES}/kit.c"
    for sentence, words in (
            (f"NAME is missing: {usage}", ["driver"]),
            (f"NAME is missing: {usage}", ["driver", kit]),
            (f"SOURCES is missing: {usage}", ["driver", "NAME=foo"]),
            ("SOURCES: nowhere.c is not there", ["driver", "NAME=foo", f"{kit} nowhere.c"]),
            ("SOURCES: Makefile is neither C (.c) nor C++ (.cpp, .cc, .cxx)",
             ["driver", "NAME=foo", "SOURCES=Makefile"]),
            ("INCLUDE: there is no folder nowhere",
             ["driver", "NAME=foo", kit, "INCLUDE=docs nowhere"]),
            ("DEFINES: 1X has not the form NAME or NAME=VALUE",
             ["driver", "NAME=foo", kit, "DEFINES=A 1X"]),
            ("NAME is missing: make run-driver NAME=foo", ["run-driver"]),
            ('build/drivers/nowhere.sys is not there: make driver NAME=nowhere SOURCES="..." builds '
             "it", ["run-driver", "NAME=nowhere"])):
        check_error(sentence, *words)
    for name in ("a/b", "foo.sys", "two words", "x" * 24, "größe", "../x"):
        for goal in ("driver", "run-driver"):
            check_error(f'NAME="{name}" is not a name: 1 to 23 letters, digits, - and _', goal,
                        f"NAME={name}", kit)


def test_what_cannot_be_linked_is_told():
    """A function that nobody has is named, and so is a missing entry; no file stays behind."""
    with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
        source = pathlib.Path(folder, "lost.c")
        for text, sentence in (
                ("unsigned long NoSuch(int), VideoPortNoSuch(int);\n"
                 "unsigned long DriverEntry(void *a, void *b) "
                 "{ return NoSuch(1) + VideoPortNoSuch(2); }\n",
                 "neither in the sources nor in this system: NoSuch, VideoPortNoSuch"),
                ("int helper;\n", 'no source has DriverEntry (in C++, it must be extern "C")')):
            source.write_text(text, encoding="ascii")
            output = ROOT / "build/drivers/probe-lost.sys"
            output.write_bytes(b"an old one")
            check_error(sentence, "driver", "NAME=probe-lost", f"SOURCES={source}")
            assert not output.exists()


# ---- starting it -----------------------------------------------------------------------------------


def test_run_driver():
    """It starts as `make run` does, and the driver shows the picture."""
    make_driver("probe-run", *PLAIN, INCLUDE=SOURCES / "plain/inc")
    with Terminal(60, 20, ["make", "-C", str(ROOT), "run-driver", "NAME=probe-run",
                           "ARGS=-no-reboot"]) as terminal:
        terminal.wait("ashlar>")
        terminal.type("video\r")
        terminal.wait("video adapter=probe-run ")
        terminal.type("exit\r")
        assert terminal.wait_exit() == 0, terminal.output
