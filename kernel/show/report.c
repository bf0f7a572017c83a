/* Writes this machine's report, a block of lines; tools/report_map.py makes a test of its map. */

#include "report.h"

#include "drivers/pc/keyboard.h"
#include "drivers/pc/pci.h"
#include "drivers/pc/serial.h"
#include "drivers/pc/timer.h"
#include "kernel/bios/ending.h"
#include "kernel/lib/format.h"
#include "kernel/lib/version.h"
#include "kernel/log/console.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/cache.h"
#include "kernel/pc/paging.h"
#include "kernel/pc/panic.h"
#include "kernel/screen/display.h"

#define BUILD_ID_BYTES 20

extern const unsigned char build_id[];
extern const bool a20_was_off; /* boot/a20.asm */

static const struct boot_info *info;
static const struct cpu_features *features;

void report_init(const struct boot_info *boot_info, const struct cpu_features *cpu_features)
{
    info = boot_info;
    features = cpu_features;
}

void report_boot(void)
{
    console_print("boot protocol=multiboot%u loader=\"%s\" entries=%zu modules=%zu%s\n",
                  info->protocol, info->loader, info->map_count, info->module_count,
                  info->map_is_guessed ? " map=guessed" : "");
}

void report_cpu(void)
{
    console_print("cpu vendor=%s physical-bits=%u write-combining=%s\n", features->vendor,
                  features->physical_bits, cache_write_combining_name());
}

void report_memory(void)
{
    struct mm_totals totals;
    char managed[FORMAT_BYTES_MAX];
    char largest[FORMAT_BYTES_MAX];
    mm_get_totals(memory_manager(), &totals);
    console_print(
        "memory frames=%llu (%s) largest=%llu (%s) paging=\"%s\"\n", (number_t)totals.frame_count,
        format_bytes(managed, totals.frame_count << FRAME_SHIFT), (number_t)totals.largest_run,
        format_bytes(largest, totals.largest_run << FRAME_SHIFT), paging_mode_name());
}

/* Only counts: a panic may come while the manager's tables are being changed. */
static void print_counts(void)
{
    const struct mm *manager = memory_manager();
    if (manager->buddy.frame_count == 0)
        panic_print_line("memory frames=0: none is under management yet");
    else
        panic_print_line("memory frames=%llu free=%llu blocks=%zu paging=\"%s\"",
                         (number_t)manager->buddy.frame_count, (number_t)manager->buddy.free_count,
                         ledger_block_count(&manager->ledger), paging_mode_name());
}

void report_state(void)
{
    print_counts();
    report_build();
}

void report_build(void)
{
    console_write("build ");
    for (int i = 0; i < BUILD_ID_BYTES; i++)
        console_print("%02x", build_id[i]);
    console_put('\n');
}

static const char *yes_or_no(bool is_there)
{
    return is_there ? "yes" : "no";
}

void report_devices(void)
{
    console_print("devices a20=%s timer=%s interrupts=%s serial=%s keyboard=%s pci=%s\n",
                  a20_was_off ? "opened" : "on", yes_or_no(timer_is_counting()),
                  yes_or_no(timer_ticks_come()), yes_or_no(serial_is_present()),
                  yes_or_no(keyboard_is_present()), yes_or_no(pci_is_present()));
}

static void report_features(void)
{
    const struct {
        const char *name;
        bool is_there;
    } list[] = {{"cpuid", features->cpuid}, {"fpu", features->fpu},
                {"tsc", features->tsc},     {"pae", features->pae},
                {"nx", features->nx},       {"mtrr", features->mtrr},
                {"pat", features->pat},     {"hypervisor", features->hypervisor}};
    console_write("features");
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (list[i].is_there)
            console_print(" %s", list[i].name);
    console_print(" signature=0x%x\n", features->signature);
}

static void report_map(void)
{
    for (size_t i = 0; i < info->map_count; i++)
        console_print("entry base=0x%llx bytes=0x%llx type=%u\n", (number_t)info->map[i].base,
                      (number_t)info->map[i].length_bytes, info->map[i].type);
}

void report_all(void)
{
    console_print("report begin\n%s\n", version_text);
    report_build();
    report_boot();
    report_cpu();
    report_features();
    report_devices();
    report_map();
    report_memory();
    ending_describe();
    display_describe();
    console_write("report end\n");
}
