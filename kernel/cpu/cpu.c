/*
 * Sets up the segments, and asks the processor for its features. Protected mode wants a descriptor
 * table; the rest of the kernel wants flat memory and forgets that segments exist. A second task
 * with its own stack takes double faults, so that a stack that ran over its guard page is reported.
 */

#include "cpu.h"

extern void gdt_load(const struct cpu_descriptor_table *table, uint32_t code, uint32_t data,
                     uint32_t task);
extern void double_fault_enter(void);

#define FLAG_ALIGNMENT_CHECK (1u << 18)
#define FLAG_CPUID (1u << 21)

static bool can_change_flag(uint32_t flag)
{
    uint32_t before = cpu_read_flags();
    cpu_write_flags(before ^ flag);
    uint32_t after = cpu_read_flags();
    cpu_write_flags(before);
    return (before ^ after) & flag;
}

/* The 486 came with the alignment check flag (Intel AP-485, 5.1). */
bool cpu_is_486(void)
{
    return can_change_flag(FLAG_ALIGNMENT_CHECK);
}

/*
 * Without CPUID, a coprocessor is there if it clears its status word (Intel AP-485, 5.1). The
 * kernel has no use for one, but 16-bit code and drivers may; without one, whatever tries is told.
 */
static void set_up_fpu(struct cpu_features *features)
{
    cpu_write_cr0(cpu_read_cr0() & ~(CR0_EMULATE_FPU | CR0_TASK_SWITCHED));
    if (!features->cpuid)
        features->fpu = cpu_fpu_answers();
    uint32_t cr0 = cpu_read_cr0() & ~(CR0_EMULATE_FPU | CR0_MONITOR_FPU);
    cpu_write_cr0(cr0 | CR0_FPU_ERRORS | (features->fpu ? CR0_MONITOR_FPU : CR0_EMULATE_FPU));
}

void cpu_detect(struct cpu_features *features)
{
    *features = (struct cpu_features){.vendor = "unknown", .physical_bits = 32};
    if (can_change_flag(FLAG_CPUID)) /* vol. 1, 20.1.2 */
        cpu_features_read(features, cpu_read_id);
    set_up_fpu(features);
}

/* vol. 3A, 3.4.5 */
struct __attribute__((packed)) segment {
    uint16_t limit_low;
    uint16_t base_low;
    uint8_t base_middle;
    uint8_t access;
    uint8_t limit_high_and_flags;
    uint8_t base_high;
};
_Static_assert(sizeof(struct segment) == 8, "a descriptor has 8 bytes");

_Static_assert(sizeof(struct cpu_task) == 104, "a task segment has 104 bytes");

#define ACCESS_CODE 0x9A /* present, ring 0, code, readable */
#define ACCESS_DATA 0x92 /* present, ring 0, data, writable */
#define ACCESS_TASK 0x89 /* present, ring 0, available 32-bit task */
#define FLAGS_FLAT 0xC0 /* 32 bits, limit in pages */

static struct segment segments[5];
/* Behind it, a bit for each port: 0 lets 16-bit code at it. The last byte ends the map. */
static struct {
    struct cpu_task task;
    uint8_t ports[0x10000 / 8];
    uint8_t end;
} main_segment;
static struct cpu_task fault_task;
static unsigned char fault_stack[8192] __attribute__((aligned(16)));

static struct segment make_segment(uint32_t base, uint32_t limit, uint8_t access, uint8_t flags)
{
    return (struct segment){
        .limit_low = (uint16_t)limit,
        .base_low = (uint16_t)base,
        .base_middle = (uint8_t)(base >> 16),
        .access = access,
        .limit_high_and_flags = (uint8_t)(flags | (limit >> 16 & 0xF)),
        .base_high = (uint8_t)(base >> 24),
    };
}

static void set_up_fault_task(void)
{
    fault_task.eip = (uint32_t)(uintptr_t)double_fault_enter;
    fault_task.esp = (uint32_t)(uintptr_t)(fault_stack + sizeof fault_stack);
    fault_task.eflags = 2; /* the bit that is always one; interrupts off */
    fault_task.cs = CPU_CODE_SELECTOR;
    fault_task.ds = fault_task.es = fault_task.fs = fault_task.gs = CPU_DATA_SELECTOR;
    fault_task.ss = CPU_DATA_SELECTOR;
    fault_task.io_map_base = sizeof fault_task;
    main_segment.task.io_map_base = sizeof main_segment.task;
    main_segment.end = 0xFF;
}

void cpu_load_segments(void)
{
    set_up_fault_task();
    segments[CPU_CODE_SELECTOR / 8] = make_segment(0, 0xFFFFF, ACCESS_CODE, FLAGS_FLAT);
    segments[CPU_DATA_SELECTOR / 8] = make_segment(0, 0xFFFFF, ACCESS_DATA, FLAGS_FLAT);
    segments[CPU_MAIN_TASK_SELECTOR / 8] =
        make_segment((uint32_t)(uintptr_t)&main_segment, sizeof main_segment - 1, ACCESS_TASK, 0);
    segments[CPU_FAULT_TASK_SELECTOR / 8] =
        make_segment((uint32_t)(uintptr_t)&fault_task, sizeof fault_task - 1, ACCESS_TASK, 0);
    struct cpu_descriptor_table table = {sizeof segments - 1, (uint32_t)(uintptr_t)segments};
    gdt_load(&table, CPU_CODE_SELECTOR, CPU_DATA_SELECTOR, CPU_MAIN_TASK_SELECTOR);
}

uint32_t *cpu_trap_stack(void)
{
    main_segment.task.stacks[1] = CPU_DATA_SELECTOR;
    return &main_segment.task.stacks[0];
}

/* A switch of tasks loads CR3 and does not save it. */
void cpu_set_page_tables(uint32_t cr3)
{
    main_segment.task.cr3 = cr3;
    fault_task.cr3 = cr3;
}

const struct cpu_task *cpu_interrupted_task(void)
{
    return &main_segment.task;
}

void cpu_resume_interrupted_task(uint32_t eip, uint32_t eflags)
{
    main_segment.task.eip = eip;
    main_segment.task.eflags = eflags;
}
