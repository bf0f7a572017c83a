"""What the map says is what the machine has, and what is allocated lies where it was asked for."""

import re
import tempfile

from machine import shell
from report import (FRAME_BYTES, Line, alloc, blocks, buddy, check, error, free, is_free, parse,
                    regions)

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB

CR4_PAE = 1 << 5

KINDS = {"usable", "reserved", "acpi", "nvs", "bad"}


def check_map(lines):
    """The promises about any map: ascending, half-open, disjoint, whole frames, known kinds."""
    last_end = 0
    for region in lines:
        assert region.kind in KINDS, f"unknown kind: {region}"
        assert last_end <= region.base < region.end, f"not ascending and disjoint: {region}"
        assert region.bytes == region.end - region.base, f"bytes is not end - base: {region}"
        assert (region.base | region.end) % FRAME_BYTES == 0, f"not whole frames: {region}"
        last_end = region.end


def check_amount(lines, ram_bytes):
    """
    The firmware calls usable what QEMU has, but for: 640 KiB to 1 MiB (384 KiB of video memory and
    ROM), its EBDA at the end of the first 640 KiB, and its own tables at the end of low RAM. Those
    are 128 KiB on QEMU's pc, and never near 640 KiB: together it keeps back less than 1 MiB.
    """
    usable_bytes = sum(region.bytes for region in lines if region.kind == "usable")
    kept_bytes = ram_bytes - usable_bytes
    assert 384 * KIB < kept_bytes < MIB, f"of {ram_bytes} bytes of RAM {kept_bytes} are missing"


def check_machine(memory, ram_bytes, **options):
    with shell(memory=memory, **options) as machine:
        lines = regions(machine)
        check_map(lines)
        check_amount(lines, ram_bytes)
        check(machine)
        return lines


def test_map_16m():
    """With 16 MiB the usable regions add up to the machine's RAM."""
    check_machine("16M", 16 * MIB)


def test_map_128m():
    """With 128 MiB the usable regions add up to the machine's RAM."""
    check_machine("128M", 128 * MIB)


def test_map_4g():
    """With 4 GiB the RAM that the PCI hole displaces is listed above 4 GiB."""
    lines = check_machine("4G", 4 * GIB)
    above = sum(region.bytes for region in lines
                if region.kind == "usable" and region.base >= 4 * GIB)
    assert above == GIB, f"{above} bytes above 4 GiB, but QEMU's pc puts 1 GiB there"


def test_map_6g_64_bit():
    """With 6 GiB on a 64-bit PC 3 GiB are listed above 4 GiB."""
    # Newer firmware reserves 0xFD00000000, which would hide all RAM if it lost its upper half.
    lines = check_machine("6G", 6 * GIB, arch="x86_64")
    above = [region for region in lines if region.kind == "usable" and region.base >= 4 * GIB]
    assert sum(region.bytes for region in above) == 3 * GIB, f"usable above 4 GiB: {above}"


def test_memory_beyond_tables():
    """With 8 TiB, whose tables do not fit below 1 GiB, the rest is left alone, and said so."""
    memory = ("-object", "memory-backend-ram,id=m,size=8T,reserve=off")
    with shell(memory="8T", arch="x86_64", machine="q35,memory-backend=m",
               cpu="max,phys-bits=46", append="console=serial", extra=memory) as machine:
        lines = regions(machine)
        assert any(region.owner == "unmanaged" for region in lines)
        assert any(line.startswith("memory dropped=") for line in machine.screen.lines)
        assert alloc(machine, "1T").bytes == 1 << 40


def test_map_q35():
    """On a q35 board, whose low RAM ends at 2 GiB, nothing is lost either."""
    lines = check_machine("4G", 4 * GIB, arch="x86_64", machine="q35")
    assert sum(region.bytes for region in lines
               if region.kind == "usable" and region.base >= 4 * GIB) == 2 * GIB


def test_map_from_cd():
    """GRUB's map of the same machine is as complete as QEMU's own loader's."""
    check_machine("128M", 128 * MIB, boot="cd")


def test_map_from_cd_above_4g():
    """GRUB's map of a machine with 6 GiB lists the RAM above 4 GiB."""
    lines = check_machine("6G", 6 * GIB, boot="cd", arch="x86_64")
    assert sum(region.bytes for region in lines
               if region.kind == "usable" and region.base >= 4 * GIB) == 3 * GIB


def test_reserved_owners():
    """The first 64 KiB, EBDA to 1 MiB and the kernel at 1 MiB belong to somebody."""
    with shell() as machine:
        free_regions = [region for region in regions(machine) if is_free(region)]
    for first, end, what in ((0, 64 * KIB, "first 64 KiB"), (640 * KIB, MIB, "640 KiB to 1 MiB"),
                             (MIB, MIB + FRAME_BYTES, "kernel image")):
        inside = [region for region in free_regions if region.base < end and region.end > first]
        assert not inside, f"{what} is free: {inside}"


def test_module_is_reserved():
    """A boot module's memory is reserved, with an owner, and is not handed out."""
    with tempfile.NamedTemporaryFile(prefix="ashlar-") as file:
        file.truncate(4 * MIB)
        with shell(extra=["-initrd", file.name]) as machine:
            modules = [region for region in regions(machine)
                       if "module" in str(region.fields.get("owner"))]
            assert sum(region.bytes for region in modules) >= 4 * MIB, modules
            free_regions = [region for region in regions(machine) if is_free(region)]
            assert not any(region.base < module.end and module.base < region.end
                           for region in free_regions for module in modules)


def test_alloc_costs_its_frames():
    """3 MiB cost 768 frames, not the next power of two, and come back on free."""
    with shell() as machine:
        free(machine, alloc(machine, "4K as warm-up").id)  # the ledger's first records
        before = buddy(machine)[1].free
        block = alloc(machine, "3M as exact")
        assert (block.bytes, block.frames) == (3 * MIB, 768), block
        assert block.end - block.physical == 3 * MIB, block
        assert buddy(machine)[1].free == before - 768
        free(machine, block.id)
        assert buddy(machine)[1].free == before
        check(machine)


def test_alloc_obeys_limits():
    """Size, alignment, lowest and highest address and boundary are obeyed, in any unit."""
    with shell() as machine:
        one = alloc(machine, "3M below 16M align 64K as demo")
        assert one.end <= 16 * MIB and one.physical % (64 * KIB) == 0 and one.frames == 768, one
        assert one.owner == "demo", one
        two = alloc(machine, "0x5000 above 0x4000000 align 1M")
        assert two.physical >= 64 * MIB and two.physical % MIB == 0 and two.frames == 5, two
        three = alloc(machine, "100K within 128K below 32M above 16M")
        assert three.physical // (128 * KIB) == (three.end - 1) // (128 * KIB), three
        assert 16 * MIB <= three.physical and three.end <= 32 * MIB, three
        four = alloc(machine, "1 below 1G")
        assert four.frames == 1 and four.physical % FRAME_BYTES == 0, four
        check(machine)


def test_alloc_up_to_largest_run():
    """The longest free run can be had as one block; a frame more cannot."""
    with shell() as machine:
        free(machine, alloc(machine, "4K").id)
        largest = buddy(machine)[1].largest
        error(machine.command(f"alloc {(largest + 1) * FRAME_BYTES}"))
        block = alloc(machine, str(largest * FRAME_BYTES))
        assert block.frames == largest, block
        free(machine, block.id)
        check(machine)


def test_blocks_are_disjoint_and_inside_free_memory():
    """No two blocks overlap, and all lie in usable memory that nobody had reserved."""
    with shell() as machine:
        free_regions = [region for region in regions(machine) if is_free(region)]
        made = [alloc(machine, f"{size} as mine")
                for size in ("4K", "12K", "1M", "5M below 16M", "64K align 64K", "20M", "8K")]
        listed = blocks(machine)
        ascending = sorted(listed, key=lambda block: block.physical)
        for lower, upper in zip(ascending, ascending[1:]):
            assert lower.end <= upper.physical, f"overlap: {lower} and {upper}"
        for block in made:
            assert any(region.base <= block.physical and block.end <= region.end
                       for region in free_regions), f"not in free memory: {block}"
        check(machine)


def test_blocks_lists_what_alloc_printed():
    """`blocks` repeats the line that alloc printed, until the block is freed."""
    with shell() as machine:
        one = alloc(machine, "64K as one")
        two = alloc(machine, "3M as two")
        assert one.id != two.id
        listed = [line.text for line in blocks(machine)]
        assert one.text in listed and two.text in listed, listed
        free(machine, one.id)
        listed = [line.text for line in blocks(machine)]
        assert one.text not in listed and two.text in listed, listed


def test_buddy_adds_up():
    """Frames are free or used, and the orders' free blocks are the free frames."""
    with shell() as machine:
        for request in ("4K", "3M", "40K below 16M"):
            alloc(machine, request)
        orders, total = buddy(machine)
        assert total.frames == total.free + total.used, total
        for line in orders:
            assert line.bytes == line.free * FRAME_BYTES << line.order, line
        assert sum(line.free << line.order for line in orders) == total.free, (orders, total)
        assert [line.order for line in orders] == sorted({line.order for line in orders})
        fullest = max(line.order for line in orders if line.free)
        assert 1 << fullest <= total.largest <= total.free, total
        managed = sum(region.bytes for region in regions(machine) if is_free(region))
        assert total.frames * FRAME_BYTES <= managed, "more frames than the map has free"


def test_free_leaves_no_trace():
    """After freeing all, in another order, the buddy is as it was."""
    with shell() as machine:
        free(machine, alloc(machine, "4K").id)
        before = machine.command("buddy")
        made = [alloc(machine, request).id
                for request in ("3M", "4K", "100K align 64K", "1M below 16M", "12K within 64K")]
        assert machine.command("buddy") != before
        for index in (3, 0, 4, 1, 2):
            free(machine, made[index])
        assert machine.command("buddy") == before
        check(machine)


def test_free_twice():
    """The second free of a block is an error and changes nothing."""
    with shell() as machine:
        block = alloc(machine, "64K")
        free(machine, block.id)
        before = machine.command("buddy")
        error(machine.command(f"free {block.id}"))
        assert machine.command("buddy") == before
        check(machine)


def test_wrong_requests():
    """A request that makes no sense gets one error line, and breaks nothing."""
    with shell() as machine:
        for request in ("alloc 0", "alloc 3M below 64K", "alloc 5 align 3", "free 99",
                        "alloc 99999999999999999999", "alloc", "alloc -1", "alloc 3X", "alloc 0x",
                        "alloc 4K below", "alloc 4K sideways 3", "alloc 4K within 3",
                        "alloc 64K within 32K", "alloc 4K above 8M below 4M",
                        "alloc 17592186044416G",
                        "alloc 4K as a-name-that-is-longer-than-any-owner-may-be",
                        "free", "free x", "free -1", "free 4294967297"):
            error(machine.command(request))
        check(machine)


def test_names_of_the_system():
    """A block cannot have a name that the system's own blocks have, or the map gives what is none."""
    with shell() as machine:
        before = machine.command("map")
        for name in ("kernel", "console", "none", "tables", "module", "firmware", "bad", "badram"):
            assert machine.command(f"alloc 4K as {name}") == [
                f'error: the name "{name}" belongs to the system']
        assert machine.command("map") == before
        check(machine)


def test_running_out_says_what_fits():
    """An error for lack of room comes with a number: what would have fitted."""
    with shell(memory="16M") as machine:
        sentence = error(machine.command("alloc 1G"))
        assert any(character.isdigit() for character in sentence), sentence
        check(machine)


def test_below_4g_is_spared():
    """A request without a limit is served above 4 GiB while there is room."""
    with shell(memory="6G", arch="x86_64") as machine:
        assert alloc(machine, "1M").physical >= 4 * GIB
        assert 16 * MIB <= alloc(machine, "1M below 4G").physical < 4 * GIB
        check(machine)


def test_alloc_above_4g():
    """1 GiB above 4 GiB can be had on a machine with 6 GiB."""
    with shell(memory="6G", arch="x86_64") as machine:
        block = alloc(machine, "1G above 4G")
        assert block.physical >= 4 * GIB and block.frames == GIB // FRAME_BYTES, block
        free(machine, block.id)
        check(machine)


SIX_GIB = ("-object", "memory-backend-ram,id=m,size=6G,reserve=off")


def test_tables_leave_runs_whole():
    """Of 3 GiB below 4 GiB nearly all can be had as one block: the tables lie at 16 MiB."""
    with shell(memory="6G", arch="x86_64", machine="pc,memory-backend=m",
               extra=SIX_GIB) as machine:
        tables = [region for region in regions(machine) if region.owner == "tables"]
        assert [region.base for region in tables] == [16 * MIB], tables
        assert any(is_free(region) and region.end == 16 * MIB for region in regions(machine))
        assert alloc(machine, "1G above 4G").physical >= 4 * GIB
        block = alloc(machine, "2500M")
        assert block.bytes == 2500 * MIB and tables[0].end <= block.physical < 4 * GIB, block
        check(machine)


def test_tables_leave_a_small_machine_whole():
    """Where all memory lies below 1 GiB, they lie at its end, and most of it is one run."""
    with shell(memory="64M") as machine:
        block = alloc(machine, "57M above 1M")
        assert block.bytes == 57 * MIB, block
        check(machine)


def test_above_4g_without_pae():
    """RAM above 4 GiB is managed, if not reachable, on a processor without PAE."""
    with shell(memory="6G", cpu="pentium") as machine:
        assert any(is_free(region) and region.base >= 4 * GIB for region in regions(machine))
        check(machine)


def test_pae_off():
    """pae=off: classic tables where there is PAE and NX, and RAM above 4 GiB out of reach."""
    with shell(memory="6G", arch="x86_64", cpu="max", append="pae=off") as machine:
        assert any(line.endswith('paging="classic"') for line in machine.screen.lines)
        registers = str(machine.qmp("human-monitor-command", **{"command-line": "info registers"}))
        cr4 = int(re.search(r"CR4=([0-9a-f]+)", registers).group(1), 16)
        assert cr4 & CR4_PAE == 0, registers
        assert alloc(machine, "1M below 4G").virtual != "none"
        block = alloc(machine, "1G above 4G")
        assert block.physical >= 4 * GIB and block.virtual == "none", block
        check(machine)


def test_stress():
    """A second of random allocations and frees fails nothing, and leaves no trace."""
    with shell() as machine:
        free(machine, alloc(machine, "4K").id)
        before = machine.command("buddy")
        last = Line(machine.command("stress 1")[-1])
        assert last.noun == "stress", last
        assert last.operations > 0 and last.failed == 0 and last.words == ["ok"], last
        assert machine.command("buddy") == before
        check(machine)


def test_stress_with_others():
    """Stress knows the blocks of others, and those that the ledger takes when it grows."""
    with shell(memory="4M") as machine:
        for _ in range(64):
            alloc(machine, "4K")
        last = Line(machine.command("stress 1")[-1])
        assert last.noun == "stress" and last.failed == 0 and last.words == ["ok"], last
        owners = [block.owner for block in blocks(machine)]
        assert "ledger" in owners and "stress" not in owners, owners
        check(machine)


def test_bench():
    """Each benchmark prints its name and a time that is not nothing; presents write pixels once."""
    with shell() as machine:
        lines = [text for text in machine.command("bench") if text.startswith("bench ")]
        names = set()
        for line in parse(lines, "bench"):
            time = line.fields.get("ns", line.fields.get("instructions"))
            assert line.name and isinstance(time, int) and time > 0, line
            names.add(line.name)
            if line.name.startswith(("present-copy", "present-direct")):
                assert line.pixels == 1024 * 768, line
        assert {"frames-4K", "churn", "present-copy-32", "present-flip-8"} <= names, names


def test_explain():
    """explain tells the place that alloc then takes, and takes nothing itself."""
    with shell(append="video=off") as machine:
        for request in ("3M below 16M align 64K", "20M", "12M above 32M below 64M", "4K", "256K below 1M",
                        "1M within 1M align 8K", "900K below 1M", "900M"):
            before = machine.command("buddy")
            *steps, last = [line for line in machine.command(f"explain {request}") if line]
            (told,) = parse([last], "explained")
            fields, sentences = steps[::2], steps[1::2]
            assert all(line.startswith("step what=") for line in fields), steps
            assert all(line.startswith("  ") and line.endswith(".") for line in sentences), steps
            assert len(fields) == len(sentences) == told.steps, told
            assert machine.command("buddy") == before
            answer = machine.command(f"alloc {request}")
            if told.physical == "none":
                error(answer)
            else:
                assert parse(answer, "block")[0].physical == told.physical, (told, answer)
        error(machine.command("explain 0"))
        assert "3072" in error(machine.command("explain 4K align 3K")), "the value is not named"
