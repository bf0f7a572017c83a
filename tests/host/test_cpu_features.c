/* CPUID's leaves, of processors that tell the truth and of others. */

#include "test.h"

#include "kernel/cpu/cpu_features.h"

#define FPU (1u << 0)
#define TSC (1u << 4)
#define MSR (1u << 5)
#define PAE (1u << 6)
#define MCE (1u << 7)
#define MTRR (1u << 12)
#define MCA (1u << 14)
#define PAT (1u << 16)
#define PSE36 (1u << 17)
#define NX (1u << 20)

static struct {
    uint32_t basic; /* the highest leaf */
    uint32_t leaf1;
    uint32_t extended; /* what leaf 0x80000000 says */
    uint32_t extended1;
    uint32_t address_sizes;
} processor;

static struct cpu_id ask(uint32_t leaf)
{
    switch (leaf) {
    case 0:
        return (struct cpu_id){processor.basic, 0x756E6547, 0x6C65746E, 0x49656E69};
    case 1:
        assert_true(processor.basic >= 1);
        return (struct cpu_id){.eax = 0x673, .edx = processor.leaf1};
    case 0x80000000:
        return (struct cpu_id){.eax = processor.extended};
    case 0x80000001:
        assert_true(processor.extended >= leaf);
        return (struct cpu_id){.edx = processor.extended1};
    case 0x80000008:
        assert_true(processor.extended >= leaf);
        return (struct cpu_id){.eax = processor.address_sizes};
    default:
        fail_msg("leaf 0x%x", leaf);
        return (struct cpu_id){0};
    }
}

static struct cpu_features features;

static int start(void **state)
{
    (void)state;
    processor.basic = 13;
    processor.leaf1 = FPU | TSC | MSR | PAE | MTRR | PAT | PSE36;
    processor.extended = 0x80000008;
    processor.extended1 = NX;
    processor.address_sizes = 0x3028;
    return 0;
}

static void all_of_it(void **state)
{
    (void)state;
    cpu_features_read(&features, ask);
    assert_string_equal(features.vendor, "GenuineIntel");
    assert_int_equal(features.signature, 0x673);
    assert_true(features.cpuid && features.fpu && features.tsc && features.pae && features.nx &&
                features.mtrr && features.pat);
    assert_int_equal(features.physical_bits, 40);
}

static void without_leaf_1_it_is_a_486(void **state)
{
    (void)state;
    processor.basic = 0;
    cpu_features_read(&features, ask);
    assert_string_equal(features.vendor, "GenuineIntel");
    assert_false(features.fpu || features.tsc || features.pae || features.nx || features.mtrr ||
                 features.pat);
    assert_int_equal(features.signature, 0);
    assert_int_equal(features.physical_bits, 32);
}

/* Firmware's setting for old NT: no leaf above 3, the extended ones as ever. */
static void limited_leaves_change_nothing(void **state)
{
    (void)state;
    processor.basic = 3;
    cpu_features_read(&features, ask);
    assert_true(features.nx && features.pat);
    assert_int_equal(features.physical_bits, 40);
}

/* A step of a 486 that gives its signature where the highest leaf belongs. */
static void highest_leaf_that_is_none_is_not_believed(void **state)
{
    (void)state;
    processor.basic = 0xFFFFFFFF;
    cpu_features_read(&features, ask);
    assert_false(features.tsc || features.pae);
}

/* Without extended leaves the answer is the last basic leaf's, which may be any number. */
static void extended_leaves_that_are_others_are_not_asked(void **state)
{
    (void)state;
    static const uint32_t answers[] = {0, 2, 0x07280202, 0x7FFFFFFF, 0x80010008, 0xFFFFFFFF};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        processor.extended = answers[i];
        cpu_features_read(&features, ask);
        assert_false(features.nx);
        assert_int_equal(features.physical_bits, 36);
    }
}

static void width_that_cannot_be_is_not_believed(void **state)
{
    (void)state;
    static const struct {
        uint32_t said;
        unsigned expected;
    } cases[] = {{0, 36}, {31, 36}, {32, 32}, {52, 52}, {53, 52}, {64, 52}, {255, 52}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        processor.address_sizes = cases[i].said;
        cpu_features_read(&features, ask);
        assert_int_equal(features.physical_bits, cases[i].expected);
    }
}

static void without_pae_there_is_no_nx_and_no_width(void **state)
{
    (void)state;
    processor.leaf1 &= ~PAE;
    cpu_features_read(&features, ask);
    assert_false(features.pae || features.nx);
    assert_int_equal(features.physical_bits, 32);
}

static void without_registers_there_is_nothing_in_them(void **state)
{
    (void)state;
    processor.leaf1 &= ~MSR;
    cpu_features_read(&features, ask);
    assert_true(features.pae && features.tsc);
    assert_false(features.nx || features.mtrr || features.pat);
}

/* Registers of errors are model-specific ones, and of no use without the exception. */
static void machine_checks(void **state)
{
    (void)state;
    static const struct {
        uint32_t leaf1;
        bool exception;
        bool banks;
    } rows[] = {{MSR | MCE | MCA, true, true},
                {MSR | MCE, true, false},
                {MCE | MCA, true, false},
                {MSR | MCA, false, false},
                {MSR, false, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        processor.leaf1 = rows[i].leaf1;
        cpu_features_read(&features, ask);
        assert_int_equal(features.machine_check, rows[i].exception);
        assert_int_equal(features.machine_check_banks, rows[i].banks);
    }
}

#define WITH(test) cmocka_unit_test_setup(test, start)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(all_of_it),
        WITH(without_leaf_1_it_is_a_486),
        WITH(limited_leaves_change_nothing),
        WITH(highest_leaf_that_is_none_is_not_believed),
        WITH(extended_leaves_that_are_others_are_not_asked),
        WITH(width_that_cannot_be_is_not_believed),
        WITH(without_pae_there_is_no_nx_and_no_width),
        WITH(without_registers_there_is_nothing_in_them),
        WITH(machine_checks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
