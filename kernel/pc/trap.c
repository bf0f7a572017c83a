/*
 * Leads from a vector to what answers it: interrupt lines to their drivers, exceptions to the guard
 * that was put around the code, else to the panic screen.
 */

#include "trap.h"

#include "drivers/pc/pic.h"
#include "kernel/cpu/cpu.h"
#include "paging.h"
#include "panic.h"

#define VECTOR_COUNT 48
#define FIRST_LINE_VECTOR 32
_Static_assert(TRAP_SPURIOUS_VECTOR == FIRST_LINE_VECTOR + PIC_LINES - 1, "it is the last line's");
#define VECTOR_DOUBLE_FAULT 8
#define STUB_BYTES 16

extern const unsigned char trap_stubs[VECTOR_COUNT][STUB_BYTES];
extern int trap_guard_call(void (*routine)(void *), void *context);
extern const unsigned char trap_guard_landing[];
void trap_handle(struct trap_frame *frame);
void double_fault_handle(void);

/* Intel SDM vol. 3A, 6.11 */
struct __attribute__((packed)) gate {
    uint16_t offset_low;
    uint16_t selector;
    uint8_t zero;
    uint8_t type;
    uint16_t offset_high;
};
_Static_assert(sizeof(struct gate) == 8, "a gate has 8 bytes");

#define GATE_INTERRUPT 0x8E /* present, ring 0, 32-bit interrupt gate */
#define GATE_TASK 0x85 /* present, ring 0, task gate */

struct guard {
    struct guard *outer;
    bool (*accepts)(const struct trap_fault *fault);
    struct trap_fault *fault;
    uint32_t flags; /* those that the routine was called with */
};

static struct gate gates[VECTOR_COUNT];
static void (*line_handlers[PIC_LINES])(void);
static void (*lent_handlers[PIC_LINES])(unsigned line);
static void (*take_v86_exception)(struct trap_frame *frame);
static void (*take_v86_time)(void);
static uint16_t begun_lines; /* a bit for each line whose handler runs */
static struct guard *guard; /* the innermost */

void trap_init(void)
{
    for (unsigned vector = 0; vector < VECTOR_COUNT; vector++) {
        uint32_t stub = (uint32_t)(uintptr_t)trap_stubs[vector];
        gates[vector] = (struct gate){(uint16_t)stub, CPU_CODE_SELECTOR, 0, GATE_INTERRUPT,
                                      (uint16_t)(stub >> 16)};
    }
    gates[VECTOR_DOUBLE_FAULT] = (struct gate){0, CPU_FAULT_TASK_SELECTOR, 0, GATE_TASK, 0};
    struct cpu_descriptor_table table = {sizeof gates - 1, (uint32_t)(uintptr_t)gates};
    cpu_load_idt(&table);
    pic_init(FIRST_LINE_VECTOR);
}

void trap_set_interrupt(unsigned line, void (*handler)(void))
{
    line_handlers[line] = handler;
    pic_enable(line);
}

bool trap_lend_interrupt(unsigned line, void (*handler)(unsigned line))
{
    if (line >= PIC_LINES || line == PIC_CASCADE_LINE || line_handlers[line])
        return false;
    lent_handlers[line] = handler;
    pic_enable(line);
    return true;
}

void trap_release_interrupt(unsigned line)
{
    pic_disable(line);
    lent_handlers[line] = NULL;
}

void trap_set_v86(void (*take_exception)(struct trap_frame *frame), void (*take_time)(void))
{
    take_v86_exception = take_exception;
    take_v86_time = take_time;
}

bool trap_in_interrupt(void)
{
    return begun_lines != 0;
}

static void handle_line(unsigned line)
{
    if (!pic_begin(line))
        return;
    begun_lines = (uint16_t)(begun_lines | 1u << line);
    if (line_handlers[line])
        line_handlers[line]();
    else if (lent_handlers[line])
        lent_handlers[line](line);
    begun_lines = (uint16_t)(begun_lines & ~(1u << line));
    pic_end(line);
}

uint32_t trap_stack_top(uint32_t esp)
{
    phys_t unused;
    bool is_mapped = paging_translate(esp, &unused) && paging_translate(esp + 3, &unused);
    return is_mapped ? *(const uint32_t *)(uintptr_t)esp : 0;
}

static bool is_machines_own(uint32_t vector)
{
    return vector == TRAP_NMI || vector == TRAP_MACHINE_CHECK;
}

/* Goes on where trap_guard_call returns 1. Interrupts stay off until the stack is one again. */
static bool handle_guarded(struct trap_frame *frame, uint32_t esp)
{
    struct trap_fault fault = {.vector = frame->vector,
                               .error_code = frame->error_code,
                               .eip = frame->eip,
                               .frame = frame->ebp,
                               .address = cpu_read_cr2(),
                               .stack_top = trap_stack_top(esp)};
    if (!guard || is_machines_own(fault.vector) || !guard->accepts(&fault))
        return false;
    *guard->fault = fault;
    frame->eip = (uint32_t)(uintptr_t)trap_guard_landing;
    frame->eflags = guard->flags & ~CPU_FLAG_INTERRUPTS;
    return true;
}

void trap_handle(struct trap_frame *frame)
{
    bool is_v86 = frame->eflags & CPU_FLAG_VIRTUAL_8086;
    if (frame->vector >= FIRST_LINE_VECTOR) {
        handle_line(frame->vector - FIRST_LINE_VECTOR);
        if (is_v86)
            take_v86_time();
    } else if (is_v86 && !is_machines_own(frame->vector))
        take_v86_exception(frame);
    else if (!handle_guarded(frame, trap_frame_esp(frame)))
        panic_trap(frame);
}

void double_fault_handle(void)
{
    const struct cpu_task *task = cpu_interrupted_task();
    struct trap_frame frame = {
        .edi = task->edi,
        .esi = task->esi,
        .ebp = task->ebp,
        .ebx = task->ebx,
        .edx = task->edx,
        .ecx = task->ecx,
        .eax = task->eax,
        .vector = VECTOR_DOUBLE_FAULT,
        .eip = task->eip,
        .cs = task->cs,
        .eflags = task->eflags,
    };
    if (!handle_guarded(&frame, task->esp))
        panic_double_fault(&frame, task->esp);
    pic_end_undelivered(begun_lines);
    cpu_resume_interrupted_task(frame.eip, frame.eflags);
}

bool trap_guard(void (*routine)(void *), void *context,
                bool (*accepts)(const struct trap_fault *fault), struct trap_fault *fault)
{
    struct guard inner = {guard, accepts, fault, cpu_read_flags()};
    guard = &inner;
    bool faulted = trap_guard_call(routine, context);
    guard = inner.outer;
    if (faulted) {
        cpu_write_cr0(cpu_read_cr0() & ~CR0_TASK_SWITCHED); /* a double fault's task left it */
        cpu_write_flags(inner.flags);
    }
    return !faulted;
}

bool trap_is_page_fault(const struct trap_fault *fault)
{
    return fault->vector == TRAP_PAGE_FAULT;
}

void trap_forget_guards(void)
{
    guard = NULL;
}

const char *trap_name(uint32_t vector)
{
    static const char *const names[] = {
        "divide error",
        "debug exception",
        "non-maskable interrupt",
        "breakpoint",
        "overflow",
        "bound range exceeded",
        "invalid opcode",
        "device not available",
        "double fault",
        "coprocessor segment overrun",
        "invalid task segment",
        "segment not present",
        "stack fault",
        "general protection fault",
        "page fault",
        "reserved exception",
        "floating-point error",
        "alignment check",
        "machine check",
        "SIMD floating-point error",
        "virtualization exception",
        "control protection exception",
    };
    return vector < sizeof names / sizeof *names ? names[vector] : "reserved exception";
}
