/*
 * Decodes CPUID: which features the processor has. Processors of the first years have no leaf but
 * the first; firmware may limit the highest one, as NT wants it; hypervisors hide single bits.
 * Whatever does not fit together counts as absent.
 */

#include "cpu_features.h"

#include "kernel/lib/string.h"

#define LEAF1_FPU (1u << 0)
#define LEAF1_TSC (1u << 4)
#define LEAF1_MSR (1u << 5)
#define LEAF1_PAE (1u << 6)
#define LEAF1_MACHINE_CHECK (1u << 7)
#define LEAF1_APIC (1u << 9)
#define LEAF1_MTRR (1u << 12)
#define LEAF1_MACHINE_CHECK_BANKS (1u << 14)
#define LEAF1_PAT (1u << 16)
#define LEAF1_PSE36 (1u << 17)
#define LEAF1_ECX_HYPERVISOR (1u << 31) /* 0 in every processor; AMD64 APM vol. 3, appendix E.3.2 */
#define EXTENDED 0x80000000u
#define EXTENDED_FEATURES 0x80000001u
#define EXTENDED_ADDRESS_SIZES 0x80000008u
#define EXTENDED_NX (1u << 20)

#define FAMILY_WITH_APIC_BASE 6 /* a Pentium's controller has no such register */

#define PHYSICAL_BITS_MIN 32
#define PHYSICAL_BITS_MAX 52 /* what an entry of a page table can hold (SDM vol. 3A, 4.4) */

/* 0 without extended leaves: then the answer is some other leaf's, and no number of one. */
static uint32_t highest_extended(struct cpu_id (*ask)(uint32_t leaf))
{
    uint32_t highest = ask(EXTENDED).eax;
    return highest >> 16 == EXTENDED >> 16 ? highest : 0;
}

/*
 * Bits above the physical width are reserved in page tables and fault. Without the leaf that tells,
 * the width is 36 (SDM vol. 3A, 4.1.4); but QEMU's qemu32, with PAE and without PSE-36, takes 32.
 */
static unsigned find_physical_bits(struct cpu_id (*ask)(uint32_t leaf), uint32_t extended,
                                   uint32_t leaf1_edx)
{
    unsigned bits = extended >= EXTENDED_ADDRESS_SIZES ? ask(EXTENDED_ADDRESS_SIZES).eax & 0xFF : 0;
    if (bits < PHYSICAL_BITS_MIN)
        return leaf1_edx & LEAF1_PSE36 ? 36 : 32;
    return bits < PHYSICAL_BITS_MAX ? bits : PHYSICAL_BITS_MAX;
}

static void read_vendor(struct cpu_features *features, const struct cpu_id *id)
{
    memcpy(features->vendor, &id->ebx, 4);
    memcpy(features->vendor + 4, &id->edx, 4);
    memcpy(features->vendor + 8, &id->ecx, 4);
    for (char *c = features->vendor; *c; c++)
        if (*c < ' ' || *c > '~')
            *c = '?';
}

void cpu_features_read(struct cpu_features *features, struct cpu_id (*ask)(uint32_t leaf))
{
    struct cpu_id basic = ask(0);
    *features = (struct cpu_features){.cpuid = true, .physical_bits = PHYSICAL_BITS_MIN};
    read_vendor(features, &basic);
    if (basic.eax == 0 || basic.eax >= EXTENDED)
        return;
    struct cpu_id first = ask(1);
    uint32_t leaf1 = first.edx;
    uint32_t extended = highest_extended(ask);
    bool has_msr = leaf1 & LEAF1_MSR;
    features->signature = first.eax;
    features->fpu = leaf1 & LEAF1_FPU;
    features->tsc = leaf1 & LEAF1_TSC;
    features->pae = leaf1 & LEAF1_PAE;
    features->mtrr = has_msr && (leaf1 & LEAF1_MTRR);
    features->pat = has_msr && (leaf1 & LEAF1_PAT);
    features->apic_base =
        has_msr && (leaf1 & LEAF1_APIC) && (first.eax >> 8 & 0xF) >= FAMILY_WITH_APIC_BASE;
    features->machine_check = leaf1 & LEAF1_MACHINE_CHECK;
    features->machine_check_banks =
        has_msr && features->machine_check && (leaf1 & LEAF1_MACHINE_CHECK_BANKS);
    features->hypervisor = first.ecx & LEAF1_ECX_HYPERVISOR;
    if (features->pae)
        features->physical_bits = find_physical_bits(ask, extended, leaf1);
    if (features->pae && has_msr && extended >= EXTENDED_FEATURES)
        features->nx = ask(EXTENDED_FEATURES).edx & EXTENDED_NX;
}
