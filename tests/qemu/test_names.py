"""Blocks by their names: free NAME, free all, and what is refused."""

from machine import shell
from report import alloc, blocks, check, error


def test_free_by_name():
    """free NAME frees the one block of that name; a number is an id, whatever blocks are called."""
    with shell() as machine:
        first, second = alloc(machine, "4K as one"), alloc(machine, "4K as two")
        numbered = alloc(machine, f"4K as {first.id}")
        assert machine.command("free two") == [f"freed id={second.id}"]
        assert machine.command(f"free {first.id}") == [f"freed id={first.id}"]
        assert numbered.id in [block.id for block in blocks(machine)]
        assert error(machine.command(f"free {first.id}")) \
            == f"there is no block with the id {first.id}"
        assert error(machine.command("free two")) == 'no block belongs to "two"; blocks lists them'
        check(machine)


def test_name_of_several_blocks():
    """A name that several blocks have is refused with their ids, ten at most, and nothing freed."""
    with shell() as machine:
        ids = [alloc(machine, "4K as many").id for _ in range(2)]
        before = machine.command("blocks")
        named = sorted(map(int, error(machine.command("free many")).split(": ")[1].split()))
        assert named == ids
        assert error(machine.command("free manny")) \
            == 'no block belongs to "manny"; did you mean "many"?'
        assert machine.command("blocks") == before
        for _ in range(10):
            alloc(machine, "4K as many")
        sentence = error(machine.command("free many"))
        assert sentence.startswith('12 blocks belong to "many"; free one by its id: ')
        assert len(sentence.split(": ")[1].split()) == 11 and sentence.endswith(" ..."), sentence
        check(machine)


def test_names_of_the_system():
    """The kernel's and the drivers' blocks are freed neither by name nor by all."""
    with shell() as machine:
        before = blocks(machine)
        for owner in sorted({block.owner for block in before}):
            ids = " ".join(str(block.id) for block in before if block.owner == owner)
            assert error(machine.command(f"free {owner}")) \
                == f'"{owner}" belongs to the system, and so do its blocks: {ids}'
        assert machine.command("free all") == ["freed blocks=0 bytes=0"]
        assert [block.text for block in blocks(machine)] == [block.text for block in before]
        check(machine)


def test_free_all():
    """free all frees what alloc gave, by whatever name, and says how much that was."""
    with shell() as machine:
        before = machine.command("blocks")
        for request in ("4K", "10000 as odd", "1M below 16M as low", "1M as low"):
            alloc(machine, request)
        size = 4096 + 10000 + (2 << 20)
        assert machine.command("free all") == [f"freed blocks=4 bytes={size}"]
        assert machine.command("blocks") == before
        check(machine)


def test_names_on_a_simulated_machine():
    """free NAME and all act on the machine that is open; without blocks, blocks says so."""
    with shell() as machine:
        kept = alloc(machine, "4K as kept")
        machine.command("machine 486")
        assert machine.command("blocks") == ["no blocks"]
        assert error(machine.command("free kept")) \
            == 'no block belongs to "kept"; blocks lists them'
        block = alloc(machine, "4K as mine")
        alloc(machine, "8K")
        assert machine.command("free mine") == [f"freed id={block.id}"]
        assert machine.command("free all") == ["freed blocks=1 bytes=8192"]
        assert machine.command("blocks") == ["no blocks"]
        check(machine)
        machine.command("machine real")
        assert machine.command("free kept") == [f"freed id={kept.id}"]
