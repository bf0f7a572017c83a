/*
 * Handles the faults of drivers. A driver's fault is survived where nothing else can have come to
 * harm: in the driver's own code, and where there is no code at all. The memory manager, the
 * console or the video port, called by a driver with something wrong, may be in the middle of a
 * change; a fault in there stops the system, with the driver's name.
 */

#include "drivers.h"

#include "kernel/cpu/cpu.h"
#include "kernel/lib/format.h"
#include "kernel/log/console.h"
#include "kernel/log/symbols.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/paging.h"
#include "kernel/pc/panic.h"
#include "kernel/pc/trap.h"

extern const unsigned char text_start[], text_end[];
/* Miniports, and those functions of the video port that keep nothing in mind (linker.ld). */
extern const unsigned char drivers_text_start[], drivers_text_end[];
/* Functions that work only on the text and memory that they are given (linker.ld). */
extern const unsigned char pure_text_start[], pure_text_end[];

#define PURE_LEVELS_MAX 16

static const char *running_driver;
static uint32_t blamed; /* for the last fault: found while its stack is there */

const char *fault_describe_address(char text[FAULT_TEXT_MAX], uintptr_t address)
{
    struct mm_block mapping;
    phys_t physical;
    bool is_mapped = paging_translate(address, &physical);
    if (!pool_find(memory_pool(), address, &mapping)) {
        format_text(text, FAULT_TEXT_MAX,
                    is_mapped ? "which is not mapped for that" : "nothing is mapped there");
        return text;
    }
    bool in_front = address < mapping.base + FRAME_BYTES;
    long long offset = (long long)address - (long long)(mapping.base + FRAME_BYTES);
    format_text(text, FAULT_TEXT_MAX, "%s block %llu of %s, offset %lld",
                is_mapped  ? "in"
                : in_front ? "on the guard page before"
                           : "on the guard page behind",
                (number_t)mapping.tag, mapping.owner, offset);
    return text;
}

void fault_tell_cause(void)
{
    if (running_driver)
        panic_print_line("driver %s was running", running_driver);
}

static bool is_within(uintptr_t address, const unsigned char *start, const unsigned char *end)
{
    return address >= (uintptr_t)start && address < (uintptr_t)end;
}

/*
 * Where the fault comes from: a pure function's caller, or else the code that faulted. The kernel
 * keeps frame pointers, and these functions call each other in few levels.
 */
static uint32_t find_blamed(const struct trap_fault *fault)
{
    uint32_t address = fault->eip;
    uint32_t frame = fault->frame;
    for (unsigned level = 0; level < PURE_LEVELS_MAX; level++) {
        if (!is_within(address, pure_text_start, pure_text_end))
            return address;
        address = trap_stack_top(frame + 4);
        frame = trap_stack_top(frame);
        if (address == 0)
            break;
    }
    return fault->eip;
}

/*
 * Outside of the kernel's code there is only a driver's, and what nobody but a driver jumps to
 * while it runs: the kernel itself calls nothing that was not linked to it or given by a driver.
 */
static bool is_drivers_own(const struct trap_fault *fault)
{
    blamed = find_blamed(fault);
    return !is_within(blamed, text_start, text_end) ||
           is_within(blamed, drivers_text_start, drivers_text_end);
}

/* "0x53be82e0 kit+0x12e0"; false where no code is. A function without a name is "?". */
static bool describe_code(char text[FAULT_TEXT_MAX], uint32_t address, const char *driver)
{
    uint32_t offset = 0;
    const char *name = drivers_own_code(address, &offset) ? driver : symbols_find(address, &offset);
    format_text(text, FAULT_TEXT_MAX, "0x%08x %s+0x%x", address, name ? name : "?", offset);
    return name || is_within(address, text_start, text_end);
}

static void print_report(const char *driver, const struct trap_fault *fault)
{
    char text[FAULT_TEXT_MAX];
    bool is_code = describe_code(text, fault->eip, driver);
    console_print("error: driver %s is stopped: %s at ", driver, trap_name(fault->vector));
    if (is_code)
        console_write(text);
    else
        console_print("0x%08x, where no code is", fault->eip);
    uint32_t caller = is_code ? blamed : fault->stack_top;
    if (caller != fault->eip && describe_code(text, caller, driver))
        console_print(", called from %s", text);
    if (fault->vector == TRAP_PAGE_FAULT)
        console_print(", %s 0x%08lx, %s",
                      fault->address == fault->eip || (fault->error_code & 16) ? "executing"
                      : fault->error_code & 2                                  ? "writing"
                                                                               : "reading",
                      (unsigned long)fault->address, fault_describe_address(text, fault->address));
    console_put('\n');
}

/* One line: what interrupt handlers print would come in the middle of it. */
static void report(const char *driver, const struct trap_fault *fault)
{
    uint32_t flags = cpu_read_flags();
    cpu_disable_interrupts();
    print_report(driver, fault);
    cpu_write_flags(flags);
}

bool fault_guard_driver(void (*routine)(void *), void *context, const char *driver)
{
    const char *outer = running_driver;
    struct trap_fault fault = {0};
    running_driver = driver;
    bool returned = trap_guard(routine, context, is_drivers_own, &fault);
    running_driver = outer;
    if (!returned)
        report(driver, &fault);
    return returned;
}
