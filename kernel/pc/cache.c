/*
 * Makes a frame buffer write-combining. PAT first, since MTRRs are few and firmware may have used
 * them all. Which bits select an entry:
 *
 *   PAT PCD PWT   entry   at reset           here
 *    0   0   0    PA0     write-back         the same
 *    0   0   1    PA1     write-through      write-combining
 *    0   1   1    PA3     uncached           the same
 *
 * PA4 to PA7 are left alone: processors with errata take them for PA0 to PA3 (Pentium III erratum
 * E27, Pentium 4 erratum N46). Intel SDM vol. 3A, 12.11 and 12.12.
 */

#include "cache.h"

#include "kernel/cpu/mtrr.h"
#include "kernel/log/console.h"

#define MSR_MTRR_CAPABILITIES 0xFEu
#define MTRR_COUNT_MASK 0xFFu
#define MTRR_HAS_WRITE_COMBINING (1u << 10)
#define MSR_MTRR_BASE(index) (0x200u + 2 * (index))
#define MSR_MTRR_MASK(index) (0x201u + 2 * (index))
#define MSR_MTRR_DEFAULT 0x2FFu
#define MTRR_ENABLED (1u << 11)
#define MTRR_MAX 32

#define MSR_PAT 0x277u
#define PAT_ENTRY1_SHIFT 8
#define PAT_WRITE_COMBINING 0x01u

static bool pat;
static bool mtrrs;
static unsigned physical_bits;

struct cache_state {
    uint32_t flags;
    uint32_t cr0;
};

/* Nothing is cached while types change (12.11.8). Without global pages, CR3 flushes the TLB. */
static struct cache_state begin_change(void)
{
    struct cache_state state = {cpu_read_flags(), cpu_read_cr0()};
    cpu_disable_interrupts();
    cpu_write_cr0((state.cr0 | CR0_CACHE_DISABLE) & ~CR0_NOT_WRITE_THROUGH);
    cpu_flush_caches();
    cpu_write_cr3(cpu_read_cr3());
    return state;
}

static void end_change(struct cache_state state)
{
    cpu_flush_caches();
    cpu_write_cr3(cpu_read_cr3());
    cpu_write_cr0(state.cr0);
    cpu_write_flags(state.flags);
}

static void load_pat(void)
{
    uint64_t table = cpu_read_msr(MSR_PAT);
    table &= ~((uint64_t)0xFF << PAT_ENTRY1_SHIFT);
    table |= (uint64_t)PAT_WRITE_COMBINING << PAT_ENTRY1_SHIFT;
    struct cache_state state = begin_change();
    cpu_write_msr(MSR_PAT, table);
    end_change(state);
}

void cache_init(const struct cpu_features *features, bool wanted)
{
    physical_bits = features->physical_bits;
    if (wanted && (features->pat || features->mtrr))
        trace_step("memory types: PAT, MTRRs");
    pat = wanted && features->pat;
    mtrrs = wanted && !pat && features->mtrr &&
            (cpu_read_msr(MSR_MTRR_CAPABILITIES) & MTRR_HAS_WRITE_COMBINING) &&
            (cpu_read_msr(MSR_MTRR_DEFAULT) & MTRR_ENABLED);
    if (pat) {
        trace_step("page attribute table: entry 1 is write-combining");
        load_pat();
    }
}

const char *cache_write_combining_name(void)
{
    return pat ? "pat" : mtrrs ? "mtrr" : "none";
}

bool cache_pages_combine(void)
{
    return pat;
}

/* ---- ranges ---------------------------------------------------------------------------------- */

static unsigned read_registers(struct mtrr registers[MTRR_MAX])
{
    unsigned count = (unsigned)cpu_read_msr(MSR_MTRR_CAPABILITIES) & MTRR_COUNT_MASK;
    count = count < MTRR_MAX ? count : MTRR_MAX;
    for (unsigned i = 0; i < count; i++)
        registers[i] =
            (struct mtrr){cpu_read_msr(MSR_MTRR_BASE(i)), cpu_read_msr(MSR_MTRR_MASK(i))};
    return count;
}

/* The mask comes last, with the bit that makes the register count, and goes first. */
static void write_register(unsigned index, struct mtrr value)
{
    struct cache_state state = begin_change();
    cpu_write_msr(MSR_MTRR_MASK(index), 0);
    cpu_write_msr(MSR_MTRR_BASE(index), value.base);
    cpu_write_msr(MSR_MTRR_MASK(index), value.mask);
    end_change(state);
}

bool cache_combine_range(phys_t base, uint64_t size_bytes)
{
    struct mtrr registers[MTRR_MAX];
    struct mtrr wanted;
    if (!mtrrs)
        return false;
    unsigned count = read_registers(registers);
    int index = mtrr_choose(registers, count, base, size_bytes, physical_bits, &wanted);
    if (index >= 0) {
        trace_step("MTRR %d: write-combining from 0x%llx", index, (number_t)base);
        write_register((unsigned)index, wanted);
    }
    return index >= 0;
}

void cache_release_range(phys_t base)
{
    struct mtrr registers[MTRR_MAX];
    unsigned count = mtrrs ? read_registers(registers) : 0;
    for (unsigned i = 0; i < count; i++)
        if ((registers[i].mask & MTRR_VALID) &&
            registers[i].base == (base | MTRR_TYPE_WRITE_COMBINING))
            write_register(i, (struct mtrr){0});
}
