"""
Each adapter shows the same picture, in every depth: parts of screenshots are held against those of
32 bits a pixel on QEMU's own VGA.
"""

import functools
import random
import re

from machine import shell
from test_grub import iso_with
from report import alloc, blocks, check, free

# What rounding to a depth, and the way back to 8 bits, may do to red, green and blue.
TOLERANCES = {4: (96, 96, 96), 8: (40, 40, 90), 15: (8, 8, 8), 16: (8, 8, 8), 24: (0, 0, 0),
              32: (0, 0, 0)}
CHANGES = 300


def fill_shell(machine):
    """The shell's rows with text that is the same on every machine."""
    for _ in range(12):
        machine.command("check")


def parts_of(size):
    """Where every machine of 128 MiB looks the same: name of the part, edges."""
    width, height = size
    if width < 640:
        return {"name": (0, 0, 50, 13), "shell": (0, height - 60, width, height)}
    return {"name": (0, 0, 150, 40), "shell": (0, height - 120, width, height)}


@functools.lru_cache(maxsize=None)
def reference(size):
    with shell(append=f"video={size[0]}x{size[1]}x32") as machine:
        fill_shell(machine)
        shot = machine.wait_screenshot(lambda picture: picture.size == size, f"{size}")
        return machine.settled_screenshot()


def grid_share(shot, size, tolerances):
    """The share of the middle of the picture that looks as on the reference: the frames."""
    width, height = size
    middle = (width // 4, height // 3, width // 2, height // 2)
    return shot.region(*middle).likeness(reference(size).region(*middle), tolerances)


def check_picture(machine, size, bits):
    """The whole picture is there: name, frames, and the shell's text."""
    fill_shell(machine)
    doubled = size[0] < 640 and bits == 8
    seen = (2 * size[0], 2 * size[1]) if doubled else size
    machine.wait_screenshot(lambda picture: picture.size == seen, f"a screen of {seen}")
    shot = machine.settled_screenshot()
    shot = shot.halved() if doubled else shot
    for name, edges in parts_of(size).items():
        share = shot.region(*edges).likeness(reference(size).region(*edges), TOLERANCES[bits])
        assert share > 0.995, f"{name}: {share:.3f} as it should be"
    share = grid_share(shot, size, TOLERANCES[bits])
    assert share > 0.9, f"frames: {share:.3f} as it should be"


def adapter_of(machine):
    return re.search(r"video adapter=(\S+)", "\n".join(machine.command("video"))).group(1)


def check_device(device, **options):
    options.setdefault("vga", "none")
    with shell(extra=["-device", device], **options) as machine:
        assert adapter_of(machine) == "bochs"
        check_picture(machine, (1024, 768), 32)
        check(machine)


def test_std():
    """QEMU's VGA, by ports."""
    with shell() as machine:
        assert adapter_of(machine) == "bochs"
        check_picture(machine, (1024, 768), 32)


def test_bochs_display():
    """bochs-display, by memory alone."""
    check_device("bochs-display")


def test_secondary_vga():
    """A second VGA, which starts blanked."""
    check_device("secondary-vga")


def test_vga_beside_another():
    """Of two VGAs the well-known registers are one's, and so must the memory be."""
    with shell(vga="cirrus", extra=["-device", "VGA,id=second"]) as machine:
        machine.head = "second"
        assert adapter_of(machine) == "bochs"
        check_picture(machine, (1024, 768), 32)


def test_virtio_vga():
    """virtio-vga has the same registers."""
    check_device("virtio-vga")


def test_qxl_vga():
    """qxl-vga has the same registers."""
    check_device("qxl-vga")


def test_vmware_svga():
    """vmware-svga's first range is of ports."""
    check_device("vmware-svga")


def test_ati_vga():
    """ati-vga has the same registers."""
    check_device("ati-vga")


def test_isa_vga():
    """A 486 on ISA, where the frame buffer is at 0xE0000000."""
    check_device("isa-vga", machine="isapc", cpu="486")


def test_cirrus_without_a_loader():
    """An adapter without registers that we know is a VGA all the same."""
    with shell(vga="cirrus") as machine:
        assert adapter_of(machine) == "vga"
        check_picture(machine, (640, 480), 4)


def test_cirrus_through_grub():
    """What GRUB set is used as it is: 1024x768 in 24 bits on this adapter."""
    with shell(vga="cirrus", boot="cd") as machine:
        assert adapter_of(machine) == "boot"
        check_picture(machine, (1024, 768), 24)


def test_boot_framebuffer_in_all_depths():
    """video=boot takes what GRUB set, in any depth, though there is a better adapter."""
    for protocol in ("multiboot", "multiboot2"):
        for bits in (15, 16, 24, 32):
            with iso_with("insmod all_video", f"{protocol} /ashlar.elf video=boot",
                          f"set gfxpayload=800x600x{bits}") as iso:
                with shell(boot="cd", iso=iso) as machine:
                    assert adapter_of(machine) == "boot"
                    assert any(f"mode size=800x600x{bits} " in line
                               for line in machine.command("video"))
                    check_picture(machine, (800, 600), bits)


def test_no_boot_framebuffer():
    """video=boot without a loader that set one says so, and stays with text."""
    with shell(append="video=boot") as machine:
        lines = machine.command("video")
        assert 'passed adapter=boot why="the boot loader left no framebuffer"' in lines, lines


def test_no_adapter_says_why():
    """Without an adapter there is no screen; each driver's reason is told, and the shell lives."""
    with shell(vga="none") as machine:
        lines = machine.command("video")
        assert lines[0] == "video adapter=none screen=none", lines
        assert len([line for line in lines if line.startswith("passed adapter=")]) == 3, lines
        assert machine.command("mode text") == [
            "error: mode text: there is no text screen to go back to"]
        check(machine)


def test_what_screen_there_is():
    """Without an adapter in use, the screen is text where there is text, none, or off."""
    for screen, options in (("text", {"append": "video=text"}),
                            ("text", {"append": "video=text", "vga": "cirrus"}),
                            ("text", {"append": "video=text", "machine": "isapc", "cpu": "486"}),
                            ("none", {"append": "video=text", "vga": "none"}),
                            ("none", {"machine": "isapc", "cpu": "486", "vga": "none"}),
                            ("none", {"machine": "microvm", "cpu": "pentium3", "vga": "none"}),
                            ("off", {"append": "video=off"}),
                            ("off", {"append": "console=serial", "vga": "none"})):
        with shell(**options) as machine:
            assert machine.command("video")[0] == f"video adapter=none screen={screen}", options


def test_root_buses():
    """An adapter on a root bus that no bridge leads to is found, and draws."""
    for board, devices in (
            ("pc", ["pxb,bus_nr=64,id=p", "bochs-display,bus=p,addr=1"]),
            ("pc", ["pxb,bus_nr=254,id=p", "secondary-vga,bus=p,addr=1f"]),
            ("pc", ["pxb,bus_nr=64,id=p", "pci-bridge,bus=p,chassis_nr=9,addr=2,id=b",
                    "bochs-display,bus=b,addr=3"]),
            ("q35", ["pxb-pcie,bus_nr=128,id=p", "pcie-root-port,bus=p,id=r,chassis=9",
                     "bochs-display,bus=r"]),
            ("q35", ["pxb-pcie,bus=pcie.0,bus_nr=32,id=o", "pxb-pcie,bus=pcie.0,bus_nr=200,id=p",
                     "pcie-root-port,bus=o,id=q,chassis=8", "pcie-root-port,bus=p,id=r,chassis=9",
                     "bochs-display,bus=r"])):
        extra = [word for device in devices for word in ("-device", device)]
        with shell(machine=board, vga="none", extra=extra) as machine:
            assert adapter_of(machine) == "bochs", devices
            show_mode(machine, "800x600x16")
            check_picture_is_drawn(machine)
            check(machine)


def test_depths():
    """Every depth shows the picture in its colours."""
    with shell() as machine:
        for bits in (8, 15, 16, 24, 32):
            machine.command(f"mode 800x600x{bits}")
            check_picture(machine, (800, 600), bits)


def test_depths_by_flipping():
    """Two pages shown in turn give the same picture as one."""
    with shell() as machine:
        for bits in (8, 16, 32):
            machine.command(f"mode 640x480x{bits} flip")
            assert any("present=flip" in line for line in machine.command("video"))
            check_picture(machine, (640, 480), bits)


def test_without_back_buffer():
    """Drawn straight to the screen, the picture is the same."""
    for adapter, bits in (("bochs", 32), ("vga", 4)):
        with shell(append=f"video={adapter} video=640x480x{bits} backbuffer=none") as machine:
            assert any("present=direct" in line for line in machine.command("video"))
            check_picture(machine, (640, 480), bits)


def test_options_count_for_a_later_mode():
    """A picture that `mode` brings in place of text has the back buffer that the options want."""
    with shell(append="video=text backbuffer=none") as machine:
        assert any(line.startswith("video backbuffer=none: ")
                   for line in machine.command("mode 640x480x32"))
        check_picture(machine, (640, 480), 32)


def test_common_buffer():
    """backbuffer=common gets it from the DMA adapter's call."""
    with shell(append="backbuffer=common video=800x600x32") as machine:
        assert any("call=VideoPortAllocateCommonBuffer" in line for line in machine.screen.lines)
        check_picture(machine, (800, 600), 32)


def check_vga_modes(**options):
    with shell(append="video=vga", **options) as machine:
        check_picture(machine, (640, 480), 4)
        machine.command("mode 320x200x8")
        check_picture(machine, (320, 200), 8)
        machine.command("mode 640x480x4")
        check_picture(machine, (640, 480), 4)


def test_vga_modes():
    """The two modes of a plain VGA."""
    check_vga_modes()


def test_vga_modes_on_isa():
    """The same on a 486 without PCI."""
    check_vga_modes(machine="isapc", cpu="486", vga="none", extra=["-device", "isa-vga"])


def glyph_row(shot, text_row):
    """A row of characters, of 9 by 16 pixels each, from the left as far as the prompt goes."""
    return shot.region(0, text_row * 16, 9 * 60, text_row * 16 + 16)


def test_text_is_back_intact():
    """After graphics, the text screen has the same font and the same colours."""
    with shell(append="video=text") as machine:
        fill_shell(machine)
        plain = machine.settled_screenshot()
    for adapter in ("vga", "bochs"):
        with shell(append=f"video={adapter}") as machine:
            machine.command("mode text")
            fill_shell(machine)
            shot = machine.wait_screenshot(lambda picture: picture.size == plain.size, "text")
            shot = machine.settled_screenshot()
            for row in range(14, 24):  # the cursor blinks in the last one
                assert glyph_row(shot, row) == glyph_row(plain, row), f"{adapter}: row {row}"


def test_view_in_characters():
    """In text, letters stand for owners, the legend names them, and the shell is below."""
    with shell(append="video=text") as machine:
        block = alloc(machine, "16M as sound")
        rows = machine.wait_until(lambda: machine.text_screen(), "text")
        rows = machine.text_screen()
        assert re.match(r" Ashlar   125\.\dM: free", rows[0]), rows[0]
        legend = re.search(r"([A-Z]) sound 16M", rows[9] + rows[10])
        assert legend, rows[9:11]
        grid = "".join(row[15:] for row in rows[1:9])
        assert grid.count(legend.group(1)) == 64, rows  # a cell is 256 KiB
        free(machine, block.id)
        assert "sound" not in machine.text_screen()[9]


def test_text_from_nothing():
    """Where GRUB had left the text mode, there is one all the same, with all characters of it."""
    with iso_with("insmod all_video", "multiboot /ashlar.elf video=bochs",
                  "set gfxpayload=800x600x32") as iso:
        with shell(boot="cd", iso=iso, memory="5G") as machine:
            assert machine.command("mode text")[-1] == "mode text"
            machine.wait_screenshot(lambda picture: picture.size == (720, 400), "text")
            shot = machine.settled_screenshot()
            rows = machine.text_screen()
    assert rows[0].startswith(" Ashlar"), rows
    wave, = [y for y, row in enumerate(rows[1:9], 1) if row.startswith("0x10000000", 1)]
    free, = [y for y, row in enumerate(rows) if " free " in row and "one character" in row]
    for name, row, column in (("waves", wave, 0), ("shade", wave, 40), ("rule", free, 1),
                              ("shade", free, rows[free].index(" free ") - 1)):
        cell = shot.region(column * 9, row * 16, column * 9 + 8, row * 16 + 16)
        assert cell.edge_pixels() or name == "rule", f"no {name} in row {row}"
        assert len(cell.colours()) == 2, f"no {name} in row {row}"


def test_vga_refuses_a_mode_of_the_loader():
    """What GRUB set by the adapter's BIOS, VGA's registers do not leave: text by serial alone."""
    with iso_with("insmod all_video", "multiboot /ashlar.elf video=vga",
                  "set gfxpayload=800x600x32") as iso:
        with shell(boot="cd", iso=iso) as machine:
            lines = machine.command("video")
            assert 'passed adapter=vga why="the driver found no adapter"' in lines, lines
            check(machine)


def test_mode_refused_keeps_the_old_one():
    """A mode that the adapter refuses is an error line, and the picture stays."""
    with shell() as machine:
        for mode in ("1023x768x32", "8192x8192x32", "800x600x4", "1600x1200x32 flip"):
            answer = machine.command(f"mode {mode}")
            if mode.startswith("1600"):
                assert answer[-1].startswith("mode size="), answer
                machine.command("mode 1024x768x32")
            else:
                assert answer[-1].startswith("error: "), answer
        assert machine.command("mode 2560x1440x32 flip") == [
            "error: mode 2560x1440x32 flip: the adapter does not take that mode"]
        check_picture(machine, (1024, 768), 32)


def test_modes_with_memory_full():
    """With no room for a back buffer, drawing goes straight to the screen; nothing breaks."""
    with shell(memory="16M", append="video=640x480x32") as machine:
        for size in ("128K", "4K"):
            while machine.command(f"alloc {size}")[-1].startswith("block "):
                pass
        for mode in ("800x600x32", "1024x768x16"):
            answer = machine.command(f"mode {mode}")
            assert "video backbuffer=none: drawing goes straight to the screen, more slowly" \
                in answer, answer
            assert answer[-1].startswith("mode size="), answer
            check(machine)
            check_picture_is_drawn(machine)


def check_picture_is_drawn(machine):
    shot = machine.settled_screenshot()
    assert len(shot.colours()) > 12, "nothing on the screen"


def modes_of(machine):
    """All modes that `video` lists, as WIDTHxHEIGHTxBITS."""
    found = []
    for line in machine.command("video"):
        match = re.match(r"modes bits=(\d+) sizes=(.*)", line)
        if match:
            found += [f"{size}x{match.group(1)}" for size in match.group(2).split(",")]
    return found


def show_mode(machine, mode):
    """Sets a mode, and sees that the screen has its size."""
    answer = machine.command(f"mode {mode}")
    assert answer[-1] == f"mode size={mode}", answer
    width, height, _ = map(int, mode.split("x"))
    machine.wait_screenshot(lambda picture: picture.size == (width, height), f"{mode}")


def test_every_size_that_is_offered():
    """Each size that `video` lists can be set, in one depth or the other; the screen shows it."""
    for device in ("VGA", "bochs-display"):
        with shell(vga="none", extra=["-device", device]) as machine:
            modes = modes_of(machine)
            sizes = list(dict.fromkeys(mode.rpartition("x")[0] for mode in modes))
            assert len(sizes) == 17, sizes
            for i, size in enumerate(sizes):
                in_depths = [mode for mode in modes if mode.startswith(f"{size}x")]
                show_mode(machine, in_depths[i % len(in_depths)])
            check(machine)


# The monitor's own size, and whether the adapter shows it: QEMU's VGA cuts widths down to multiples
# of 8, and bochs-display has no room for what a monitor says of 3840x2160.
OWN_SIZES = (
    ("VGA", 1366, 768, False),
    ("VGA", 1367, 769, False),
    ("VGA", 1360, 767, True),
    ("VGA", 64, 64, True),
    ("VGA", 63, 64, False),
    ("VGA", 64, 63, False),
    ("VGA", 3840, 2160, True),
    ("VGA", 64, 12500, False),
    ("bochs-display", 1366, 768, True),
    ("bochs-display", 1367, 769, True),
    ("bochs-display", 641, 479, True),
    ("bochs-display", 3840, 2160, False),
)
MEMORY = {"VGA": "vgamem_mb=64", "bochs-display": "vgamem=64M"}


def test_monitors_own_size():
    """The monitor's own size is offered if, and only if, the adapter shows it; its name is told."""
    for device, width, height, is_shown in OWN_SIZES:
        options = f"{device},{MEMORY[device]},xres={width},yres={height}"
        with shell(vga="none", memory="256M", extra=["-device", options]) as machine:
            lines = machine.command("video")
            assert any(line.startswith('monitor name="QEMU Monitor" preferred=')
                       for line in lines), lines
            shown = [mode for mode in modes_of(machine) if mode.startswith(f"{width}x{height}x")]
            assert bool(shown) == is_shown, (options, shown)
            for mode in shown[:1] + shown[-1:]:
                show_mode(machine, mode)


def test_monitor_says_its_size_in_an_extension():
    """A monitor of 3840x2160 tells so in a DisplayID block, for which bochs-display has no room."""
    for device, told in (("VGA", "3840x2160"), ("secondary-vga", "3840x2160"),
                         ("bochs-display", "none")):
        with shell(vga="none", extra=["-device", f"{device},xres=3840,yres=2160"]) as machine:
            assert f'monitor name="QEMU Monitor" preferred={told}' in machine.command("video")


def test_random_modes():
    """Changes of mode at random leave no block behind, and a right picture at the end."""
    choice = random.Random(4)
    with shell() as machine:
        before = [block.text for block in blocks(machine) if block.owner != "bochs"]
        count = len(blocks(machine))
        modes = modes_of(machine)
        for _ in range(CHANGES):
            flip = choice.choice(("", " flip"))
            machine.command(f"mode {choice.choice(modes)}{flip}")
        machine.command("mode 800x600x32")
        assert [block.text for block in blocks(machine) if block.owner != "bochs"] == before
        assert len(blocks(machine)) == count
        check(machine)
        check_picture(machine, (800, 600), 32)


def cache_bits(machine, physical):
    """The bits PCD (C) and PWT (T) of every page that maps a frame, as QEMU's monitor has them."""
    table = machine.qmp("human-monitor-command", **{"command-line": "info tlb"})
    return {bits.replace("-", "") for frame, bits in
            re.findall(r"[0-9a-f]+: ([0-9a-f]+) \S{5}(\S\S)-\S", str(table))
            if int(frame, 16) & 0xFFFFFFFFFF000 == physical}


def test_write_combining():
    """
    By PAT (PWT alone) where there is one, else by an MTRR, else uncached; and wc=off. SeaBIOS's own
    register makes all of the hole below 4 GiB uncached, and where two meet, ours would not count.
    """
    for cpu, append, expected, bits in (("pentium3", "", "pat", "T"),
                                        ("pentium3,-pat", "", "mtrr", "CT"),
                                        ("486", "", "none", "CT"), ("max", "wc=off", "none", "CT")):
        with shell(cpu=cpu, append=append) as machine:
            line = next(text for text in machine.screen.lines if text.startswith("cpu "))
            assert line.endswith(f"write-combining={expected}"), (cpu, line)
            assert cache_bits(machine, 0xFD000000) == {bits}, cache_bits(machine, 0xFD000000)
            assert cache_bits(machine, 0xA0000) == {"CT"}, "video memory below 1 MiB"
            check(machine)
