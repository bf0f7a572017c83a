/*
 * Holds the tour's steps: first the ideas, on a machine of 16 frames; then this machine, where they
 * follow the data from the firmware's map to the picture itself.
 */

#include "tour.h"

const struct tour_step tour_script[] = {
    {
        .title = "Sixteen frames",
        .opening = "machine tiny",
        .text = "First a machine of 16 frames of 4096 bytes. Frame 0 is at 4 MiB, because firmware "
                "and kernel lie below. Above the frames stands the tree of buddies: boxes of 2, 4, "
                "8 and 16 frames, each aligned to its own size. A frame is a buddy of "
                "1 frame. Two blocks are taken now, of 2 frames and of 3.",
        .seen = "A box counts its free frames: at the head, in the longest run, at the tail.",
        .commands = {"alloc 2f as a", "alloc 3f as b"},
        .ending = "machine real",
        .slowness = 3,
    },
    {
        .title = "Small: a split",
        .opening = "machine tiny",
        .text = "3 frames are wanted, and the only free buddy has 16. It is halved, then one of "
                "its halves, and so on, until 3 frames are cut off: a buddy of 2 frames, and one "
                "of 1. The other halves stay free. Then 3 bits change, one for each frame, and the "
                "boxes above count anew.",
        .commands = {"alloc 3f as c"},
        .ending = "machine real",
        .slowness = 24,
    },
    {
        .title = "Small: a merge",
        .opening = "machine tiny;alloc 3f as c",
        .text =
            "The block is freed: 3 bits change. Each box has two halves. If both are free, they "
            "merge: the whole box is one free buddy now. The same is tried one level higher. It "
            "ends where the other half is not free, or at the top: here, all are one buddy again.",
        .commands = {"free 1"},
        .ending = "machine real",
        .slowness = 24,
    },
    {
        .title = "Small: across the middle",
        .opening = "machine tiny;alloc 8f as e;alloc 2f as d;alloc 2f as c;alloc 2f as b;"
                   "alloc 2f as a;free c;free b",
        .text =
            "Frames 2 to 5 are free: two buddies, but not the halves of one. Frames 0 to 3 have 2 "
            "free frames at their tail, frames 4 to 7 have 2 at their head. So the longest run "
            "of frames 0 to 7 is the largest of three: 2 (lower half), 2 (upper half), and 2+2 "
            "across the middle. Then 4 frames fit.",
        .commands = {"at 0f 2", "at 4f 2", "at 0f 3", "alloc 4f as f"},
        .ending = "machine real",
        .slowness = 8,
        .patience = 5,
    },
    {
        .title = "Small: exact sizes",
        .opening = "machine tiny;textbook on",
        .text = "A block has as many frames as were asked for. Below the frames, a textbook's "
                "allocator gets the same requests. It fills memory from the left, Ashlar from the "
                "right. It rounds 3 up to 4, and 5 up to 8: what it adds is lost. So it has no "
                "room for the last request.",
        .commands = {"alloc 3f as a", "alloc 5f as b", "alloc 3f as c", "alloc 3f as d"},
        .ending = "machine real",
        .slowness = 4,
    },
    {
        .title = "Small: a limit",
        .opening = "machine tiny;alloc 2f below 2f as a;alloc 3f below 8f as b;"
                   "alloc 2f above 12f below 14f as d",
        .text = "A device may reach only some addresses. So a request can name a limit: 4 frames "
                "below frame 12, as the bracket shows. A box is searched only if its longest free "
                "run is long enough. What lies outside of the bracket is not even looked at.",
        .commands = {"alloc 4f below 12f as c"},
        .ending = "machine real",
        .slowness = 20,
    },
    {
        .title = "Small: align and within",
        .opening = "machine tiny;alloc 1f as a",
        .text =
            "A device may want a block that begins at a multiple: with align 4f, 3 frames begin at "
            "frame 12 (frame 15 is in use). Another wants no multiple inside its block. The "
            "highest 3 free frames are 7 to 9, with the multiple 8 inside: so within 4f takes "
            "frames 5 to 7.",
        .commands = {"alloc 3f align 4f as b", "alloc 2f as c", "alloc 3f within 4f as d"},
        .ending = "machine real",
        .slowness = 8,
        .patience = 2,
    },
    {
        .title = "Small: fragmentation",
        .opening = "machine tiny;alloc 4f as a;alloc 4f as b;alloc 4f as c;alloc 4f as d",
        .text = "Four blocks fill the machine. Then two of them go: 8 frames are free, but the "
                "longest free run has 4. So a request for 8 is refused, although as many are free: "
                "they are not side by side. This is fragmentation.",
        .commands = {"free 1", "free 3", "alloc 8f as e"},
        .ending = "machine real",
        .slowness = 8,
    },
    {
        .title = "The firmware's map",
        .text =
            "Now this machine, in several panels. At power-on only the firmware knows what memory "
            "there is. The boot loader asked it (E820) and passed the answer on: ranges of "
            "addresses, each usable or not. Entries may come in any order, overlap, or be wrong; "
            "the kernel made this list of them.",
        .seen = "Look only at the strip in the bright frame: it draws this list.",
        .commands = {"map"},
        .panel = VIEW_PANEL_STRIP,
    },
    {
        .title = "What was reserved",
        .text =
            "Before there is an allocator, some memory is taken: owner low has the first 64 KiB, "
            "bios what the firmware keeps, kernel this program, tables the page tables and the "
            "allocator's. Later, console keeps lines and past what back shows; videoport and a "
            "driver (such as bochs) serve the picture.",
        .seen = "In the panel RAM, what was reserved is hatched.",
        .commands = {"at 0x500", "at 0xB8000", "at 1M"},
    },
    {
        .title = "Orders",
        .text = "The rest is free. A buddy of order n is 2^n frames of 4 KiB that begin at a "
                "multiple of their own size; each free run falls into the largest ones that fit. A "
                "few counts describe all of free memory.",
        .seen = "Each order has a row, which shows where its buddies lie.",
        .commands = {"buddy"},
        .panel = VIEW_PANEL_TREE,
    },
    {
        .title = "A split",
        .text =
            "A block need not find a free buddy of its own size. A larger one is split into two "
            "halves, one of them again, until the block is left; the other halves stay free, "
            "one order lower each.",
        .seen = "The line below the map tells each split as it happens.",
        .commands = {"alloc {one} as tour"},
        .slowness = 12,
    },
    {
        .title = "A merge",
        .text =
            "When the block is freed, its free neighbours make one run with it. In the tree it has "
            "a buddy, whose address differs in one bit. If that is free too, the two are one buddy "
            "of the next order, which has a buddy itself. So a split leaves no trace.",
        .commands = {"alloc {one} as tour", "free {1}"},
        .slowness = 8,
    },
    {
        .title = "Below a limit",
        .text = "Address lines limit what a device reaches: an ISA card has 24 of them, for 16M. "
                "The request names its limit, and the search never leaves the window below "
                "it.{standin}",
        .seen = "The window is bright; what the search looked at is outlined.",
        .commands = {"alloc {low} below {limit} as sound"},
    },
    {
        .title = "Alignment",
        .text =
            "Some devices take only the upper bits of an address and take the others to be zero. "
            "With align, a block begins at a multiple of a power of two, whatever its size; "
            "between it and its neighbour, memory stays free.",
        .seen = "Notches mark the multiples, where they are far enough apart.",
        .commands = {"alloc {one} align {four} as rings"},
    },
    {
        .title = "A boundary",
        .text =
            "The PC's DMA controller counts 16 bits of an address; the others are in a register "
            "that takes no carry. So a buffer may not cross a multiple of 64K. With within, no "
            "multiple of that power of two lies inside the block.",
        .commands = {"alloc {three} within {four} as floppy"},
    },
    {
        .title = "Refusals",
        .text = "Running out is an answer. It is one line that names the value and what would have "
                "fitted, and nothing has changed. The first request can never be met, the second "
                "not now: it is a frame longer than the longest free run.",
        .commands = {"alloc {three} below {one}", "alloc {beyond}"},
    },
    {
        .title = "Exact sizes",
        .text =
            "Asked for {three}, a textbook buddy hands out {four}. Here a block takes the frames "
            "that its bytes need; what is left is free at once, in the tree, set aside for the "
            "next block, or, if it is short, in a list by its length. The frame beside the block "
            "says which.",
        .commands = {"alloc {three} as tour", "at {beside}"},
    },
    {
        .title = "Fragmentation",
        .text = "Four blocks side by side, then two of them go. Now more memory is free than the "
                "last request wants, and it is refused: no run is as long. Contiguous memory runs "
                "out first.",
        .seen = "History (from 800x600 on) shows it: its two lines go apart.",
        .commands = {"alloc {fifth} as odd;alloc {fifth} as even",
                     "alloc {fifth} as odd;alloc {fifth} as even", "free {1};free {3}", "buddy",
                     "alloc {ask} as late"},
    },
    {
        .title = "Owners",
        .text = "Every block has an owner, named when it is taken, so a leak shows its owner. The "
                "system's own names cannot be used here, and its blocks cannot be freed here.",
        .seen = "Owners keep their colours, and the legend ranks them.",
        .commands = {"alloc {three} as camera;alloc {one} as network", "alloc 4K as kernel",
                     "blocks"},
        .panel = VIEW_PANEL_OWNERS,
    },
    {
        .title = "Guard pages",
        .text =
            "A block has one mapping, between two pages that are not mapped. A byte written too "
            "far does no harm to a neighbour: it is a page fault, which names block and offset. "
            "So is an access after the free.",
        .commands = {"inject overrun", "inject use-after-free"},
    },
    {
        .title = "Freed twice",
        .text = "The allocator keeps nothing in the memory that it hands out. If a block is freed "
                "twice, or at an address inside it, the free is refused, and the reason says which "
                "it was.",
        .commands = {"inject double-free", "inject bad-free"},
    },
    {
        .title = "The picture is a block",
        .text = "This picture is drawn in memory of the same allocator. The display driver asked "
                "for width times height times four bytes, contiguous, and got block {buffer}; from "
                "there, what changed is copied to the screen.",
        .commands = {"at {picture}"},
        .need = TOUR_NEEDS_BACK_BUFFER,
        .otherwise = "Skipped: no picture is drawn in memory here. In a graphics mode with a back "
                     "buffer, that buffer is a block of this allocator, contiguous, width times "
                     "height times four bytes.",
    },
    {
        .title = "Another mode",
        .text =
            "Another mode wants a picture of another size. The driver frees the old back buffer "
            "and asks for a new one, elsewhere perhaps: what you look at moves. Then it goes "
            "back to {mode}.",
        .commands = {"mode {other}", "at {picture}"},
        .ending = "mode {mode}",
        .need = TOUR_NEEDS_OTHER_MODE,
        .otherwise = "Skipped: here is no second graphics mode with a back buffer. Where there is "
                     "one, the driver frees the old buffer and asks for one of the new size.",
    },
    {
        .title = "Memory that is not here",
        .text = "Since nothing is written into free memory, it need not be there to be managed. A "
                "ThinkPad of 1999 is opened by its firmware's map; blocks of its 192 MiB are "
                "handed out as if it stood here. Even a server with terabytes can be: machine "
                "lists what there is.",
        .seen = "The title says what you look at.",
        .commands = {"machine thinkpad", "alloc 3M below 16M align 64K as sound"},
        .ending = "machine real",
    },
    {
        .title = "Where to go on",
        .text = "All is as it was, and check has recomputed every invariant. Now let quiz "
                "ask you, or try step on and an alloc, explain, stress, or Page Up on the picture; "
                "help "
                "lists the rest. docs/allocator.md explains how it works; in docs/labs you write "
                "it yourself.",
        .commands = {"check"},
    },
};

const size_t tour_script_length = sizeof tour_script / sizeof *tour_script;
