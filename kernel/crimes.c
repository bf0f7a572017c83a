/* Each crime uses a block of its own, so that nothing else comes to harm. */

#include "crimes.h"

#include "console.h"
#include "drivers/timer.h"
#include "drivers/videoport/include/wdm.h"
#include "fault.h"
#include "memory.h"
#include "memtest_patterns.h"
#include "panic.h"
#include "string.h"
#include "trap.h"
#include "v86.h"

#define OWNER "criminal"
#define BLOCK_BYTES (2 * FRAME_BYTES)

extern unsigned char text_start[];

/* A block for the crime, or a line that says that there is none. */
static bool take_block(struct mm_block *block, unsigned char **address)
{
    struct mm_request request = {.size_bytes = BLOCK_BYTES, .limit = 4 * GIB, .owner = OWNER};
    void *virtual_address;
    enum mm_status status = pool_alloc(memory_pool(), &request, MM_CACHED, block, &virtual_address);
    if (status != MM_OK)
        console_error("no block to commit the crime with: %s", mm_status_text(status));
    *address = virtual_address;
    return status == MM_OK;
}

/* ---- wrong frees ---------------------------------------------------------------------------- */

static void report_free(const char *crime, phys_t base, enum mm_status status)
{
    if (status == MM_OK)
        console_error("%s of 0x%llx went unnoticed", crime, (unsigned long long)base);
    else
        console_print("inject crime=%s physical=0x%llx refused: %s\n", crime,
                      (unsigned long long)base, mm_status_text(status));
}

static void commit_double_free(void)
{
    struct mm_block block;
    unsigned char *address;
    if (!take_block(&block, &address))
        return;
    pool_free(memory_pool(), address);
    report_free("double-free", block.base, mm_free(memory_manager(), block.base));
}

static void commit_bad_free(void)
{
    struct mm_block block;
    unsigned char *address;
    if (!take_block(&block, &address))
        return;
    report_free("bad-free", block.base + FRAME_BYTES,
                mm_free(memory_manager(), block.base + FRAME_BYTES));
    phys_t foreign = (phys_t)(uintptr_t)text_start;
    report_free("bad-free", foreign, mm_free(memory_manager(), foreign));
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

static void try_to_touch(const char *crime, void (*access)(void *), void *address)
{
    char text[FAULT_TEXT_MAX];
    uintptr_t where;
    if (touch(access, address, &where))
        console_print("inject crime=%s address=0x%lx caught: page fault, %s\n", crime,
                      (unsigned long)where, fault_describe_address(text, where));
    else
        console_error("%s at %p went unnoticed", crime, address);
}

static void commit_overrun(void)
{
    struct mm_block block;
    unsigned char *address;
    if (!take_block(&block, &address))
        return;
    try_to_touch("overrun", write_byte, address + BLOCK_BYTES);
    pool_free(memory_pool(), address);
}

static void commit_underrun(void)
{
    struct mm_block block;
    unsigned char *address;
    if (!take_block(&block, &address))
        return;
    try_to_touch("underrun", write_byte, address - 1);
    pool_free(memory_pool(), address);
}

static void commit_use_after_free(void)
{
    struct mm_block block;
    unsigned char *address;
    if (!take_block(&block, &address))
        return;
    pool_free(memory_pool(), address);
    try_to_touch("use-after-free", read_byte, address);
}

static void commit_null(void)
{
    try_to_touch("null", read_byte, (void *)0);
}

static void commit_write_code(void)
{
    uintptr_t where;
    if (touch(write_byte, text_start, &where))
        console_print("inject crime=write-code address=0x%lx caught: page fault, the kernel's text "
                      "is read-only\n",
                      (unsigned long)where);
    else
        console_error("a write to the kernel's text at %p went unnoticed", (void *)text_start);
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
        console_write(
            "inject crime=interrupt-alloc caught: inside an interrupt there is no memory to "
            "be had, MmAllocateContiguousMemory returned NULL\n");
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

static void commit_bad_frame(void)
{
    struct mm_block block;
    unsigned char *address;
    if (!take_block(&block, &address))
        return;
    struct memtest_window window = {.words = (volatile uint32_t *)(void *)address,
                                    .word_count = BLOCK_BYTES / sizeof(uint32_t),
                                    .first_word = block.base / sizeof(uint32_t),
                                    .seed = 1,
                                    .settle = drop_bit,
                                    .found = note_fault};
    struct bad_bit bad = {.word = window.words + window.word_count / 2 + 5};
    window.context = &bad;
    memtest_write_and_verify(&window);
    if (bad.is_found)
        console_print("inject crime=bad-frame physical=0x%llx caught: memtest expected 0x%08x and "
                      "found 0x%08x\n",
                      (unsigned long long)(block.base + bad.first.word * sizeof(uint32_t)),
                      bad.first.expected, bad.first.found);
    else
        console_error("bad-frame at 0x%llx went unnoticed",
                      (unsigned long long)(block.base + BLOCK_BYTES / 2));
    pool_free(memory_pool(), address);
}

/* ---- in 16-bit code ------------------------------------------------------------------------- */

static void run_as_bios(const char *crime, const uint8_t *code, size_t size_bytes)
{
    struct v86_registers registers = {0};
    const char *why = v86_run_code(code, size_bytes, &registers);
    if (why)
        console_print("inject crime=%s caught: %s\n", crime, why);
    else
        console_error("%s went unnoticed", crime);
}

static void commit_bios_fault(void)
{
    static const uint8_t code[] = {0xB8, 0x34, 0x12, /* mov ax, 1234h */
                                   0x0F, 0x0B, /* ud2 */
                                   0xCF}; /* iret */
    run_as_bios("bios-fault", code, sizeof code);
}

static void commit_bios_wild(void)
{
    static const uint8_t code[] = {0xB8, 0x00, 0x40, /* mov ax, 4000h */
                                   0x8E, 0xD8, /* mov ds, ax */
                                   0xA3, 0x00, 0x00, /* mov [0], ax: 256 KiB, not the BIOS's */
                                   0xCF}; /* iret */
    run_as_bios("bios-wild", code, sizeof code);
}

static void commit_bios_loop(void)
{
    static const uint8_t code[] = {0xFA, /* cli */
                                   0xEB, 0xFE}; /* jmp $ */
    run_as_bios("bios-loop", code, sizeof code);
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

static const struct {
    const char *name;
    const char *summary;
    void (*commit)(void);
} crimes[] = {
    {"double-free", "frees a block twice", commit_double_free},
    {"bad-free", "frees an address inside a block, and one of the kernel's", commit_bad_free},
    {"overrun", "writes behind a block's last byte", commit_overrun},
    {"underrun", "writes before a block's first byte", commit_underrun},
    {"use-after-free", "reads a block that was freed", commit_use_after_free},
    {"interrupt-alloc", "allocates inside an interrupt", commit_interrupt_alloc},
    {"null", "reads address 0", commit_null},
    {"write-code", "writes into the kernel's own code", commit_write_code},
    {"bad-frame", "forgets a bit of a frame while memtest's patterns run over it",
     commit_bad_frame},
    {"bios-fault", "runs an invalid instruction in 16-bit code, as the BIOS", commit_bios_fault},
    {"bios-wild", "writes to memory that is not the BIOS's, as the BIOS", commit_bios_wild},
    {"bios-loop", "never returns from the BIOS", commit_bios_loop},
    {"stack", "calls itself until the stack is full: the system stops", commit_stack},
    {"panic", "reads address 0 unprepared: the system stops with its report", commit_panic},
};

void crimes_list(void)
{
    for (size_t i = 0; i < sizeof crimes / sizeof *crimes; i++)
        console_print("crime name=%-15s %s\n", crimes[i].name, crimes[i].summary);
}

bool crimes_commit(const char *name)
{
    for (size_t i = 0; i < sizeof crimes / sizeof *crimes; i++) {
        if (strcmp(crimes[i].name, name) == 0) {
            crimes[i].commit();
            return true;
        }
    }
    return false;
}
