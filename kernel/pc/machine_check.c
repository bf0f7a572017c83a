/*
 * Enables machine checks and finds out which occurred. It reads and writes the banks of registers;
 * what their numbers mean differs between processors.
 */

#include "machine_check.h"

#include "kernel/cpu/cpu.h"
#include "trap.h"

/* Intel SDM vol. 4, 2.1 */
#define MSR_CAPABILITIES 0x179u
#define MSR_GLOBAL_CONTROL 0x17Bu
#define MSR_CONTROL(bank) (0x400u + 4 * (bank))
#define MSR_STATUS(bank) (0x401u + 4 * (bank))
#define MSR_ADDRESS(bank) (0x402u + 4 * (bank))

#define CAPABILITIES_COUNT 0xFFu
#define CAPABILITIES_GLOBAL_CONTROL (1u << 8)
#define STATUS_VALID ((uint64_t)1 << 63)
#define STATUS_HAS_ADDRESS ((uint64_t)1 << 58)

static unsigned bank_count;

/*
 * Bank 0's control register is the firmware's in a family 6 processor before model 1Ah (15.8),
 * which all of AMD's family 6 are, too. The signature's fields: SDM vol. 2A, CPUID.
 */
static bool is_firmwares(uint32_t signature, unsigned bank)
{
    unsigned family = signature >> 8 & 0xF;
    unsigned model = (signature >> 4 & 0xF) | (signature >> 12 & 0xF0);
    return bank == 0 && family == 6 && model < 0x1A;
}

/* As 15.8 has it. */
static void open_banks(void *context)
{
    const struct cpu_features *features = context;
    uint64_t capabilities = cpu_read_msr(MSR_CAPABILITIES);
    if (capabilities & CAPABILITIES_GLOBAL_CONTROL)
        cpu_write_msr(MSR_GLOBAL_CONTROL, UINT64_MAX);
    unsigned count = capabilities & CAPABILITIES_COUNT;
    for (unsigned bank = 0; bank < count; bank++) {
        if (!is_firmwares(features->signature, bank))
            cpu_write_msr(MSR_CONTROL(bank), UINT64_MAX);
        cpu_write_msr(MSR_STATUS(bank), 0);
    }
    bank_count = count;
}

/* An emulator may announce registers that it does not have. */
static bool is_protection(const struct trap_fault *fault)
{
    return fault->vector == TRAP_PROTECTION;
}

void machine_check_init(const struct cpu_features *features)
{
    struct trap_fault fault = {0};
    struct cpu_features copy = *features;
    if (features->machine_check_banks)
        trap_guard(open_banks, &copy, is_protection, &fault);
    if (features->machine_check)
        cpu_write_cr4(cpu_read_cr4() | CR4_MACHINE_CHECK);
}

bool machine_check_next(unsigned *bank, struct machine_check *check)
{
    while (*bank < bank_count) {
        check->bank = (*bank)++;
        check->status = cpu_read_msr(MSR_STATUS(check->bank));
        check->has_address = check->status & STATUS_HAS_ADDRESS;
        check->address = check->has_address ? cpu_read_msr(MSR_ADDRESS(check->bank)) : 0;
        if (check->status & STATUS_VALID)
            return true;
    }
    return false;
}
