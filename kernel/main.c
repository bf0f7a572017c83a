/*
 * From the boot loader to the prompt: an ordered list. What each step needs, the steps before it
 * made.
 */

#include "boot/boot_info.h"
#include "cache.h"
#include "clock.h"
#include "console.h"
#include "cpu.h"
#include "display.h"
#include "drivers.h"
#include "drivers/keyboard.h"
#include "drivers/power.h"
#include "drivers/serial.h"
#include "drivers/timer.h"
#include "memory.h"
#include "options.h"
#include "panic.h"
#include "registry.h"
#include "report.h"
#include "selftest.h"
#include "shell.h"
#include "trap.h"

_Noreturn void kmain(uint32_t magic, uint32_t information);

static struct boot_info info;
static struct options options;
static struct cpu_features features;
static unsigned step_count;

/* With the option `trace`, a photo of a hung screen tells how far it came. */
static void begin_step(const char *name)
{
    step_count++;
    if (options.trace)
        console_print("trace step=%u %s\n", step_count, name);
}

/* While paging is off, what a pointer can hold is in reach. */
static const void *at_physical(void *context, phys_t physical, uint64_t size_bytes)
{
    (void)context;
    if (physical >= 4 * GIB || size_bytes > 4 * GIB - physical)
        return NULL;
    return (const void *)(uintptr_t)physical;
}

/* Reads what the loader left, before anything is written that it might lie under. */
static void read_boot_info(uint32_t magic, uint32_t information)
{
    const struct boot_memory memory = {at_physical, NULL};
    const char *broken = boot_info_read(&info, magic, information, &memory);
    options_read(&options, info.command_line);
    if (!options.serial_only && options.video != OPTIONS_VIDEO_OFF)
        display_start_text();
    if (broken)
        panic("%s (eax=0x%x ebx=0x%x)", broken, magic, information);
}

static void report_problems(void)
{
    for (size_t i = 0; i < options.problem_count && i < OPTIONS_PROBLEMS_MAX; i++)
        console_error("boot option \"%s\": %s", options.problems[i].word, options.problems[i].text);
    if (options.problem_count > OPTIONS_PROBLEMS_MAX)
        console_error("%zu more boot options are wrong",
                      options.problem_count - OPTIONS_PROBLEMS_MAX);
    if (info.warning)
        console_error("boot information: %s", info.warning);
    if (info.map_dropped)
        console_error("boot information: %zu entries of the memory map were left out",
                      info.map_dropped);
}

static void greet(void)
{
    console_write("Ashlar 0.1, a kernel that shows its memory\n");
    report_boot();
    report_cpu();
}

/* Whose blocks the shell may neither free nor forge. */
static void claim_owners(void)
{
    static const char *const owners[] = {"ledger", "videoport", "kernel",   "device", "stress",
                                         "bench",  "criminal",  "selftest", "bios"};
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++)
        memory_claim_owner(owners[i]);
}

static void start_interrupts(void)
{
    timer_init();
    trap_set_interrupt(TIMER_LINE, timer_interrupt);
    trap_set_interrupt(SERIAL_LINE, serial_interrupt);
    if (keyboard_init())
        trap_set_interrupt(KEYBOARD_LINE, keyboard_interrupt);
    cpu_enable_interrupts();
}

_Noreturn void kmain(uint32_t magic, uint32_t information)
{
    serial_init();
    read_boot_info(magic, information);
    begin_step("processor: segments and traps");
    cpu_detect(&features);
    cpu_load_segments();
    trap_init();
    cache_init(&features, !options.no_write_combining);
    report_init(&info, &features);
    greet();
    report_problems();
    begin_step("memory: map, reservations, tables, buddy, paging, pool");
    claim_owners();
    memory_init(&info, &features);
    report_memory();
    begin_step("interrupts: timer, serial line, keyboard");
    start_interrupts();
    begin_step("clock");
    clock_calibrate(&features);
    begin_step("drivers: modules");
    registry_init(options.parameters, options.parameter_count);
    drivers_init(&info);
    begin_step("display: video port and miniport");
    if (!options.serial_only)
        display_start(&options, &info.framebuffer);
    begin_step("shell");
    if (options.selftest)
        power_off(selftest_run() ? 0 : 1);
    if (options.run)
        shell_run(options.run);
    console_write("Type help for the commands.\n");
    shell_loop();
}
