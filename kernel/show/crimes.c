/*
 * Lists the crimes that can be committed on purpose, and commits those of drivers. Each crime uses
 * a block of its own, so that nothing else comes to harm.
 */

#include "crimes.h"

#include "drivers/pc/timer.h"
#include "drivers/videoport/include/wdm.h"
#include "kernel/bios/v86.h"
#include "kernel/check/memtest.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/panic.h"
#include "kernel/pc/trap.h"
#include "kernel/video/drivers.h"
#include "story.h"

#define PICTURE_TICKS (4 * TIMER_TICKS_PER_SECOND) /* with others to come */

extern unsigned char text_start[];

/*
 * ---- wrong frees ----------------------------------------------------------------------------
 *
 * Each of these functions commits a crime, and returns true if it was caught. It has written a line
 * about it, and put into scene->shown where it was, if that is not the whole block.
 */

/* True if the free was refused. */
static bool is_refused(const struct crime_scene *scene, phys_t base)
{
    enum mm_status status = mm_free(memory_manager(), base);
    if (status == MM_OK)
        console_error("%s of 0x%llx went unnoticed", scene->crime, (number_t)base);
    else
        console_print("inject crime=%s physical=0x%llx refused: %s\n", scene->crime, (number_t)base,
                      mm_status_text(status));
    return status != MM_OK;
}

static bool commit_double_free(struct crime_scene *scene)
{
    pool_free(memory_pool(), scene->address);
    return is_refused(scene, scene->block.base);
}

static bool commit_bad_free(struct crime_scene *scene)
{
    phys_t inside = scene->block.base + scene->block.size_bytes / 2;
    crime_mark(scene->shown.base, scene->shown.end, VIEW_MARK_PLACE);
    scene->shown = (struct phys_range){inside, inside + 1};
    bool is_caught = is_refused(scene, inside);
    return is_refused(scene, (phys_t)(uintptr_t)text_start) && is_caught;
}

/* The video port frees a block for whom it gave it to, and nobody else. */
static bool commit_foreign_free(struct crime_scene *scene)
{
    struct mm_block found;
    phys_t base = scene->block.base;
    MmFreeContiguousMemory(scene->address);
    if (!mm_find_base(memory_manager(), base, &found) || found.id != scene->block.id) {
        console_error("foreign-free of 0x%llx went unnoticed", (number_t)base);
        return false;
    }
    console_print("inject crime=foreign-free physical=0x%llx refused: the block is held by %s, and "
                  "no driver was given it\n",
                  (number_t)base, found.owner);
    return true;
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

/* True if the access faults; of the address, `what` is said then, or if NULL, what is known. */
static bool faults(const struct crime_scene *scene, void (*access)(void *), void *address,
                   const char *what)
{
    char text[FAULT_TEXT_MAX];
    struct trap_fault fault = {0};
    if (trap_guard(access, address, trap_is_page_fault, &fault)) {
        console_error("%s at %p went unnoticed", scene->crime, address);
        return false;
    }
    console_print("inject crime=%s address=0x%lx caught: page fault, %s\n", scene->crime,
                  (unsigned long)fault.address,
                  what ? what : fault_describe_address(text, fault.address));
    return true;
}

/* Just outside of a block; `edge` is the byte of it beside that place. */
static bool faults_beside(struct crime_scene *scene, unsigned char *address, phys_t edge)
{
    crime_mark(scene->shown.base, scene->shown.end, VIEW_MARK_PLACE);
    scene->shown = (struct phys_range){edge, edge + 1};
    return faults(scene, write_byte, address, NULL);
}

static bool commit_overrun(struct crime_scene *scene)
{
    uint64_t size_bytes = scene->block.size_bytes;
    return faults_beside(scene, scene->address + size_bytes, scene->block.base + size_bytes - 1);
}

static bool commit_underrun(struct crime_scene *scene)
{
    return faults_beside(scene, scene->address - 1, scene->block.base);
}

static bool commit_use_after_free(struct crime_scene *scene)
{
    pool_free(memory_pool(), scene->address);
    return faults(scene, read_byte, scene->address, NULL) &&
           faults(scene, write_byte, scene->address, NULL);
}

static bool commit_null(struct crime_scene *scene)
{
    scene->shown = (struct phys_range){0, FRAME_BYTES};
    return faults(scene, read_byte, (void *)0, NULL);
}

static bool commit_write_code(struct crime_scene *scene)
{
    phys_t base = (phys_t)(uintptr_t)text_start;
    scene->shown = (struct phys_range){base, base + FRAME_BYTES};
    return faults(scene, write_byte, text_start, "the kernel's text is read-only");
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
static bool commit_interrupt_alloc(struct crime_scene *scene)
{
    phys_t handler = (phys_t)(uintptr_t)allocate_in_interrupt;
    if (!timer_ticks_come()) {
        console_error("no interrupt to commit the crime in: the timer sends none");
        return false;
    }
    scene->shown = (struct phys_range){handler, handler + 1};
    interrupt_tried = false;
    trap_set_interrupt(TIMER_LINE, allocate_in_interrupt);
    while (!interrupt_tried)
        cpu_wait_for_interrupt();
    trap_set_interrupt(TIMER_LINE, timer_interrupt);
    if (interrupt_got) {
        MmFreeContiguousMemory(interrupt_got);
        console_error("an allocation inside an interrupt went unnoticed");
        return false;
    }
    console_write("inject crime=interrupt-alloc caught: inside an interrupt there is no memory to "
                  "be had, MmAllocateContiguousMemory returned NULL\n");
    return true;
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

static bool commit_bad_frame(struct crime_scene *scene)
{
    struct memtest_window window = {.words = (volatile uint32_t *)(void *)scene->address,
                                    .word_count = BAD_BLOCK_BYTES / sizeof(uint32_t),
                                    .first_word = scene->block.base / sizeof(uint32_t),
                                    .seed = 1,
                                    .settle = drop_bit,
                                    .found = note_fault};
    struct bad_bit bad = {.word = window.words + window.word_count / 2 + 5};
    window.context = &bad;
    memtest_write_and_verify(&window);
    if (!bad.is_found) {
        console_error("bad-frame at 0x%llx went unnoticed",
                      (number_t)(scene->block.base + BAD_BLOCK_BYTES / 2));
        return false;
    }
    phys_t base = scene->block.base + bad.first.word * sizeof(uint32_t);
    scene->shown = (struct phys_range){base, base + 1};
    console_print("inject crime=bad-frame physical=0x%llx caught: memtest expected 0x%08x and "
                  "found 0x%08x\n",
                  (number_t)base, bad.first.expected, bad.first.found);
    return true;
}

/* ---- in 16-bit code ------------------------------------------------------------------------- */

/* What the adapter's BIOS is read from, and runs in. */
#define BIOS_BASE 0xC0000u
#define BIOS_END 0xC8000u
#define WILD_FRAME 0x40000u

static bool is_stopped(const struct crime_scene *scene, const uint8_t *code, size_t size_bytes)
{
    struct bios_registers registers = {0};
    const char *why = v86_run_code(code, size_bytes, &registers);
    if (why)
        console_print("inject crime=%s caught: %s\n", scene->crime, why);
    else
        console_error("%s went unnoticed", scene->crime);
    return why;
}

static bool commit_bios_fault(struct crime_scene *scene)
{
    static const uint8_t code[] = {0xB8, 0x34, 0x12, /* mov ax, 1234h */
                                   0x0F, 0x0B, /* ud2 */
                                   0xCF}; /* iret */
    scene->shown = (struct phys_range){BIOS_BASE, BIOS_END};
    return is_stopped(scene, code, sizeof code);
}

static bool commit_bios_wild(struct crime_scene *scene)
{
    static const uint8_t code[] = {0xB8, 0x00, 0x40, /* mov ax, 4000h */
                                   0x8E, 0xD8, /* mov ds, ax */
                                   0xA3, 0x00, 0x00, /* mov [0], ax: 256 KiB, not the BIOS's */
                                   0xCF}; /* iret */
    scene->shown = (struct phys_range){WILD_FRAME, WILD_FRAME + FRAME_BYTES};
    return is_stopped(scene, code, sizeof code);
}

static bool commit_bios_loop(struct crime_scene *scene)
{
    static const uint8_t code[] = {0xFA, /* cli */
                                   0xEB, 0xFE}; /* jmp $ */
    scene->shown = (struct phys_range){BIOS_BASE, BIOS_END};
    return is_stopped(scene, code, sizeof code);
}

/* ---- the system stops ------------------------------------------------------------------------ */

static bool commit_panic(struct crime_scene *scene)
{
    (void)scene;
    read_byte((void *)0);
    return false;
}

/* Each call keeps something for after the next, so that none replaces its caller on the stack. */
static uint32_t dig(volatile uint32_t depth) /* NOLINT(misc-no-recursion): on purpose */
{
    return depth == UINT32_MAX ? 0 : depth + dig(depth + 1);
}

static bool commit_stack(struct crime_scene *scene)
{
    console_print("inject crime=%s went unnoticed at depth %u\n", scene->crime, dig(0));
    return false;
}

/* ---- all of them ----------------------------------------------------------------------------- */

enum ending { LIVES, STOPS }; /* the system, with the crime */
enum bytes { NO_BLOCK, SOME_CELLS, TWO_FRAMES }; /* of the block that it is committed with */

static const struct crime {
    const char *name;
    const char *summary;
    bool (*commit)(struct crime_scene *scene);
    enum bytes bytes;
    enum ending ending;
    const char *explanation; /* NULL: the scene's, and it has marked what there is to be marked */
} crimes[] = {
    {"double-free", "frees a block twice", commit_double_free, SOME_CELLS, LIVES,
     "This block was already free when it was freed again. The second free is refused and changes "
     "nothing. A simple list of free blocks would now hold it twice, and give it to two owners."},
    {"bad-free", "frees an address inside a block, and one of the kernel's", commit_bad_free,
     SOME_CELLS, LIVES,
     "A free in the middle of a block, and one of the kernel's own code. A block is freed only by "
     "its first byte, so both are refused, and the block is still whole."},
    {"foreign-free", "frees a block of another owner", commit_foreign_free, SOME_CELLS, LIVES,
     "A driver frees this block, which is not its own. The video port looks into its records "
     "first: it never gave that address to a driver, so it refuses."},
    {"overrun", "writes behind a block's last byte", commit_overrun, SOME_CELLS, LIVES,
     "Behind the block's last byte is a page at which nothing is mapped. The first byte too far is "
     "a page fault, at the very instruction that wrote it."},
    {"underrun", "writes before a block's first byte", commit_underrun, SOME_CELLS, LIVES,
     "Before the block's first byte is such a guard page, too. A byte too low is a page fault, and "
     "the owner of the frames below is unharmed."},
    {"use-after-free", "reads and writes a block that was freed", commit_use_after_free, SOME_CELLS,
     LIVES,
     "When this block was freed, its addresses went with it. Reading and writing through the old "
     "pointer are page faults, before the frames have another owner."},
    {"interrupt-alloc", "allocates inside an interrupt", commit_interrupt_alloc, NO_BLOCK, LIVES,
     "The timer's handler, whose code lies here, asked for memory. It may have interrupted another "
     "allocation, with tables half changed: it gets NULL, and nothing is touched."},
    {"lying-map", "reads a firmware map that contradicts itself", crimes_commit_lying_map, NO_BLOCK,
     LIVES, NULL},
    {"exhaustion", "takes all memory but 64K, and asks for 128K", crimes_commit_exhaustion,
     NO_BLOCK, LIVES,
     "Only these 64K of all memory are free, so 128K are refused, and the refusal says what would "
     "have fitted. Running out is an answer, not a panic: the next request, for 64K, was served."},
    {"fragmentation", "frees every other piece of a range, and asks for a run of several",
     crimes_commit_fragmentation, NO_BLOCK, LIVES, NULL},
    {"null", "reads address 0", commit_null, NO_BLOCK, LIVES,
     "Frame 0 is there, and holds the BIOS's interrupt vectors, but no page is mapped at address "
     "0. A pointer that was never set is a page fault."},
    {"write-code", "writes into the kernel's own code", commit_write_code, NO_BLOCK, LIVES,
     "The kernel's code lies here, in pages that may be read and run, not written. A stray pointer "
     "is a page fault, and the code stays what it was."},
    {"bad-frame", "forgets a bit of a frame while memtest's patterns run over it", commit_bad_frame,
     TWO_FRAMES, LIVES,
     "A bit in this frame did not keep what was written, as if it were broken. Only patterns find "
     "that, written and read back: the command memtest takes such a frame out of use."},
    {"bios-fault", "runs an invalid instruction in 16-bit code, as the BIOS", commit_bios_fault,
     NO_BLOCK, LIVES,
     "The adapter's BIOS runs in virtual-8086 mode, as a guest. An instruction that does not exist "
     "ends its call, and the kernel goes on."},
    {"bios-wild", "writes to memory that is not the BIOS's, as the BIOS", commit_bios_wild,
     NO_BLOCK, LIVES,
     "16-bit code, run as the adapter's BIOS, writes here, outside of its own memory. Only the "
     "BIOS's own parts of the first MiB are mapped for it: a page fault ends the call."},
    {"bios-loop", "never returns from the BIOS", commit_bios_loop, NO_BLOCK, LIVES,
     "The BIOS's code switched interrupts off and never returned. Only its own flag was off: the "
     "timer went on, and after 5 seconds the call was given up."},
    {"stack", "calls itself until the stack is full: the system stops", commit_stack, NO_BLOCK,
     STOPS, NULL},
    {"panic", "reads address 0 unprepared: the system stops with its report", commit_panic,
     NO_BLOCK, STOPS, NULL},
};

#define CRIME_COUNT (sizeof crimes / sizeof *crimes)

void crimes_list(void)
{
    for (size_t i = 0; i < CRIME_COUNT; i++)
        console_print("crime name=%-15s %s\n", crimes[i].name, crimes[i].summary);
}

const char *crimes_word(size_t index)
{
    if (index == 0)
        return "all";
    return index <= CRIME_COUNT ? crimes[index - 1].name : NULL;
}

static void commit(size_t index)
{
    const struct crime *crime = &crimes[index];
    const uint64_t bytes[] = {0, crime_block_bytes(), BAD_BLOCK_BYTES}; /* by enum bytes */
    struct crime_scene scene;
    if (!crime_begin(&scene, crime->name, bytes[crime->bytes]))
        return;
    if (crime->commit(&scene)) {
        if (crime->explanation)
            crime_mark(scene.shown.base, scene.shown.end, VIEW_MARK_CRIME);
        crime_show(&scene, crime->explanation ? crime->explanation : scene.explanation);
    } else {
        crime_forget_marks();
    }
    crime_free_all();
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
