/* Each crime uses a block of its own, so that nothing else comes to harm. */

#include "crimes.h"

#include "crime_scene.h"
#include "crimes_map.h"
#include "crimes_scarcity.h"
#include "drivers/pc/timer.h"
#include "drivers/videoport/include/wdm.h"
#include "kernel/bios/v86.h"
#include "kernel/check/memtest_patterns.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/panic.h"
#include "kernel/pc/trap.h"
#include "kernel/video/fault.h"
#include "story.h"

#define PICTURE_TICKS (4 * TIMER_TICKS_PER_SECOND) /* with others to come */

extern unsigned char text_start[];

/* ---- wrong frees ---------------------------------------------------------------------------- */

/* True if it was refused. */
static bool report_free(const char *crime, phys_t base, enum mm_status status)
{
    if (status == MM_OK)
        console_error("%s of 0x%llx went unnoticed", crime, (unsigned long long)base);
    else
        console_print("inject crime=%s physical=0x%llx refused: %s\n", crime,
                      (unsigned long long)base, mm_status_text(status));
    return status != MM_OK;
}

static void commit_double_free(void)
{
    struct mm_block block;
    unsigned char *address;
    if (!crime_take_mapped(crime_block_bytes(), &block, &address))
        return;
    phys_t end = block.base + block.size_bytes;
    pool_free(memory_pool(), address);
    crime_mark(block.base, end, VIEW_MARK_CRIME);
    if (report_free("double-free", block.base, mm_free(memory_manager(), block.base)))
        crime_show("double-free", block.base, end,
                   "This block was already free when it was freed again. The second free is "
                   "refused and changes nothing. A simple list of free blocks would now hold it "
                   "twice, and give it to two owners.");
}

static void commit_bad_free(void)
{
    struct mm_block block;
    unsigned char *address;
    if (!crime_take_mapped(crime_block_bytes(), &block, &address))
        return;
    phys_t end = block.base + block.size_bytes;
    phys_t inside = block.base + block.size_bytes / 2;
    bool is_caught = report_free("bad-free", inside, mm_free(memory_manager(), inside));
    phys_t kernel = (phys_t)(uintptr_t)text_start;
    is_caught &= report_free("bad-free", kernel, mm_free(memory_manager(), kernel));
    crime_mark(block.base, end, VIEW_MARK_PLACE);
    crime_mark(inside, inside + 1, VIEW_MARK_CRIME);
    if (is_caught)
        crime_show(
            "bad-free", inside, inside + 1,
            "A free in the middle of a block, and one of the kernel's own code. A block is freed "
            "only by its first byte, so both are refused, and the block is still whole.");
    pool_free(memory_pool(), address);
}

/* The video port frees a block for whom it gave it to, and nobody else. */
static void commit_foreign_free(void)
{
    struct mm_block block;
    struct mm_block found;
    unsigned char *address;
    if (!crime_take_mapped(crime_block_bytes(), &block, &address))
        return;
    phys_t end = block.base + block.size_bytes;
    MmFreeContiguousMemory(address);
    if (!mm_find_base(memory_manager(), block.base, &found) || found.id != block.id) {
        console_error("foreign-free of 0x%llx went unnoticed", (unsigned long long)block.base);
        return;
    }
    console_print("inject crime=foreign-free physical=0x%llx refused: the block is held by %s, and "
                  "no driver was given it\n",
                  (unsigned long long)block.base, found.owner);
    crime_mark(block.base, end, VIEW_MARK_CRIME);
    crime_show("foreign-free", block.base, end,
               "A driver frees this block, which is not its own. The video port looks into its "
               "records first: it never gave that address to a driver, so it refuses.");
    pool_free(memory_pool(), address);
}

/* ---- touching what is not one's own --------------------------------------------------------- */

static void write_byte(void *address)
{
    *(volatile unsigned char *)address = 0x5A;
}

static void read_byte(void *address)
{
    (void)*(volatile unsigned char *)address; /* NOLINT: address 0 is one of the crimes */
}

static bool is_page_fault(const struct trap_fault *fault)
{
    return fault->vector == TRAP_PAGE_FAULT;
}

/* True, and where, if the access faults. */
static bool touch(void (*access)(void *), void *address, uintptr_t *where)
{
    struct trap_fault fault = {0};
    bool returned = trap_guard(access, address, is_page_fault, &fault);
    *where = fault.address;
    return !returned;
}

static bool try_to_touch(const char *crime, void (*access)(void *), void *address)
{
    char text[FAULT_TEXT_MAX];
    uintptr_t where;
    bool is_caught = touch(access, address, &where);
    if (is_caught)
        console_print("inject crime=%s address=0x%lx caught: page fault, %s\n", crime,
                      (unsigned long)where, fault_describe_address(text, where));
    else
        console_error("%s at %p went unnoticed", crime, address);
    return is_caught;
}

/* Just outside of a block, at its end or before it; the frame beside that place is marked. */
static void commit_beside(const char *crime, bool behind, const char *explanation)
{
    struct mm_block block;
    unsigned char *address;
    if (!crime_take_mapped(crime_block_bytes(), &block, &address))
        return;
    phys_t end = block.base + block.size_bytes;
    phys_t edge = behind ? end - 1 : block.base;
    crime_mark(block.base, end, VIEW_MARK_PLACE);
    crime_mark(edge, edge + 1, VIEW_MARK_CRIME);
    if (try_to_touch(crime, write_byte, behind ? address + block.size_bytes : address - 1))
        crime_show(crime, edge, edge + 1, explanation);
    pool_free(memory_pool(), address);
}

static void commit_overrun(void)
{
    commit_beside("overrun", true,
                  "Behind the block's last byte is a page at which nothing is mapped. The first "
                  "byte too far is a page fault, at the very instruction that "
                  "wrote it.");
}

static void commit_underrun(void)
{
    commit_beside("underrun", false,
                  "Before the block's first byte is such a guard page, too. A byte too low is a "
                  "page fault, and the owner of the frames below is unharmed.");
}

static void commit_use_after_free(void)
{
    struct mm_block block;
    unsigned char *address;
    if (!crime_take_mapped(crime_block_bytes(), &block, &address))
        return;
    phys_t end = block.base + block.size_bytes;
    pool_free(memory_pool(), address);
    crime_mark(block.base, end, VIEW_MARK_CRIME);
    if (try_to_touch("use-after-free", read_byte, address) &&
        try_to_touch("use-after-free", write_byte, address))
        crime_show(
            "use-after-free", block.base, end,
            "When this block was freed, its addresses went with it. Reading and writing "
            "through the old pointer are page faults, before the frames have another owner.");
}

static void commit_null(void)
{
    crime_mark(0, FRAME_BYTES, VIEW_MARK_CRIME);
    if (try_to_touch("null", read_byte, (void *)0))
        crime_show(
            "null", 0, FRAME_BYTES,
            "Frame 0 is there, and holds the BIOS's interrupt vectors, but no page is mapped at "
            "address 0. A pointer that was never set is a page fault.");
}

static void commit_write_code(void)
{
    phys_t base = (phys_t)(uintptr_t)text_start;
    uintptr_t where;
    if (!touch(write_byte, text_start, &where)) {
        console_error("a write to the kernel's text at %p went unnoticed", (void *)text_start);
        return;
    }
    console_print("inject crime=write-code address=0x%lx caught: page fault, the kernel's text "
                  "is read-only\n",
                  (unsigned long)where);
    crime_mark(base, base + FRAME_BYTES, VIEW_MARK_CRIME);
    crime_show(
        "write-code", base, base + FRAME_BYTES,
        "The kernel's code lies here, in pages that may be read and run, not written. A stray "
        "pointer is a page fault, and the code stays what it was.");
}

/* ---- at the wrong time ---------------------------------------------------------------------- */

static volatile bool interrupt_tried;
static void *volatile interrupt_got;

static void allocate_in_interrupt(void)
{
    timer_interrupt();
    if (interrupt_tried)
        return;
    PHYSICAL_ADDRESS highest;
    highest.QuadPart = 0xFFFFFFFFu;
    interrupt_got = MmAllocateContiguousMemory(4096, highest);
    interrupt_tried = true;
}

/* The picture shows where the handler is: memory it has none. */
static void tell_interrupt_alloc(void)
{
    phys_t handler = (phys_t)(uintptr_t)allocate_in_interrupt;
    console_write("inject crime=interrupt-alloc caught: inside an interrupt there is no memory to "
                  "be had, MmAllocateContiguousMemory returned NULL\n");
    crime_mark(handler, handler + 1, VIEW_MARK_CRIME);
    crime_show(
        "interrupt-alloc", handler, handler + 1,
        "The timer's handler, whose code lies here, asked for memory. It may have interrupted "
        "another allocation, with tables half changed: it gets NULL, and nothing is touched.");
}

static void commit_interrupt_alloc(void)
{
    if (!timer_ticks_come()) {
        console_error("no interrupt to commit the crime in: the timer sends none");
        return;
    }
    interrupt_tried = false;
    trap_set_interrupt(TIMER_LINE, allocate_in_interrupt);
    while (!interrupt_tried)
        cpu_wait_for_interrupt();
    trap_set_interrupt(TIMER_LINE, timer_interrupt);
    if (interrupt_got) {
        MmFreeContiguousMemory(interrupt_got);
        console_error("an allocation inside an interrupt went unnoticed");
    } else {
        tell_interrupt_alloc();
    }
}

/* ---- in the memory itself -------------------------------------------------------------------- */

/* A bit that falls to 0 between any two sweeps of the test, as one that keeps nothing would. */
struct bad_bit {
    volatile uint32_t *word;
    struct memtest_fault first;
    bool is_found;
};

#define BAD_BIT (1u << 21)
#define BAD_BLOCK_BYTES (2 * FRAME_BYTES)

static bool drop_bit(void *context)
{
    struct bad_bit *bad = context;
    *bad->word &= ~BAD_BIT;
    return true;
}

static void note_fault(void *context, const struct memtest_fault *fault)
{
    struct bad_bit *bad = context;
    if (!bad->is_found)
        bad->first = *fault;
    bad->is_found = true;
}

static void tell_bad_frame(const struct mm_block *block, const struct memtest_fault *fault)
{
    phys_t base = block->base + fault->word * sizeof(uint32_t);
    console_print("inject crime=bad-frame physical=0x%llx caught: memtest expected 0x%08x and "
                  "found 0x%08x\n",
                  (unsigned long long)base, fault->expected, fault->found);
    crime_mark(base, base + 1, VIEW_MARK_CRIME);
    crime_show("bad-frame", base, base + 1,
               "A bit in this frame did not keep what was written, as if it were broken. Only "
               "patterns find that, written and read back: the command memtest takes such a frame "
               "out of use.");
}

static void commit_bad_frame(void)
{
    struct mm_block block;
    unsigned char *address;
    if (!crime_take_mapped(BAD_BLOCK_BYTES, &block, &address))
        return;
    struct memtest_window window = {.words = (volatile uint32_t *)(void *)address,
                                    .word_count = BAD_BLOCK_BYTES / sizeof(uint32_t),
                                    .first_word = block.base / sizeof(uint32_t),
                                    .seed = 1,
                                    .settle = drop_bit,
                                    .found = note_fault};
    struct bad_bit bad = {.word = window.words + window.word_count / 2 + 5};
    window.context = &bad;
    memtest_write_and_verify(&window);
    if (bad.is_found)
        tell_bad_frame(&block, &bad.first);
    else
        console_error("bad-frame at 0x%llx went unnoticed",
                      (unsigned long long)(block.base + BAD_BLOCK_BYTES / 2));
    pool_free(memory_pool(), address);
}

/* ---- in 16-bit code ------------------------------------------------------------------------- */

/* What the adapter's BIOS is read from, and runs in. */
#define BIOS_BASE 0xC0000u
#define BIOS_END 0xC8000u
#define WILD_FRAME 0x40000u

static void run_as_bios(const char *crime, const uint8_t *code, size_t size_bytes, phys_t base,
                        phys_t end, const char *explanation)
{
    struct bios_registers registers = {0};
    const char *why = v86_run_code(code, size_bytes, &registers);
    if (!why) {
        console_error("%s went unnoticed", crime);
        return;
    }
    console_print("inject crime=%s caught: %s\n", crime, why);
    crime_mark(base, end, VIEW_MARK_CRIME);
    crime_show(crime, base, end, explanation);
}

static void commit_bios_fault(void)
{
    static const uint8_t code[] = {0xB8, 0x34, 0x12, /* mov ax, 1234h */
                                   0x0F, 0x0B, /* ud2 */
                                   0xCF}; /* iret */
    run_as_bios(
        "bios-fault", code, sizeof code, BIOS_BASE, BIOS_END,
        "The adapter's BIOS runs in virtual-8086 mode, as a guest. An instruction that does "
        "not exist ends its call, and the kernel goes on.");
}

static void commit_bios_wild(void)
{
    static const uint8_t code[] = {0xB8, 0x00, 0x40, /* mov ax, 4000h */
                                   0x8E, 0xD8, /* mov ds, ax */
                                   0xA3, 0x00, 0x00, /* mov [0], ax: 256 KiB, not the BIOS's */
                                   0xCF}; /* iret */
    run_as_bios(
        "bios-wild", code, sizeof code, WILD_FRAME, WILD_FRAME + FRAME_BYTES,
        "16-bit code, run as the adapter's BIOS, writes here, outside of its own memory. Only "
        "the BIOS's own parts of the first MiB are mapped for it: a page fault ends the call.");
}

static void commit_bios_loop(void)
{
    static const uint8_t code[] = {0xFA, /* cli */
                                   0xEB, 0xFE}; /* jmp $ */
    run_as_bios("bios-loop", code, sizeof code, BIOS_BASE, BIOS_END,
                "The BIOS's code switched interrupts off and never returned. Only its own flag was "
                "off: the timer went on, and after 5 seconds the call was given up.");
}

static void commit_panic(void)
{
    read_byte((void *)0);
}

/* Each call keeps something for after the next, so that none replaces its caller on the stack. */
static uint32_t dig(volatile uint32_t depth) /* NOLINT(misc-no-recursion): on purpose */
{
    return depth == UINT32_MAX ? 0 : depth + dig(depth + 1);
}

static void commit_stack(void)
{
    console_print("inject crime=stack went unnoticed at depth %u\n", dig(0));
}

enum ending { LIVES, STOPS }; /* the system, with the crime */

static const struct {
    const char *name;
    const char *summary;
    void (*commit)(void);
    enum ending ending;
} crimes[] = {
    {"double-free", "frees a block twice", commit_double_free, LIVES},
    {"bad-free", "frees an address inside a block, and one of the kernel's", commit_bad_free,
     LIVES},
    {"foreign-free", "frees a block of another owner", commit_foreign_free, LIVES},
    {"overrun", "writes behind a block's last byte", commit_overrun, LIVES},
    {"underrun", "writes before a block's first byte", commit_underrun, LIVES},
    {"use-after-free", "reads and writes a block that was freed", commit_use_after_free, LIVES},
    {"interrupt-alloc", "allocates inside an interrupt", commit_interrupt_alloc, LIVES},
    {"lying-map", "reads a firmware map that contradicts itself", crimes_commit_lying_map, LIVES},
    {"exhaustion", "takes all memory but 64K, and asks for 128K", crimes_commit_exhaustion, LIVES},
    {"fragmentation", "frees every other piece of a range, and asks for a run of several",
     crimes_commit_fragmentation, LIVES},
    {"null", "reads address 0", commit_null, LIVES},
    {"write-code", "writes into the kernel's own code", commit_write_code, LIVES},
    {"bad-frame", "forgets a bit of a frame while memtest's patterns run over it", commit_bad_frame,
     LIVES},
    {"bios-fault", "runs an invalid instruction in 16-bit code, as the BIOS", commit_bios_fault,
     LIVES},
    {"bios-wild", "writes to memory that is not the BIOS's, as the BIOS", commit_bios_wild, LIVES},
    {"bios-loop", "never returns from the BIOS", commit_bios_loop, LIVES},
    {"stack", "calls itself until the stack is full: the system stops", commit_stack, STOPS},
    {"panic", "reads address 0 unprepared: the system stops with its report", commit_panic, STOPS},
};

#define CRIME_COUNT (sizeof crimes / sizeof *crimes)

void crimes_list(void)
{
    for (size_t i = 0; i < CRIME_COUNT; i++)
        console_print("crime name=%-15s %s\n", crimes[i].name, crimes[i].summary);
}

static void commit(size_t index)
{
    crime_begin();
    crimes[index].commit();
}

/* The last one's picture stays, as that of a single crime does. */
static void commit_all(void)
{
    bool goes_on = true;
    for (size_t i = 0; i < CRIME_COUNT && goes_on; i++) {
        if (crimes[i].ending == STOPS)
            continue;
        commit(i);
        goes_on = story_look(PICTURE_TICKS);
    }
}

bool crimes_commit(const char *name)
{
    if (strcmp(name, "all") == 0) {
        commit_all();
        return true;
    }
    for (size_t i = 0; i < CRIME_COUNT; i++) {
        if (strcmp(crimes[i].name, name) == 0) {
            commit(i);
            return true;
        }
    }
    return false;
}
