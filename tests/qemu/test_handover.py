"""
Who has the adapter: drivers that claim it and then fail, drivers that take it over and give it
back, and names in any case. The screen is looked at each time.
"""

import os
import pathlib
import re
import shutil
import tempfile

from machine import shell
from report import blocks, check
from test_display import adapter_of, check_picture
from test_grub import iso_with
from test_drivers import CRIMES, binary, booted_with, errors_of, names_of

# Where the driver fails, and what is said of it.
(IN_FIND, IN_INITIALIZE, IN_SET_MODE, WITHOUT_BASE, TO_MAP, TO_RESET, TO_MAP_AND_RESET,
 TO_PROGRAM) = range(1, 9)
FUNCTION = "offered 1 PCI function (0:2.0 1234:1111) and none"
STARTS = {
    IN_FIND: f"error: driver taker: the driver found no adapter: {FUNCTION}; status 55",
    IN_INITIALIZE: "error: driver taker: the driver failed to initialize its adapter",
}
SHOWS = {
    IN_SET_MODE: "it does not set the mode: status 87, not 0",
    TO_MAP: "there is no memory where it shows the picture",
    TO_PROGRAM: "its screen still shows text",
}


def waiting(machine):
    return [line.split()[1].split("=")[1] for line in machine.command("drivers")
            if line.startswith("waiting ")]


def check_shown(machine, name, size, bits=32):
    assert adapter_of(machine) == name
    assert names_of(machine) == [name]
    check_picture(machine, size, bits)


def check_nothing_held(machine, name):
    assert name not in {block.owner for block in blocks(machine)}
    check(machine)


def test_interface_type_zero():
    """A driver that leaves the type zero is offered the function of PCI, and shows the picture."""
    with booted_with([binary("taker")]) as machine:
        said = "\n".join(machine.screen.lines)
        assert "taker is offered type 5" in said and "taker is offered type 1" not in said, said
        assert ("taker path=\\Registry\\Machine\\System\\CurrentControlSet\\Services\\taker\\Device0"
                in said), said
        assert b"HAL.dll" in pathlib.Path(binary("taker")).read_bytes()
        check_shown(machine, "taker", (800, 600))
        lines = machine.command("unload taker")
        assert "unloaded name=taker leaked=1" in lines, lines
        check_shown(machine, "bochs", (1024, 768))
        check_nothing_held(machine, "taker")


def test_claims_go_with_the_driver():
    """A driver that claims and then fails, wherever that is, leaves the adapter to the next."""
    for place, error in STARTS.items():
        with booted_with([binary("taker"), f"Fail={place}"]) as machine:
            assert errors_of(machine.screen.lines) == [error], machine.screen.lines
            assert not waiting(machine)
            assert any("access=ports" in line for line in machine.command("video"))
            check_shown(machine, "bochs", (1024, 768))
            check_nothing_held(machine, "taker")
    for place, why in SHOWS.items():
        with booted_with([binary("taker"), f"Fail={place}"]) as machine:
            assert f'passed adapter=taker why="{why}"' in machine.screen.lines, machine.screen.lines
            assert waiting(machine) == ["taker"]
            assert any("access=ports" in line for line in machine.command("video"))
            check_shown(machine, "bochs", (1024, 768))
            check_nothing_held(machine, "taker")
            assert machine.command("unload taker")[-1] == "unloaded name=taker leaked=0"
            assert not waiting(machine)


def test_video_names_another():
    """A driver that video= does not name makes way for the one that it does."""
    with booted_with([binary("taker")], append="video=bochs") as machine:
        assert waiting(machine) == ["taker"]
        check_shown(machine, "bochs", (1024, 768))
        check_nothing_held(machine, "taker")


def test_no_guess_beside_pci():
    """Where PCI has a display whose memory is nowhere, nobody guesses an address from before PCI."""
    with booted_with([binary("taker"), f"Fail={WITHOUT_BASE}"]) as machine:
        assert 'passed adapter=bochs why="the driver found no adapter"' in machine.command("video")
        check_shown(machine, "vga", (640, 480), 4)


def test_last_driver_comes_first():
    """Of two drivers for one adapter the latter shows it; if it cannot, the former does."""
    with booted_with([binary("kit")], [binary("taker")]) as machine:
        assert not errors_of(machine.screen.lines), machine.screen.lines
        assert waiting(machine) == ["kit"]
        check_shown(machine, "taker", (800, 600))
    for place in SHOWS:
        with booted_with([binary("kit")], [binary("taker"), f"Fail={place}"]) as machine:
            assert waiting(machine) == ["taker"]
            check_shown(machine, "kit", (1024, 768))


def test_load_takes_the_picture_over():
    """The picture goes to the driver that is loaded, and by unload to the next that can."""
    with booted_with([binary("kit")], [binary("taker")], append="video=kit") as machine:
        check_shown(machine, "kit", (1024, 768))
        assert machine.command("load taker")[-1] == "loaded name=taker"
        assert waiting(machine) == ["kit"]
        check_shown(machine, "taker", (800, 600))
        assert machine.command("mode 640x480x32")[-1] == "mode size=640x480x32"
        assert machine.command("load kit")[-1] == "loaded name=kit"
        assert waiting(machine) == ["taker"]
        check_shown(machine, "kit", (640, 480))
        assert "unloaded name=kit leaked=0" in machine.command("unload kit")
        check_shown(machine, "taker", (800, 600))
        assert "unloaded name=taker leaked=1" in machine.command("unload taker")
        check_shown(machine, "bochs", (1024, 768))
        check_nothing_held(machine, "kit")
        check_nothing_held(machine, "taker")
        assert machine.command("load taker")[-1] == "loaded name=taker"
        check_shown(machine, "taker", (800, 600))


def check_hands_back(machine, shown, size):
    for place, error in {**STARTS, **SHOWS}.items():
        lines = machine.command(f"load taker Fail={place}")
        if place in SHOWS:
            error = f"error: driver taker: it shows no picture: {error}"
        assert errors_of(lines) == [error], lines
        assert not waiting(machine)
        check_shown(machine, shown, size)
        check_nothing_held(machine, "taker")


def test_picture_goes_back():
    """If the driver that is loaded fails, the former shows the picture as it was."""
    with booted_with([binary("kit")], [binary("taker")], append="video=kit") as machine:
        machine.command("unload taker")
        machine.command("mode 640x480x32")
        check_hands_back(machine, "kit", (640, 480))
    with booted_with([binary("taker")], append="video=bochs") as machine:
        machine.command("unload taker")
        assert machine.command("mode 800x600x16")[-1] == "mode size=800x600x16"
        check_shown(machine, "bochs", (800, 600), 16)
        error, = errors_of(machine.command(f"load taker Fail={IN_FIND}"))
        assert error == STARTS[IN_FIND], error
        check_shown(machine, "bochs", (800, 600), 16)


def test_picture_goes_back_after_a_fault():
    """A driver that faults on its way up, or while it sets its mode, is gone, and nothing else."""
    with booted_with([binary("kit")], [binary("taker")], append="video=taker") as machine:
        for crime, others in (("null", ["error: driver kit: the driver faulted"]),
                              ("overrun-later", [])):
            stopped, *rest = errors_of(machine.command(f"load kit Crime={CRIMES[crime]}"))
            assert stopped.startswith("error: driver kit is stopped: page fault at "), stopped
            assert rest == others, rest
            assert not waiting(machine)
            check_shown(machine, "taker", (800, 600))
            check_nothing_held(machine, "kit")


def test_wrong_load_does_not_touch_the_picture():
    """What is known before the driver runs is refused while the picture stays where it is."""
    with booted_with([binary("kit")], [binary("taker")], append="video=kit") as machine:
        before = machine.command("blocks")
        for command in ("load taker Fail", "load kit", "load nothing"):
            lines = machine.command(command)
            assert len(errors_of(lines)) == 1 and len(lines) == 1, lines
        assert machine.command("blocks") == before
        assert machine.command("mode text")[-1] == "mode text"
        assert machine.command("load taker")[-1] == "loaded name=taker"
        assert names_of(machine) == ["taker"]
        assert errors_of(machine.command(f"load kit Crime={8}"))[-1] == (
            "error: driver kit: the driver faulted")
        assert names_of(machine) == ["taker"]  # it runs again
        assert machine.command("mode 640x480x32")[-1] == "mode size=640x480x32"
        check_shown(machine, "taker", (640, 480))


def test_mode_that_its_driver_does_not_reset():
    """The BIOS resets what a driver leaves set, so that a plain VGA can show its picture again."""
    with booted_with([binary("taker")], append="video=vga") as machine:
        machine.command("unload taker")
        check_shown(machine, "vga", (640, 480), 4)
        assert errors_of(machine.command(f"load taker Fail={TO_MAP_AND_RESET}")) == [
            f"error: driver taker: it shows no picture: {SHOWS[TO_MAP]}"]
        check_shown(machine, "vga", (640, 480), 4)
        assert machine.command(f"load taker Fail={TO_RESET}")[-1] == "loaded name=taker"
        check_shown(machine, "taker", (800, 600))


def test_what_the_loader_left_is_gone():
    """Its frame buffer shows nothing once a driver has set another mode: the next is a plain VGA."""
    with iso_with("insmod all_video", "multiboot /ashlar.elf", "set gfxpayload=1024x768",
                  "module /vesa.sys /vesa.sys", files=[binary("vesa")]) as iso:
        with shell(boot="cd", iso=iso, vga="cirrus") as machine:
            check_shown(machine, "vesa", (1024, 768), 16)
            machine.command("unload vesa")
            passed = 'passed adapter=boot why="another adapter changed the loader\'s mode"'
            assert passed in machine.command("video")
            check_shown(machine, "vga", (640, 480), 4)


def test_names_in_any_case():
    """A file's name counts in any case, wherever it is written."""
    with tempfile.TemporaryDirectory(prefix="ash-") as folder:
        upper = shutil.copy(binary("taker"), os.path.join(folder, "BOXVIDEO.SYS"))
        mixed = shutil.copy(binary("taker"), os.path.join(folder, "Bochs.Sys"))
        again = shutil.copy(binary("taker"), os.path.join(folder, "boxvideo.sys"))
        with booted_with([upper], [mixed], [again],
                         append=f"video=boxVideo param=BoxVideo.Fail={TO_RESET}") as machine:
            assert errors_of(machine.screen.lines) == [
                "error: driver Bochs: the name belongs to the system",
                "error: driver boxvideo: another module has that name"], machine.screen.lines
            check_shown(machine, "BOXVIDEO", (800, 600))
            assert errors_of(machine.command("load BoxVideo")) == [
                "error: driver BOXVIDEO: it is loaded already"]
            assert "unloaded name=BOXVIDEO leaked=1" in machine.command("unload boxvideo")
            check_shown(machine, "bochs", (1024, 768))
            assert machine.command("load boxVIDEO")[-1] == "loaded name=BOXVIDEO"
            check_shown(machine, "BOXVIDEO", (800, 600))
            assert "belongs to the system" in machine.command("alloc 4K as boxvideo")[-1]
        with booted_with([upper], append=f"param=boxvideo.Fail={IN_INITIALIZE}") as machine:
            assert errors_of(machine.screen.lines) == [
                STARTS[IN_INITIALIZE].replace("taker", "BOXVIDEO")], machine.screen.lines


def test_more_drivers_than_fit():
    """The ninth driver is one line, and the eighth is the one that runs."""
    with tempfile.TemporaryDirectory(prefix="ash-") as folder:
        modules = [[shutil.copy(binary("taker"), os.path.join(folder, f"{letter}.sys"))]
                   for letter in "abcdefghij"]
        with booted_with(*modules) as machine:
            assert errors_of(machine.screen.lines) == [
                f"error: driver {letter}: 8 drivers are loaded already" for letter in "ij"]
            assert waiting(machine) == list("abcdefg")
            check_shown(machine, "h", (800, 600))
            before = machine.command("blocks")
            assert errors_of(machine.command("load i")) == [
                "error: driver i: 8 drivers are loaded already"]
            assert machine.command("blocks") == before
            machine.command("unload a")
            assert machine.command("load i")[-1] == "loaded name=i"
            assert waiting(machine) == list("bcdefgh")


def test_what_a_search_was_offered():
    """A driver that finds nothing is told apart by what it was offered."""
    with booted_with([binary("taker")], vga="cirrus") as machine:
        error, = errors_of(machine.screen.lines)
        assert re.fullmatch(r"error: driver taker: the driver found no adapter: offered 1 PCI "
                            r"function \(0:2\.0 1013:00b8\) and none; status 55", error), error
    with shell(vga="none", extra=["-device", "VGA", "-device", "bochs-display", "-initrd",
                                  f"{binary('taker')} Fail={IN_FIND}"]) as machine:
        error, = errors_of(machine.screen.lines)
        assert re.search(r"offered 2 PCI functions \(0:\S+ 1234:1111, 0:\S+ 1234:1111\) and none",
                         error), error
        assert adapter_of(machine) == "bochs"
