/*
 * Starts the kernel, from the boot loader to the prompt: an ordered list. What each step needs, the
 * steps before it made.
 */

#include "boot/boot_info.h"
#include "drivers/pc/keyboard.h"
#include "drivers/pc/serial.h"
#include "drivers/pc/timer.h"
#include "kernel/bios/ending.h"
#include "kernel/check/stress.h"
#include "kernel/commands/commands.h"
#include "kernel/cpu/cpu.h"
#include "kernel/lib/options.h"
#include "kernel/lib/version.h"
#include "kernel/log/boot_problems.h"
#include "kernel/log/console.h"
#include "kernel/machine/machine.h"
#include "kernel/past/machine_past.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/cache.h"
#include "kernel/pc/clock.h"
#include "kernel/pc/interrupts.h"
#include "kernel/pc/machine_check.h"
#include "kernel/pc/panic.h"
#include "kernel/pc/trap.h"
#include "kernel/quiz/play.h"
#include "kernel/screen/display.h"
#include "kernel/shell/shell.h"
#include "kernel/show/report.h"
#include "kernel/show/story.h"
#include "kernel/video/adapters.h"
#include "kernel/video/drivers.h"

_Noreturn void kmain(uint32_t magic, uint32_t information);

static struct boot_info info;
static struct options options;
static struct cpu_features features;

/* While paging is off, what a pointer can hold is in reach. */
static const void *at_physical(void *context, phys_t physical, uint64_t size_bytes)
{
    (void)context;
    if (physical >= 4 * GIB || size_bytes > 4 * GIB - physical)
        return NULL;
    return (const void *)(uintptr_t)physical;
}

/* Reads what the loader left, before anything is written that it might lie under. */
static const char *read_boot_info(uint32_t magic, uint32_t information)
{
    const struct boot_memory memory = {at_physical, NULL};
    const char *broken = boot_info_read(&info, magic, information, &memory);
    options_read(&options, info.command_line);
    trace_is_on = options.trace;
    return broken;
}

/* Without a serial port, a console on the serial line alone would be none. */
static void start_console(void)
{
    if (!options.serial_only && options.video != OPTIONS_VIDEO_OFF)
        display_start_text();
    trace_step("timer: ports 0x40 and 0x43");
    timer_init();
    trace_step("serial line: ports from 0x3f8");
    if (!console_start_serial() && options.serial_only) {
        options.serial_only = false;
        display_start_text();
        console_error("console=serial: there is no serial port at 0x3f8");
    }
}

static void start_processor(void)
{
    trace_step("processor: is it a 486?");
    if (!cpu_is_486())
        panic("this processor is a 386 or like one; it takes a 486");
    trace_step("processor: CPUID, coprocessor");
    cpu_detect(&features);
    trace_step("segments, tasks");
    cpu_load_segments();
    trace_step("traps, interrupt controllers: ports 0x20 and 0xa0");
    trap_init();
    machine_check_init(&features);
    apic_pass_interrupts(&features);
    cache_init(&features, options.use_write_combining);
}

static void greet(void)
{
    console_print("%s, a kernel that shows its memory\n", version_text);
    report_boot();
    report_cpu();
}

/* Whose blocks the shell may neither free nor forge; and what `map` prints of unowned memory. */
static void claim_owners(void)
{
    static const char *const owners[] = {
        "ledger",
        "videoport",
        "kernel",
        "device",
        "stress",
        "bench",
        "criminal",
        "selftest",
        "bios",
        "memtest",
        MEMORY_BAD,
        MACHINE_OWNER,
        MACHINE_GUEST_OWNER,
        QUIZ_OWNER,
        "none",
        "tables",
        "module",
        "firmware",
        MEMORY_BAD_AT_BOOT,
        CONSOLE_BLOCK_OWNER,
        PAST_OWNER,
        "all", /* what free takes for all of them */
    };
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++)
        memory_claim_owner(owners[i]);
    adapters_init(&options);
}

/* For the commands back and forward: what they show needs a picture, and some memory. */
static void start_past(void)
{
    char why[MACHINE_PAST_TEXT_MAX];
    if (display_has_view() && !machine_past_open())
        console_print("past events=0 text=\"no going back here: %s\"\n",
                      machine_past_tell_why(why));
}

/* A PC whose keyboard is on USB only, and whose firmware does not play a PS/2 one (README.md). */
static void invite(void)
{
    if (keyboard_is_present() || serial_is_present())
        console_write("Type tour to be shown around, or help for the commands.\n");
    else
        console_error("nothing can be typed: no PS/2 keyboard controller, no serial port");
}

_Noreturn void kmain(uint32_t magic, uint32_t information)
{
    const char *broken = read_boot_info(magic, information);
    panic_hooks.tell_cause = fault_tell_cause;
    panic_hooks.tell_state = report_state;
    start_console();
    if (broken)
        panic("%s (eax=0x%x ebx=0x%x)", broken, magic, information);
    start_processor();
    report_init(&info, &features);
    ending_init(&info, &features, options.use_acpi);
    greet();
    boot_problems_tell(&info, &options);
    claim_owners();
    memory_init(&info, &options, &features);
    report_memory();
    interrupts_start();
    report_devices();
    trace_step("clock");
    clock_calibrate(&features);
    registry_init(options.parameters, options.parameter_count);
    videoport_host_init();
    drivers_init(&info);
    machine_init(&info);
    if (!options.serial_only)
        display_start(&options, &info.framebuffer);
    start_past();
    trace_step("shell");
    commands_init();
    if (options.selftest)
        ending_switch_off(selftest_run() ? 0 : 1);
    if (options.run)
        shell_run(options.run);
    invite();
    story.has_dialogue = true;
    shell_loop();
}
