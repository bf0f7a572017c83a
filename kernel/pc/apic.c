/*
 * Makes the local interrupt controller pass on what the 8259s say. A BIOS for PCs leaves the local
 * controller either switched off or passing on what the 8259s say: "virtual wire mode"
 * (MultiProcessor Specification 1.4, 3.6.2.2). QEMU's qboot, the firmware of its microvm, leaves it
 * as it is after a reset: on, not enabled by its own register, all inputs masked. Then what the
 * specification asks of a BIOS is done here.
 *
 * References are to the Intel SDM, vol. 3A.
 */

#include "interrupts.h"

#include "kernel/log/console.h"
#include "trap.h"

/* 11.4.4; in x2APIC mode its registers are not in memory. */
#define MSR_APIC_BASE 0x1Bu
#define BASE_X2APIC (1u << 10)
#define BASE_ENABLED (1u << 11)
#define BASE_ADDRESS_MASK 0xFFFFFFFFFFFFF000u

/* 11.5.1, 11.9: while the enabling bit is clear, inputs cannot be unmasked. */
#define REGISTER_SPURIOUS 0xF0u
#define SPURIOUS_VECTOR_MASK 0xFFu
#define SPURIOUS_ENABLED (1u << 8)
#define REGISTER_LINT0 0x350u /* wired to the 8259s */
#define REGISTER_LINT1 0x360u /* wired to NMI */
#define INPUT_MASKED (1u << 16)
#define INPUT_EXTERNAL 0x700u /* the vector comes from the 8259s */
#define INPUT_NMI 0x400u

static volatile uint32_t *register_at(uint64_t base, uint32_t offset)
{
    return (volatile uint32_t *)(uintptr_t)(base + offset);
}

void apic_pass_interrupts(const struct cpu_features *features)
{
    if (!features->apic_base)
        return;
    trace_step("local interrupt controller: does it pass on interrupts?");
    uint64_t value = cpu_read_msr(MSR_APIC_BASE);
    uint64_t base = value & BASE_ADDRESS_MASK;
    if (!(value & BASE_ENABLED) || (value & BASE_X2APIC) || base > UINT32_MAX)
        return;
    volatile uint32_t *spurious = register_at(base, REGISTER_SPURIOUS);
    volatile uint32_t *lint0 = register_at(base, REGISTER_LINT0);
    if ((*spurious & SPURIOUS_ENABLED) || !(*lint0 & INPUT_MASKED))
        return;
    *spurious = (*spurious & ~SPURIOUS_VECTOR_MASK) | SPURIOUS_ENABLED | TRAP_SPURIOUS_VECTOR;
    *lint0 = INPUT_EXTERNAL;
    *register_at(base, REGISTER_LINT1) = INPUT_NMI;
}
