"""Free memory is tested all of it and nothing else; what is bad is found, and out of use from then on."""

import gdb_stub
from machine import Machine, Settings, shell
from report import FRAME_BYTES, Line, alloc, blocks, buddy, check, error, free, parse, regions

MIB = 1024 * 1024
GIB = 1024 * MIB


def memtest(machine, arguments=""):
    """Runs it; returns the lines below the progress bar, the last one as a Line."""
    lines = machine.command(f"memtest {arguments}".strip())
    assert lines[0] == "[" + "#" * 40 + "]", lines
    last = Line(lines[-1])
    assert last.noun == "memtest", lines
    return lines[1:-1], last


def expect_sound(machine, arguments, tested_bytes):
    """All of so many bytes was tested, found good, and is free again."""
    before = machine.command("buddy")
    others, last = memtest(machine, arguments)
    assert not others and last.words == ["ok"], (others, last)
    assert (last.tested, last.untested, last.passes, last.bad) == (tested_bytes, 0, 1, 0), last
    assert machine.command("buddy") == before, "memtest left frames behind"
    check(machine)


def free_bytes(machine):
    return buddy(machine)[1].free * FRAME_BYTES


def test_all_free_memory():
    """A pass tests each free byte once, between the blocks of others, which keep what they hold."""
    with shell(memory="32M", append="video=off") as machine:
        mine = [alloc(machine, request) for request in ("1M", "40K below 16M", "5M below 24M")]
        before = [machine.read_physical(block.physical, block.bytes) for block in mine]
        expect_sound(machine, "", free_bytes(machine))
        for block, content in zip(mine, before):
            assert machine.read_physical(block.physical, block.bytes) == content, block


def test_below():
    """With a limit, only what ends at or below it is tested, to the frame."""
    with shell(memory="64M") as machine:
        free = [region for region in regions(machine) if region.owner == "none"]
        limit = 5 * MIB + FRAME_BYTES + 17
        whole = limit // FRAME_BYTES * FRAME_BYTES
        expect_sound(machine, f"below {limit}",
                     sum(max(0, min(region.end, whole) - region.base) for region in free))


def test_smallest_machine():
    """On a 486 with an ISA bus and 4 MiB the same."""
    with shell(memory="4M", machine="isapc", cpu="486") as machine:
        expect_sound(machine, "", free_bytes(machine))


def split_machine(cpu):
    """24 MiB of RAM, of which 8 lie above 4 GiB."""
    return shell(memory="24M", cpu=cpu, machine="pc,max-ram-below-4g=16M", append="video=off")


def test_above_4g():
    """With PAE memory above 4 GiB is tested as well."""
    with split_machine("max") as machine:
        assert any(region.base >= 4 * GIB for region in regions(machine))
        expect_sound(machine, "", free_bytes(machine))


def test_out_of_reach():
    """Without PAE memory above 4 GiB is counted as not tested."""
    with split_machine("pentium") as machine:
        amount = free_bytes(machine)
        _, last = memtest(machine)
        assert (last.tested, last.untested) == (amount - 8 * MIB, 8 * MIB), last


def test_time():
    """With a time, passes go on until it is over; the last one may have come halfway."""
    with shell(memory="16M") as machine:
        before = machine.command("buddy")
        others, last = memtest(machine, "below 1M 1")
        assert not others and last.words == ["ok"] and last.passes >= 1, last
        assert last.tested > 0 and last.untested == 0, last
        assert machine.command("buddy") == before


def test_interrupt():
    """Ctrl-C ends it, and all is free again."""
    with shell(memory="128M") as machine:
        before = machine.command("buddy")
        machine.send("memtest 60\r")
        machine.wait_until(lambda: "[" in machine.screen.current, "progress bar")
        machine.send(b"\x03")
        machine.wait_line(r"^memtest tested=\d+ untested=\d+ passes=0 bad=0( ok)?$")
        machine.wait_until(machine.at_prompt, "prompt")
        assert machine.command("buddy") == before
        check(machine)


def test_nothing_tested_is_not_ok():
    """Ended within its first window, it says that nothing was tested, and does not say ok."""
    with gdb_stub.listen() as stub, Machine(memory="16M", append="video=off",
                                            extra=stub.arguments) as machine:
        machine.wait_prompt()
        before = machine.command("buddy")
        amount = free_bytes(machine)
        stub.connect()
        stub.call_at(gdb_stub.find_symbol(Settings.elf, "settle_window"),
                     lambda: machine.send(b"\x03"))
        lines = machine.command("memtest", seconds=90)
        assert lines[-2:] == [
            f"memtest tested=0 untested={amount} passes=0 bad=0",
            "error: nothing was tested: the end came before the first memory was through"], lines
        assert machine.command("buddy") == before
        check(machine)


def test_full_memory_is_not_ok():
    """Where nothing is free, there is nothing to test, and one line says so."""
    with shell(memory="16M", append="video=off") as machine:
        while buddy(machine)[1].largest > 0:
            alloc(machine, str(buddy(machine)[1].largest * FRAME_BYTES))
        for arguments in ("", " 1", " below 8M"):
            lines = machine.command(f"memtest{arguments}")
            limit = "0x800000" if "8M" in arguments else "0x10000000000000"
            assert lines == [f"error: there is no free memory below {limit} to be tested"], lines
        check(machine)


def test_all_out_of_reach_is_not_ok():
    """Free memory that no page table reaches is no "no free memory"."""
    with split_machine("pentium") as machine:
        while True:
            lines = machine.command("alloc 4K below 4G")
            if lines[0].startswith("error: "):
                break
            free(machine, parse(lines, "block")[0].id)
            largest = int(error(machine.command("alloc 1G below 4G")).split()[-1])
            alloc(machine, f"{largest} below 4G")
        assert free_bytes(machine) == 8 * MIB
        assert machine.command("memtest") == [
            "error: the free memory below 0x10000000000000, 8388608 bytes, is out of the page "
            "tables' reach"]
        check(machine)


def test_wrong_requests():
    """A request that makes no sense gets one error line, and nothing is done."""
    with shell(memory="16M") as machine:
        for request, value in (("0", "0"), ("x", "x"), ("below", "below"), ("below x", "x"),
                               ("below 1M 0", "0"), ("5 6", "5"), ("below 16", "0x10"),
                               ("5 below 1M", "5"), ("90000", "90000"), ("below 1M 1 1", "1")):
            sentence = error(machine.command(f"memtest {request}"))
            assert value in sentence, (request, sentence)
        check(machine)


# Bits that hold a level of their own: (physical address of the word, bit, level).
STUCK = ((0x2A5124, 5, 1), (0x2A6FFC, 31, 0), (0x310000, 0, 1))


def stick(stub):
    for address, bit, level in STUCK:
        word = stub.read_word(address)
        stub.write_word(address, word | 1 << bit if level else word & ~(1 << bit))


def find_bad(machine, stub):
    """Runs memtest, with the bits of STUCK as they are after each of its sweeps."""
    stub.connect()
    stub.call_at(gdb_stub.find_symbol(Settings.elf, "settle_window"), lambda: stick(stub))
    found, last = memtest(machine)
    assert stub.stop_count > 0
    assert last.bad == 3 and not last.words and last.passes == 1, last
    bad = parse(found[:-1], "bad")
    assert [(line.physical, line.end, line.frames) for line in bad] == [
        (0x2A5000, 0x2A7000, 2), (0x310000, 0x311000, 1)], bad
    assert [line.bits for line in bad] == [1 << 5 | 1 << 31, 1], bad
    for line, address in zip(bad, (0x2A5124, 0x310000)):
        assert line.test == "march" and line.address == address and line.errors > 0, line
        assert line.expected ^ line.found == line.bits & 0xFFFF, line
    return found[-1]


def expect_out_of_use(machine, owner):
    """The bad frames are listed as such, and no request gets any of them."""
    bad = [(region.base, region.end) for region in regions(machine) if region.kind == "bad"]
    assert bad == [(0x2A5000, 0x2A7000), (0x310000, 0x311000)], bad
    assert {region.owner for region in regions(machine) if region.kind == "bad"} == {owner}
    for lowest, end in bad:
        error(machine.command(f"alloc 4K above {lowest} below {end}"))
    whole = alloc(machine, "8K above 0x2A3000 below 0x2A5000")
    assert whole.end == 0x2A5000, whole
    check(machine)


def test_bad_frames():
    """
    Bits that do not keep their level are found; their frames are out of use, and from the start
    with the boot option that memtest prints.
    """
    small = {"memory": "4M", "machine": "isapc", "cpu": "486"}
    with gdb_stub.listen() as stub, Machine(**small, append="video=off",
                                            extra=stub.arguments) as machine:
        machine.wait_prompt()
        option = find_bad(machine, stub)
        assert option == "badram=0x2a5000-0x2a7000,0x310000", option
        expect_out_of_use(machine, "bad")
        bad = [block for block in blocks(machine) if block.owner == "bad"]
        assert [block.frames for block in bad] == [2, 1], bad
        for block in bad:
            error(machine.command(f"free {block.id}"))
    with shell(**small, append=f"video=off {option}") as machine:
        assert not blocks(machine)
        expect_out_of_use(machine, "badram")
        machine.command("stress 1")
        _, last = memtest(machine)
        assert last.words == ["ok"], last


def test_badram():
    """A wrong item of badram= is named and costs itself alone; who uses bad memory is named too."""
    with shell(append="badram=0x2000000-0x2003000,12x,0x101000,0x3000800") as machine:
        log = machine.screen.lines
        assert any(line.startswith('error: boot option "12x": ') for line in log), log
        assert any(line.startswith("error: bad memory at [0x101000, 0x102000)")
                   and line.endswith("kernel") for line in log), log
        bad = [(region.base, region.end, region.owner) for region in regions(machine)
               if region.kind == "bad"]
        assert bad == [(0x101000, 0x102000, "kernel"), (0x2000000, 0x2003000, "badram"),
                       (0x3000000, 0x3001000, "badram")], bad
        check(machine)


def test_badram_that_leaves_too_little():
    """Where badram= takes nearly all memory, the sentence that refuses to boot names it."""
    with Machine(append="video=text badram=0-0xffffffffffffffff") as machine:
        machine.wait_line(r"^panic: Ashlar needs 2 MiB of memory; the memory map has 0 KiB, "
                          r"without \d+ KiB of bad memory \(badram=\)$")


def test_badram_in_pairs():
    """Pairs of address and mask, as others print them, are told from addresses, and reserved."""
    with shell(append="badram=0x2000000,0xfffefffc,0x3000000,0xfffffffffffff000 "
                      "badram=0x1000000,0xe0000000 badram=0x70000000") as machine:
        log = machine.screen.lines
        for line in (
                "badram pair=0x2000000,0xfffefffc ranges=2 base=0x2000000 end=0x2011000",
                "badram pair=0x3000000,0xfffffffffffff000 ranges=1 base=0x3000000 end=0x3001000",
                "error: badram=0xe0000000: the memory map has no RAM there",
                "error: badram=0x70000000: the memory map has no RAM there"):
            assert log.count(line) == 1, (line, log)
        assert sum(line.startswith("error: ") for line in log) == 2, log
        bad = [(region.base, region.end) for region in regions(machine) if region.kind == "bad"]
        assert bad == [(0x1000000, 0x1001000), (0x2000000, 0x2001000), (0x2010000, 0x2011000),
                       (0x3000000, 0x3001000), (0x70000000, 0x70001000),
                       (0xE0000000, 0xE0001000)], bad
        check(machine)


def test_badram_that_may_be_pairs():
    """A list that may be one or the other is taken for addresses, and a line says so."""
    with shell(append="badram=0x80000000,0xc0000000 trace") as machine:
        note = ('error: boot option "0xc0000000": may be a mask, but not all of the list is surely '
                "pairs: all are addresses")
        assert machine.screen.lines.count(note) == 1, machine.screen.lines
        bad = [region.base for region in regions(machine) if region.kind == "bad"]
        assert bad == [0x80000000, 0xC0000000], bad
        check(machine)
