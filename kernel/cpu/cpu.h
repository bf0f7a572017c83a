#ifndef KERNEL_CPU_H
#define KERNEL_CPU_H

/*
 * The processor: what it can do, and the instructions that C has no words for. The only header with
 * inline assembly besides drivers/pc/ports.h. References are to the Intel SDM.
 */

#include "cpu_features.h"

/* True on a 486 and later. Nothing but this header's functions needs one. */
bool cpu_is_486(void);

/*
 * Asks the processor; everything is false before a Pentium-class one, but for the coprocessor,
 * which is made ready if there is one. Cannot fail.
 */
void cpu_detect(struct cpu_features *features);

/* Loads the kernel's own segments, and the two tasks: one to run in, one for double faults. */
void cpu_load_segments(void);

/* Where traps out of 16-bit code find the top of their stack. */
uint32_t *cpu_trap_stack(void);

/* Both tasks run with these page tables; call it whenever CR3 changes. */
void cpu_set_page_tables(uint32_t cr3);

/* A task's registers while another runs: vol. 3A, 8.2.1. */
struct cpu_task {
    uint32_t link;
    uint32_t stacks[6];
    uint32_t cr3;
    uint32_t eip;
    uint32_t eflags;
    uint32_t eax, ecx, edx, ebx, esp, ebp, esi, edi;
    uint32_t es, cs, ss, ds, fs, gs;
    uint32_t ldt;
    uint16_t trap;
    uint16_t io_map_base;
};

/* What ran when a double fault switched tasks. */
const struct cpu_task *cpu_interrupted_task(void);

/* The interrupted task goes on there, once the double fault's returns. */
void cpu_resume_interrupted_task(uint32_t eip, uint32_t eflags);

#define CPU_CODE_SELECTOR 0x08u
#define CPU_DATA_SELECTOR 0x10u
#define CPU_MAIN_TASK_SELECTOR 0x18u
#define CPU_FAULT_TASK_SELECTOR 0x20u

#define CPU_FLAG_INTERRUPTS (1u << 9)
#define CPU_FLAG_VIRTUAL_8086 (1u << 17)

#define CR0_MONITOR_FPU (1u << 1)
#define CR0_EMULATE_FPU (1u << 2)
#define CR0_TASK_SWITCHED (1u << 3)
#define CR0_FPU_ERRORS (1u << 5) /* as exceptions, not by a line of the interrupt controller */
#define CR0_WRITE_PROTECT (1u << 16)
#define CR0_NOT_WRITE_THROUGH (1u << 29)
#define CR0_CACHE_DISABLE (1u << 30)
#define CR0_PAGING (1u << 31)
#define CR4_PAE (1u << 5)
#define CR4_MACHINE_CHECK (1u << 6)
#define MSR_EFER 0xC0000080u
#define EFER_NXE (1u << 11)

static inline void cpu_enable_interrupts(void)
{
    __asm__ volatile("sti" : : : "memory");
}

static inline void cpu_disable_interrupts(void)
{
    __asm__ volatile("cli" : : : "memory");
}

static inline uint32_t cpu_read_flags(void)
{
    uint32_t flags;
    __asm__ volatile("pushfl; popl %0" : "=r"(flags));
    return flags;
}

static inline void cpu_write_flags(uint32_t flags)
{
    __asm__ volatile("pushl %0; popfl" : : "r"(flags) : "memory", "cc");
}

/* Sleeps until an interrupt; STI takes effect after HLT, so none is missed in between. */
static inline void cpu_wait_for_interrupt(void)
{
    __asm__ volatile("sti; hlt" : : : "memory");
}

static inline _Noreturn void cpu_stop(void)
{
    for (;;)
        __asm__ volatile("cli; hlt" : : : "memory");
}

/* cpu_read_cr0 and cpu_write_cr0, and so on. */
#define DEFINE_CONTROL_REGISTER(name)                                                              \
    static inline uint32_t cpu_read_##name(void)                                                   \
    {                                                                                              \
        uint32_t value;                                                                            \
        __asm__ volatile("movl %%" #name ", %0" : "=r"(value));                                    \
        return value;                                                                              \
    }                                                                                              \
    static inline void cpu_write_##name(uint32_t value)                                            \
    {                                                                                              \
        __asm__ volatile("movl %0, %%" #name : : "r"(value) : "memory");                           \
    }

DEFINE_CONTROL_REGISTER(cr0)
DEFINE_CONTROL_REGISTER(cr2)
DEFINE_CONTROL_REGISTER(cr3)
DEFINE_CONTROL_REGISTER(cr4) /* only where CPUID announces something that it switches on */

/* True if there is a coprocessor, which is initialized. CR0 must let the instructions through. */
static inline bool cpu_fpu_answers(void)
{
    uint16_t status = 0x5A5A;
    __asm__ volatile("fninit; fnstsw %0" : "+m"(status));
    return (status & 0xFF) == 0;
}

/* Writes back and invalidates; a 486 has it too. */
static inline void cpu_flush_caches(void)
{
    __asm__ volatile("wbinvd" : : : "memory");
}

static inline void cpu_invalidate_page(uintptr_t virtual_address)
{
    __asm__ volatile("invlpg (%0)" : : "r"(virtual_address) : "memory");
}

/* "A" is EDX and EAX as one number. */
static inline uint64_t cpu_read_msr(uint32_t number)
{
    uint64_t value;
    __asm__ volatile("rdmsr" : "=A"(value) : "c"(number));
    return value;
}

static inline void cpu_write_msr(uint32_t number, uint64_t value)
{
    __asm__ volatile("wrmsr" : : "c"(number), "A"(value) : "memory");
}

/* Only with features.tsc. */
static inline uint64_t cpu_read_tsc(void)
{
    uint64_t counts;
    __asm__ volatile("rdtsc" : "=A"(counts) : : "memory");
    return counts;
}

static inline struct cpu_id cpu_read_id(uint32_t leaf)
{
    struct cpu_id id;
    __asm__ volatile("cpuid"
                     : "=a"(id.eax), "=b"(id.ebx), "=c"(id.ecx), "=d"(id.edx)
                     : "a"(leaf), "c"(0));
    return id;
}

/* Where a table of descriptors lies, as the processor reads it: vol. 3A, 3.5.1. */
struct __attribute__((packed)) cpu_descriptor_table {
    uint16_t limit;
    uint32_t base;
};

static inline void cpu_load_idt(const struct cpu_descriptor_table *table)
{
    __asm__ volatile("lidt (%0)" : : "r"(table) : "memory");
}

/* Resets the processor: an exception that finds no interrupt table at all. */
static inline _Noreturn void cpu_triple_fault(void)
{
    static const struct cpu_descriptor_table nothing = {0};
    cpu_load_idt(&nothing);
    __asm__ volatile("int3");
    cpu_stop();
}

/* `count` (at least 1) rounds of a loop of two instructions, to measure the clock with. */
static inline void cpu_spin(uint32_t count)
{
    __asm__ volatile("1: decl %0; jnz 1b" : "+r"(count) : : "cc");
}

static inline void *cpu_frame_pointer(void)
{
    return __builtin_frame_address(0);
}

#endif
