/*
 * A driver's fault is survived where nothing else can have come to harm: in the driver's own code.
 * The memory manager, the console or the video port, called by a driver with something wrong, may
 * be in the middle of a change; a fault in there stops the system, with the driver's name.
 */

#include "fault.h"

#include "console.h"
#include "drivers.h"
#include "format.h"
#include "memory.h"
#include "symbols.h"
#include "trap.h"

/* Miniports, and those functions of the video port that keep nothing in mind (linker.ld). */
extern const unsigned char drivers_text_start[], drivers_text_end[];

static const char *running_driver;

const char *fault_describe_address(char text[FAULT_TEXT_MAX], uintptr_t address)
{
    struct mm_block mapping;
    if (!pool_find(memory_pool(), address, &mapping)) {
        format_text(text, FAULT_TEXT_MAX, "nothing is mapped there");
        return text;
    }
    bool in_front = address < mapping.base + FRAME_BYTES;
    long long offset = (long long)address - (long long)(mapping.base + FRAME_BYTES);
    format_text(text, FAULT_TEXT_MAX, "on the guard page %s block %llu of %s, offset %lld",
                in_front ? "before" : "behind", (unsigned long long)mapping.tag, mapping.owner,
                offset);
    return text;
}

const char *fault_running_driver(void)
{
    return running_driver;
}

static bool is_drivers_own(const struct trap_fault *fault)
{
    return (fault->eip >= (uintptr_t)drivers_text_start &&
            fault->eip < (uintptr_t)drivers_text_end) ||
           drivers_own_code(fault->eip, NULL);
}

static void report(const char *driver, const struct trap_fault *fault)
{
    char text[FAULT_TEXT_MAX];
    uint32_t offset = 0;
    const char *function = symbols_find(fault->eip, &offset);
    if (drivers_own_code(fault->eip, &offset))
        function = driver;
    console_print("error: driver %s is stopped: %s at 0x%08x %s+0x%x", driver,
                  trap_name(fault->vector), fault->eip, function ? function : "?", offset);
    if (fault->vector == TRAP_PAGE_FAULT)
        console_print(", %s 0x%08lx, %s", fault->error_code & 2 ? "writing" : "reading",
                      (unsigned long)fault->address, fault_describe_address(text, fault->address));
    console_put('\n');
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
