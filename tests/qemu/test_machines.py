"""Other machines, simulated beside the real one: opened, used and closed, and nothing is lost."""

import pathlib
import re
import tempfile

from machine import Machine, shell
from report import Line, alloc, blocks, buddy, check, error, free, regions
from screen import write_png

KIB, MIB, GIB, TIB = 1 << 10, 1 << 20, 1 << 30, 1 << 40
FRAME = 4096
STAGES = {"tiny": 16, "small": 64, "256": 256}  # frames
HUGE = ("server", "bigiron")  # by itself below; its tables take more than a PC of 512 MiB has


def machines(machine):
    """The lines of `machine`; what stands behind text= are words."""
    lines = [Line(text) for text in machine.command("machine") if text]
    assert all(line.noun == "machine" for line in lines), lines
    return lines


def open_names(lines):
    return [str(line.name) for line in lines if line.open == "yes"]


def open_machine(machine, name):
    (text,) = machine.command(f"machine {name}")
    line = Line(text)
    assert str(line.name) == str(name) and line.open == "yes", text
    return line


def state(machine):
    """What must be as before: the real machine's map, blocks and free frames."""
    return machine.command("map"), machine.command("blocks"), machine.command("buddy")


def test_machine_lists():
    """machine alone lists the real machine and a dozen others, and which is open."""
    with shell(append="video=off") as machine:
        listed = machines(machine)
        assert open_names(listed) == ["real"], listed
        assert len(listed) >= 9 and all(line.ram > 0 and line.ranges > 0 for line in listed)
        open_machine(machine, "486")
        assert open_names(machines(machine)) == ["486"]


def test_machine_each():
    """Each built-in machine opens, gives blocks below limits, checks, and leaves no trace."""
    with shell(memory="512M") as machine:
        alloc(machine, "3M as mine")
        before = state(machine)
        for line in machines(machine)[1:]:
            if str(line.name) in HUGE or str(line.name) in STAGES:
                continue
            opened = open_machine(machine, line.name)
            assert opened.ram == line.ram, (opened, line)
            assert "mine" not in str(blocks(machine)), "blocks of the real machine are shown"
            low = alloc(machine, "64K below 1M as low-one")
            isa = alloc(machine, "2M below 16M align 64K as isa")
            assert low.end <= MIB and isa.end <= 16 * MIB and isa.physical % (64 * KIB) == 0
            for block in (low, isa):
                assert block.virtual == "none", block
                assert any(region.kind == "usable" and region.owner == "none" and
                           region.base <= block.physical and block.end <= region.end
                           for region in regions(machine)), f"{block} is not free memory"
            check(machine)
            free(machine, low.id)
            total = buddy(machine)[1]
            assert total.used == 512 and total.free == total.frames - 512, total
        machine.command("machine real")
        assert state(machine) == before
        check(machine)


def test_machine_of_few_frames():
    """The small machines give any of their frames, by number, to the last, and refuse the next."""
    with shell(append="video=off") as machine:
        before = state(machine)
        for name, frames in STAGES.items():
            opened = open_machine(machine, name)
            assert opened.ram == frames * FRAME and opened.ranges == 1, opened
            first = next(region.base for region in regions(machine) if region.owner == "none")
            assert first >= MIB and first % (frames * FRAME) == 0, hex(first)
            high = alloc(machine, "3f below 12F as high")
            assert (high.physical, high.frames) == (first + 9 * FRAME, 3), high
            low = alloc(machine, "5f above 1f below 6f as low")
            assert (low.physical, low.bytes) == (first + FRAME, 5 * FRAME), low
            at = Line(machine.command("at 11f")[0])
            assert at.address == first + 11 * FRAME and at.owner == "high", at
            error(machine.command(f"alloc {frames}f"))
            error(machine.command("alloc 1f above 9f below 12f"))
            assert '"0x" is not' in error(machine.command("alloc 0x"))
            assert '"f" is not' in error(machine.command("alloc 1f below f"))
            check(machine)
            free(machine, low.id)
            free(machine, high.id)
            assert alloc(machine, f"{frames}f").physical == first
        machine.command("machine real")
        assert state(machine) == before
        assert alloc(machine, "3f below 256f above 64f").frames == 3
        assert alloc(machine, "0x3f").bytes == 0x3F
        assert Line(machine.command("at 2f")[0]).address == 2 * FRAME


def test_machine_knows_who_holds_memory():
    """Low memory, BIOS area and kernel are reserved as in the real machine; a hole stays a hole."""
    with shell(append="video=off") as machine:
        real = {region.owner: (region.base, region.end) for region in regions(machine)}
        open_machine(machine, "isa-hole")
        lines = regions(machine)
        simulated = {region.owner: (region.base, region.end) for region in lines}
        for owner in ("low", "kernel"):
            assert simulated[owner] == real[owner], (owner, simulated, real)
        assert simulated["bios"][1] == MIB and "tables" not in simulated
        hole = [region for region in lines if region.base < 16 * MIB and region.end > 15 * MIB]
        assert [(region.base, region.end, region.kind) for region in hole] == \
            [(15 * MIB, 16 * MIB, "reserved")], hole
        error(machine.command("alloc 1M below 16M above 15M"))


def test_machine_explains():
    """explain, at, stress and owners of the system work on the machine that is open."""
    with shell(append="video=off") as machine:
        open_machine(machine, "azure")
        told = machine.command("explain 1G")
        physical = Line(told[-1]).physical
        assert physical >= 4 * GIB, told
        block = alloc(machine, "1G as big")
        assert block.physical == physical, block
        at = Line(machine.command(f"at {block.physical + 5 * MIB}")[0])
        assert at.state == "used" and at.owner == "big" and at.block == block.id, at
        assert machine.command("stress 1")[-1].endswith("failed=0 ok")
        assert "kernel" in error(machine.command("alloc 4K as kernel"))
        check(machine)


def test_machine_server():
    """A server with 1.5 TiB is managed in 512 MiB, drawn, and gone again."""
    with shell(memory="512M") as machine:
        before = state(machine)
        real = machine.settled_screenshot()
        server = open_machine(machine, "server")
        assert 1.4 * TIB < server.ram < 1.5 * TIB, server
        block = alloc(machine, "1T as database")
        assert block.bytes == TIB and block.physical >= TIB and block.virtual == "none", block
        assert machine.command("check", seconds=600) == ["check ok"]
        shot = machine.settled_screenshot()
        folder = pathlib.Path("build/qemu")
        folder.mkdir(parents=True, exist_ok=True)
        write_png(shot, folder / "simulated-server.png")
        title = shot.region(40, 10, 240, 42)
        assert title.changed_pixels(real.region(40, 10, 240, 42)) > 200, "the title is the old one"
        assert shot.rows(0, 430).changed_pixels(real.rows(0, 430)) > 50000
        machine.command("machine real")
        assert state(machine) == before
        machine.wait_screenshot(lambda now: now.region(0, 0, 1024, 130) ==
                                real.region(0, 0, 1024, 130), "title and strip as they were")


def test_machine_too_large():
    """Without room for its tables, a machine is refused: how much it takes, and what there is."""
    with shell(memory="64M", append="video=off") as machine:
        before = state(machine)
        sentence = error(machine.command("machine server"))
        assert '"server" take ' in sentence and "MiB" in sentence, sentence
        largest = buddy(machine)[1].largest * 4096
        assert f"longest free run here has {largest} " in sentence, sentence
        assert sentence.endswith("; make run MEMORY=512M has room for them"), sentence
        assert state(machine) == before
        open_machine(machine, "486")
        alloc(machine, "1M as kept")
        error(machine.command("machine server"))
        assert [block.owner for block in blocks(machine)] == ["kept"], "the open one was lost"
        machine.command("machine real")
        assert state(machine) == before


# GiB of a machine, and the memory in which its tables have room: on either side of each limit.
FITS = ((72, "512M"), (2335, "512M"), (2355, "1G"), (4750, "1G"), (4780, "2G"), (9580, "2G"),
        (9630, "3G"), (14420, "3G"), (14480, None))


def test_machine_fits_where_it_is_said_to():
    """Each refusal names the least memory that make run can give and that holds the tables."""
    sizes = {"512M": 512 << 20, "1G": 1 << 30, "2G": 2 << 30, "3G": 3 << 30}
    with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
        paths = [pathlib.Path(folder) / f"m{at}.map" for at in range(len(FITS))]
        for path, (gib, _) in zip(paths, FITS):
            path.write_text(f"0 {gib << 30:x} 1\n", encoding="ascii")
        initrd = ["-initrd", ",".join(map(str, paths))]
        said = {}
        with shell(memory="8M", append="video=off", extra=initrd) as machine:
            for at, (_, size) in enumerate(FITS):
                sentence = error(machine.command(f"machine m{at}"))
                needed = int(re.search(r"take ([0-9]+) bytes", sentence)[1])
                told = re.search(r"; make run MEMORY=(\S+) has room for them$", sentence)
                assert (told[1] if told else None) == size, (needed, sentence)
                assert told or sentence.endswith("; no PC has room for them"), sentence
                assert not told or needed < sizes[size], sentence
                said[f"m{at}"] = size
        largest = [name for name, size in said.items() if size == "512M"][-1]
        with shell(memory="512M", extra=initrd) as machine:
            open_machine(machine, largest)
            assert error(machine.command(f"machine {largest}")).endswith(
                "; free and machine real make room for them")
            check(machine)


def test_machine_unknown():
    """A name that is none's is an error that quotes it, and the machine that is open stays."""
    with shell(append="video=off") as machine:
        open_machine(machine, "thinkpad")
        assert '"vax"' in error(machine.command("machine vax"))
        assert open_names(machines(machine)) == ["thinkpad"]
        error(machine.command("machine 486 real"))


def test_machine_needs_the_real_one():
    """memtest and inject say why not; the display's mode changes meanwhile, and text shows it."""
    with shell() as machine:
        open_machine(machine, "486")
        for command in ("memtest 1", "inject double-free"):
            assert '"486" is simulated' in error(machine.command(command))
        assert any(line.startswith("crime") for line in machine.command("inject"))
        assert machine.command("mode 640x480")[-1] == "mode size=640x480x32"
        assert not [line for line in blocks(machine)], "the back buffer is in the simulated machine"
        assert machine.command("mode text")[-1] == "mode text"
        machine.wait_until(lambda: "simulated 486" in machine.text_screen()[0], "the title")
        machine.command("machine real")
        machine.wait_until(lambda: "Ashlar" in machine.text_screen()[0], "the title")
        assert machine.command("inject double-free")[0].startswith("inject crime=double-free")
        check(machine)


def test_machine_draws_what_it_tells():
    """A story in a simulated machine: its steps, its window and its splits."""
    with Machine(append="run=machine 486;step on;alloc 1M below 4M as told;free 1;exit") as machine:
        machine.wait_exit()
        lines = machine.screen.lines
    assert any("  The place: " in line for line in lines), lines
    assert any("larger than needed: halve it" in line for line in lines), lines
    assert any(", merge into one of " in line for line in lines), lines


def test_machine_ledger_grows():
    """More blocks than the first records hold: what the ledger took goes back with the machine."""
    script = "buddy;machine 486;" + "alloc 1;" * 300 + "check;machine real;blocks;buddy;check;exit"
    with Machine(append=f"video=off run={script}") as machine:
        machine.wait_exit()
        lines = machine.screen.lines
    assert sum(line.startswith("block id=") for line in lines) == 300, "blocks were refused or left"
    assert lines.count("check ok") == 2
    first, last = [line for line in lines if line.startswith("total ")]
    assert first == last, (first, last)


MINE = """# a machine that is none
0 9fc00 1
9fc00 nought 2
100000 3f00000 1
"""

LINUX = """[    0.000000] Linux version 6.1.0 #1 SMP
[    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable
[    0.000000] BIOS-e820: [mem 0x0000000000100000-0x00000000ffffffff] usable
[    0.000000] BIOS-e820: [mem 0x0000000100000000-0x00000000ffff0000] usable
"""


def test_machine_real_again():
    """Going back from nowhere changes nothing of the picture."""
    with shell() as machine:
        zoomed = machine.command("zoom 4M 1M")
        machine.command("machine real")
        assert machine.command("zoom") == zoomed


def test_machine_module_too_large():
    """What cannot be had is told: an entry that is cut, and tables that no window holds."""
    with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
        end = pathlib.Path(folder) / "end.map"
        end.write_text("0 1000000 1\nfffffffffffff000 2000 2\n", encoding="ascii")
        wide = pathlib.Path(folder) / "wide.map"
        wide.write_text("0 640000000000 1\n", encoding="ascii")
        with shell(append="video=off", extra=["-initrd", f"{end},{wide}"]) as machine:
            cut = "machine end, line 2: base=0xfffffffffffff000 runs past 2^64; cut there"
            assert cut in machine.screen.lines, machine.screen.lines
            told = error(machine.command("machine wide"))
            assert re.search(r"take [0-9]{11} bytes.*the longest free run here has", told), told
            assert told.endswith("; no PC has room for them"), told
            machine.command("machine end")
            check(machine)


PRINTED = {
    "linux7.map": b"""[    0.000000] BIOS-provided physical RAM map:
[    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff]  System RAM
[    0.000000] BIOS-e820: [gap 0x000000000009fc00-0x00000000000effff]
[    0.000000] BIOS-e820: [mem 0x00000000000f0000-0x00000000000fffff]  device reserved
[    0.000000] BIOS-e820: [mem 0x0000000000100000-0x0000000007fdffff]  System RAM
[    0.000000] BIOS-e820: [mem 0x0000000007fe0000-0x0000000007ffffff]  something new
""",
    "colour.map": b"\x1b[32m[    0.000000] \x1b[0m\x1b[33mBIOS-e820\x1b[0m: "
                  b"[mem 0x0000000000100000-0x0000000007fdffff] usable\n",
    "xen.map": b"(XEN)  [0000000000100000, 0000000007fdffff] (usable)\n"
               b"user: [mem 0x0000000000000000-0x0000000000ffffff] usable\n",
    "bsd.map": b"SMAP type=01 base=0000000000100000 len=0000000007ee0000\n",
    "bom.map": b"\xef\xbb\xbf100000 7ee0000 1\r\n",
    "wide.map": "\ufeff100000 7ee0000 1\r\n".encode("utf-16-le"),
}


def test_machine_printed_maps():
    """Maps as others print them: no line is wrong, and a new word costs no more than a note."""
    note = ('machine linux7, line 6: "something new" is no kind of memory that is known here: '
            "reserved")
    with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
        for name, text in PRINTED.items():
            (pathlib.Path(folder) / name).write_bytes(text)
        modules = ",".join(f"{folder}/{name}" for name in PRINTED)
        with shell(append="video=off", extra=["-initrd", modules]) as machine:
            booted = machine.screen.lines
            assert booted.count(note) == 1, booted
            assert not [line for line in booted if line.startswith("error: ")], booted
            sizes = {line.name: line.ram for line in machines(machine)}
            assert sizes["linux7"] == 0x9F000 + 0x7EE0000, sizes
            assert {sizes[name] for name in ("colour", "xen", "bsd", "bom", "wide")} == {0x7EE0000}
            assert machine.command("machine linux7")[0] == note
            check(machine)


def test_modules_that_nobody_reads():
    """A module that is no map and no driver gets a line; one without a byte is called empty."""
    with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
        paths = {name: pathlib.Path(folder) / name
                 for name in ("notes.txt", "my.mpa", "void.map", "void.txt", "void.sys")}
        for name, path in paths.items():
            path.write_bytes(b"" if name.startswith("void") else b"0 9f000 1\n")
        modules = ",".join((f"{paths['notes.txt']} hello", *map(str, list(paths.values())[1:])))
        with shell(append="video=off", extra=["-initrd", modules]) as machine:
            said = [line for line in machine.screen.lines if "module " in line]
            assert said == [
                f'module "{folder}/notes.txt hello": neither a driver (.sys) nor a map (.map, '
                ".e820); nobody reads it",
                f'module "{folder}/my.mpa": neither a driver (.sys) nor a map (.map, .e820); '
                "nobody reads it",
                f'error: module "{folder}/void.map": it is empty',
                f'error: module "{folder}/void.txt": it is empty',
                "error: driver void: the module is empty"], said
            assert "void" not in [line.name for line in machines(machine)]
            assert machine.command("load void") == ["error: driver void: the module is empty"]
            check(machine)


def test_machine_modules():
    """Maps come as modules: a wrong line is named, and costs that line; a name is had once."""
    with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
        files = {name: pathlib.Path(folder) / name
                 for name in ("my.map", "box.e820", "no.map", "notes.txt")}
        files["my.map"].write_text(MINE, encoding="ascii")
        files["box.e820"].write_text(LINUX, encoding="ascii")
        files["no.map"].write_bytes(bytes(range(256)) * 64)
        files["notes.txt"].write_text(MINE, encoding="ascii")
        modules = ",".join((f"{files['my.map']} mine", str(files["box.e820"]), str(files["no.map"]),
                            str(files["notes.txt"]), f"{files['my.map']} 486",
                            f'{files["my.map"]} "two words"', f'{files["my.map"]} ""'))
        with shell(append="video=off", extra=["-initrd", modules]) as machine:
            booted = machine.screen.lines
            wrong = 'error: machine mine, line 3: "nought" is not a hexadecimal number'
            assert wrong in booted, booted
            assert any('"486" already' in line for line in booted), booted
            assert sum("the machine's name is not one word" in line for line in booted) == 2, booted
            listed = {line.name: line for line in machines(machine)}
            assert set(listed) >= {"mine", "box", "no"} and "notes" not in listed, listed
            assert listed["box"].ram == 0x9F000 + 4 * GIB - MIB, listed["box"]
            told = machine.command("machine mine")
            assert told[0] == wrong and Line(told[1]).name == "mine", told
            assert alloc(machine, "62M as rest").physical > MIB
            check(machine)
            told = machine.command("machine box")
            assert "line 4" in told[0] and "ends before it begins" in told[0], told
            block = alloc(machine, "3G as large")
            assert block.end == 4 * GIB and block.virtual == "none", block
            assert "no memory" in machine.command("machine no")[-1]
            assert [block.owner for block in blocks(machine)] == ["large"]
            machine.command("machine real")
            check(machine)
