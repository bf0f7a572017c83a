#ifndef KERNEL_CPU_FEATURES_H
#define KERNEL_CPU_FEATURES_H

/*
 * Which features the processor has, by what CPUID's leaves say and what can be true. It is given
 * the leaves, and executes no instruction of its own.
 */

#include <stdbool.h>
#include <stdint.h>

struct cpu_features {
    bool cpuid;
    bool fpu;
    bool tsc;
    bool pae;
    bool nx;
    bool mtrr;
    bool pat;
    bool apic_base; /* the local interrupt controller has a register that says where it is */
    bool machine_check; /* the exception */
    bool machine_check_banks; /* and registers that say what it was */
    bool hypervisor; /* the machine is emulated, and says so */
    unsigned physical_bits; /* of an address that page tables can hold: 32 to 52 */
    uint32_t signature; /* family, model and stepping; 0 if it is not told */
    char vendor[13]; /* "unknown" without CPUID */
};

struct cpu_id {
    uint32_t eax;
    uint32_t ebx;
    uint32_t ecx;
    uint32_t edx;
};

/*
 * Reads the features of a processor that has CPUID. A leaf beyond the highest that the processor
 * names is not asked for: it would answer another leaf's data (Intel SDM vol. 2A, CPUID).
 */
void cpu_features_read(struct cpu_features *features, struct cpu_id (*ask)(uint32_t leaf));

#endif
