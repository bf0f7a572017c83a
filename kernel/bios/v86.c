/*
 * Runs the BIOS's 16-bit code in virtual-8086 mode. The code runs without I/O privilege, so each
 * instruction that concerns the interrupt flag faults, and is carried out here on a flag of its
 * own; the real one stays on, and the kernel's interrupts go on. A call ends where it was told to
 * return to: at a HLT in its own stack's block.
 *
 *   block   | hlt | code, if any |        free         | ... stack | ip cs flags |
 *             ^-------------------------------------------------------- returns to
 */

#include "v86.h"

#include "drivers/pc/timer.h"
#include "extended.h"
#include "kernel/cpu/cpu.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/paging.h"
#include "kernel/pc/panic.h"

#define BLOCK_BYTES 8192u
#define CODE_OFFSET 16
#define VECTORS_END 0x400u
#define LINEAR_END 0x100000u
#define SECONDS_MAX 5
#define BYTES_SHOWN 6

#define SYSTEM_VECTOR 0x15
#define MOVE_BLOCK 0x87 /* in AH */
#define GET_EXTENDED_SIZE 0x88

#define FLAG_CARRY 0x00000001u
#define FLAG_ALWAYS 0x00000002u
#define FLAG_TRAP 0x00000100u
#define FLAGS_KEPT 0x00000CD5u /* what 16-bit code may change at will: carry to overflow */

/* As boot/v86.asm lays it out. */
struct v86_state {
    uint32_t eip, cs, eflags, esp, ss;
    struct bios_registers registers;
};

/* What the processor pushes above an ordinary frame when it leaves 16-bit code. */
struct v86_frame {
    struct trap_frame trap;
    uint32_t esp, ss, es, ds, fs, gs;
};

/* A dword of the BIOS data area (linker.ld), which is mapped during a call. */
extern volatile uint32_t bios_tick_count;

extern void v86_run(const struct v86_state *state, uint32_t *trap_stack);
extern _Noreturn void v86_leave(void);

static struct {
    bool is_running;
    bool interrupts_on; /* as the code has them */
    const char *caller; /* who owns the memory that it may have */
    uint16_t return_segment;
    uint32_t start_tick;
    uint32_t bios_ticks; /* when it began */
    const char *why; /* it ended, but did not return */
    struct bios_registers registers; /* as it left them */
} run;

/* ---- the code's memory ----------------------------------------------------------------------- */

/* NULL if the bytes are none of the code's. */
static uint8_t *at(uint32_t segment, uint32_t offset, size_t size_bytes)
{
    uint32_t linear = ((segment & 0xFFFF) << 4) + (offset & 0xFFFF);
    phys_t physical;
    if (linear + size_bytes > LINEAR_END)
        return NULL;
    if (!paging_translate(linear, &physical) ||
        !paging_translate(linear + size_bytes - 1, &physical))
        return NULL;
    return (uint8_t *)(uintptr_t)linear;
}

static bool push(struct v86_frame *frame, uint32_t value, unsigned size_bytes)
{
    frame->esp = (frame->esp & 0xFFFF0000u) | ((frame->esp - size_bytes) & 0xFFFF);
    uint8_t *top = at(frame->ss, frame->esp, size_bytes);
    if (top)
        memcpy(top, &value, size_bytes);
    return top;
}

static bool pop(struct v86_frame *frame, uint32_t *value, unsigned size_bytes)
{
    const uint8_t *top = at(frame->ss, frame->esp, size_bytes);
    *value = 0;
    if (top)
        memcpy(value, top, size_bytes);
    frame->esp = (frame->esp & 0xFFFF0000u) | ((frame->esp + size_bytes) & 0xFFFF);
    return top;
}

/* ---- instructions ---------------------------------------------------------------------------- */

static uint32_t flags_of(const struct v86_frame *frame)
{
    uint32_t flags = frame->trap.eflags & ~(CPU_FLAG_INTERRUPTS | CPU_FLAG_VIRTUAL_8086);
    return flags | (run.interrupts_on ? CPU_FLAG_INTERRUPTS : 0);
}

/* Of what it wants, what it may have; the real interrupt flag stays on. */
static void set_flags(struct v86_frame *frame, uint32_t flags)
{
    run.interrupts_on = flags & CPU_FLAG_INTERRUPTS;
    frame->trap.eflags =
        (flags & FLAGS_KEPT) | FLAG_ALWAYS | CPU_FLAG_INTERRUPTS | CPU_FLAG_VIRTUAL_8086;
}

static bool call_vector(struct v86_frame *frame, uint8_t vector, uint32_t next)
{
    const uint16_t *entry = (const uint16_t *)(const void *)at(0, vector * 4u, 4);
    if (!entry || !push(frame, flags_of(frame), 2) || !push(frame, frame->trap.cs, 2) ||
        !push(frame, next, 2))
        return false;
    run.interrupts_on = false;
    frame->trap.eflags &= ~FLAG_TRAP;
    frame->trap.eip = entry[0];
    frame->trap.cs = entry[1];
    return true;
}

/* What a BIOS would do in protected mode, the kernel does. False: it is another function. */
static bool serve(struct trap_frame *trap, const uint8_t *table)
{
    uint32_t status = EXTENDED_MOVED;
    switch (trap->eax >> 8 & 0xFF) {
    case MOVE_BLOCK:
        status = block_move(table, (uint16_t)trap->ecx, run.caller);
        trap->eax = (trap->eax & ~0xFF00u) | status << 8;
        break;
    case GET_EXTENDED_SIZE:
        trap->eax = (trap->eax & ~0xFFFFu) | extended_size_kib(memory_map());
        break;
    default:
        return false;
    }
    trap->eflags = (trap->eflags & ~FLAG_CARRY) | (status == EXTENDED_MOVED ? 0 : FLAG_CARRY);
    return true;
}

static bool call_interrupt(struct v86_frame *frame, uint8_t vector, uint32_t next)
{
    if (vector != SYSTEM_VECTOR ||
        !serve(&frame->trap, at(frame->es, frame->trap.esi, EXTENDED_TABLE_BYTES)))
        return call_vector(frame, vector, next);
    frame->trap.eip = next;
    return true;
}

static bool return_from_interrupt(struct v86_frame *frame, unsigned size_bytes)
{
    uint32_t eip;
    uint32_t cs;
    uint32_t flags;
    if (!pop(frame, &eip, size_bytes) || !pop(frame, &cs, size_bytes) ||
        !pop(frame, &flags, size_bytes))
        return false;
    frame->trap.eip = eip & 0xFFFF;
    frame->trap.cs = cs & 0xFFFF;
    set_flags(frame, flags);
    return true;
}

static bool pop_flags(struct v86_frame *frame, unsigned size_bytes)
{
    uint32_t flags;
    if (!pop(frame, &flags, size_bytes))
        return false;
    set_flags(frame, flags);
    return true;
}

static bool is_prefix(uint8_t byte)
{
    return byte == 0x26 || byte == 0x2E || byte == 0x36 || byte == 0x3E ||
           (byte >= 0x64 && byte <= 0x67) || byte == 0xF0 || byte == 0xF2 || byte == 0xF3;
}

static _Noreturn void finish(const struct v86_frame *frame, const char *why)
{
    run.why = why;
    run.registers = (struct bios_registers){
        frame->trap.eax, frame->trap.ebx, frame->trap.ecx,     frame->trap.edx,    frame->trap.esi,
        frame->trap.edi, frame->trap.ebp, (uint16_t)frame->ds, (uint16_t)frame->es};
    v86_leave();
}

static bool halt(const struct v86_frame *frame)
{
    if (frame->trap.cs == run.return_segment && frame->trap.eip == 0)
        finish(frame, NULL);
    if (!run.interrupts_on)
        finish(frame, "the BIOS stopped the processor");
    return true; /* it waits for an interrupt, and one came */
}

/* Carries out the instruction that faulted, if it is one of those. */
static bool emulate(struct v86_frame *frame)
{
    uint32_t ip = frame->trap.eip;
    unsigned size_bytes = 2;
    const uint8_t *code = at(frame->trap.cs, ip, 1);
    for (; code && is_prefix(*code) && ip - frame->trap.eip < 8; code = at(frame->trap.cs, ++ip, 1))
        if (*code == 0x66)
            size_bytes = 4;
    const uint8_t *operand = at(frame->trap.cs, ip + 1, 1);
    if (!code)
        return false;
    uint32_t next = (ip + 1) & 0xFFFF;
    switch (*code) {
    case 0x9C: /* pushf */
        frame->trap.eip = next;
        return push(frame, flags_of(frame), size_bytes);
    case 0x9D: /* popf */
        frame->trap.eip = next;
        return pop_flags(frame, size_bytes);
    case 0xCC: /* int3 */
        return call_vector(frame, 3, next);
    case 0xCD: /* int n */
        return operand && call_interrupt(frame, *operand, (next + 1) & 0xFFFF);
    case 0xCF: /* iret */
        return return_from_interrupt(frame, size_bytes);
    case 0xF4: /* hlt */
        frame->trap.eip = halt(frame) ? next : 0;
        return true;
    case 0xFA: /* cli */
        frame->trap.eip = next;
        run.interrupts_on = false;
        return true;
    case 0xFB: /* sti */
        frame->trap.eip = next;
        run.interrupts_on = true;
        return true;
    default:
        return false;
    }
}

/* ---- traps ----------------------------------------------------------------------------------- */

static void report(const struct v86_frame *frame)
{
    console_print("error: the BIOS is stopped: %s at %04x:%04x, bytes",
                  trap_name(frame->trap.vector), frame->trap.cs & 0xFFFF, frame->trap.eip & 0xFFFF);
    for (uint32_t i = 0; i < BYTES_SHOWN; i++) {
        const uint8_t *byte = at(frame->trap.cs, frame->trap.eip + i, 1);
        console_print(byte ? " %02x" : " --", byte ? *byte : 0);
    }
    if (frame->trap.vector == TRAP_PAGE_FAULT)
        console_print(", %s 0x%x", frame->trap.error_code & 2 ? "writing" : "reading",
                      cpu_read_cr2());
    console_put('\n');
}

static void take_exception(struct trap_frame *trap)
{
    struct v86_frame *frame = (struct v86_frame *)(void *)trap;
    if (trap->vector == TRAP_PROTECTION && emulate(frame))
        return;
    report(frame);
    finish(frame, "the BIOS faulted");
}

static void take_time(void)
{
    static const struct v86_frame nothing;
    uint32_t passed = timer_ticks() - run.start_tick;
    bios_tick_count = run.bios_ticks + passed * 182 / (10 * TIMER_TICKS_PER_SECOND);
    if (passed <= SECONDS_MAX * TIMER_TICKS_PER_SECOND)
        return;
    console_write("error: the BIOS is stopped: it did not return within 5 seconds\n");
    finish(&nothing, "the BIOS did not return");
}

/* ---- a call ---------------------------------------------------------------------------------- */

static void map_buffers(const struct bios_buffer *buffers, size_t count, bool is_open)
{
    for (size_t i = 0; i < count; i++) {
        phys_t end = (buffers[i].base + buffers[i].size_bytes + FRAME_BYTES - 1) &
                     ~(phys_t)(FRAME_BYTES - 1);
        for (phys_t frame = buffers[i].base & ~(phys_t)(FRAME_BYTES - 1); frame < end;
             frame += FRAME_BYTES) {
            if (is_open)
                paging_map((uintptr_t)frame, frame, PAGING_WRITE | PAGING_EXECUTE | PAGING_USER);
            else
                paging_unmap((uintptr_t)frame);
        }
    }
}

/* Runs what begins at cs:ip until it returns. `memory` is the block, as the kernel sees it. */
static const char *call(uint16_t cs, uint16_t ip, struct bios_registers *registers,
                        uint16_t segment, uint8_t *memory)
{
    uint16_t *stack = (uint16_t *)(void *)(memory + BLOCK_BYTES - 6);
    struct v86_state state = {
        .eip = ip,
        .cs = cs,
        .eflags = FLAG_ALWAYS | CPU_FLAG_INTERRUPTS | CPU_FLAG_VIRTUAL_8086,
        .esp = BLOCK_BYTES - 6,
        .ss = segment,
        .registers = *registers,
    };
    memory[0] = 0xF4; /* hlt */
    stack[0] = 0;
    stack[1] = segment;
    stack[2] = CPU_FLAG_INTERRUPTS | FLAG_ALWAYS;
    run.interrupts_on = false;
    run.return_segment = segment;
    run.start_tick = timer_ticks();
    run.bios_ticks = bios_tick_count;
    uint32_t flags = cpu_read_flags();
    v86_run(&state, cpu_trap_stack());
    cpu_write_flags(flags);
    if (!run.why)
        *registers = run.registers;
    return run.why;
}

/* What is to be called: a vector, or code. */
struct target {
    uint8_t vector;
    const uint8_t *code; /* NULL: the vector */
    size_t code_bytes;
};

/* Where the vector leads, if there is code: firmware without a BIOS leaves anything there. */
static const char *call_handler(uint8_t vector, struct bios_registers *registers, uint16_t segment,
                                uint8_t *memory)
{
    const uint16_t *entry = (const uint16_t *)(const void *)at(0, vector * 4u, 4);
    const uint8_t *code = at(entry[1], entry[0], 1);
    if (!code || (uintptr_t)code < VECTORS_END || *code == 0x00 || *code == 0xFF)
        return "this machine has no such BIOS";
    return call(entry[1], entry[0], registers, segment, memory);
}

static const char *call_target(const struct target *target, struct bios_registers *registers,
                               phys_t block, uint8_t *memory)
{
    uint16_t segment = (uint16_t)(block >> 4);
    if (!target->code)
        return call_handler(target->vector, registers, segment, memory);
    memcpy(memory + CODE_OFFSET, target->code, target->code_bytes);
    return call(segment, CODE_OFFSET, registers, segment, memory);
}

static const char *run_target(const struct target *target, const char *caller,
                              struct bios_registers *registers, const struct bios_buffer *buffers,
                              size_t buffer_count)
{
    struct mm_request request = {
        .size_bytes = BLOCK_BYTES, .limit = V86_MEMORY_LIMIT, .owner = V86_OWNER};
    struct mm_block block;
    void *memory;
    if (trap_in_interrupt())
        return "the BIOS cannot be called in an interrupt handler";
    if (run.is_running)
        return "the BIOS is being called already";
    if (!timer_ticks_come())
        return "no timer interrupt comes, and nothing else could stop a BIOS that does not return";
    if (pool_alloc(memory_pool(), &request, MM_CACHED, &block, &memory) != MM_OK)
        return "there is no memory below 640 KiB for the BIOS's stack";
    if (target->code)
        trace_step("16-bit code of %zu bytes", target->code_bytes);
    else
        trace_step("BIOS: interrupt 0x%x, ax=0x%04x", target->vector, registers->eax & 0xFFFF);
    struct bios_buffer own = {block.base, block.size_bytes};
    run.is_running = true;
    run.caller = caller;
    trap_set_v86(take_exception, take_time);
    memory_open_bios(true);
    map_buffers(&own, 1, true);
    map_buffers(buffers, buffer_count, true);
    const char *why = call_target(target, registers, block.base, memory);
    map_buffers(buffers, buffer_count, false);
    map_buffers(&own, 1, false);
    memory_open_bios(false);
    run.is_running = false;
    pool_free(memory_pool(), memory);
    return why;
}

const char *v86_interrupt(uint8_t vector, const char *caller, struct bios_registers *registers,
                          const struct bios_buffer *buffers, size_t buffer_count)
{
    return run_target(&(struct target){.vector = vector}, caller, registers, buffers, buffer_count);
}

const char *v86_run_code(const uint8_t *code, size_t size_bytes, struct bios_registers *registers)
{
    ASSERT(size_bytes <= V86_CODE_BYTES_MAX);
    return run_target(&(struct target){0, code, size_bytes}, V86_OWNER, registers, NULL, 0);
}
