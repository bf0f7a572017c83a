/*
 * What ACPI's tables say of switching off and resetting: read where they are whole, as on real
 * machines, and not believed where anything is damaged.
 */

#include "acpi_image.h"
#include "test.h"

static struct acpi_image image;
static struct acpi acpi;
static struct phys_range regions[3]; /* the map's, of ACPI's own kind */
static size_t region_count;

static bool next_region(void *context, size_t *cursor, struct phys_range *region)
{
    assert_ptr_equal(context, &image);
    if (*cursor >= region_count)
        return false;
    *region = regions[(*cursor)++];
    return true;
}

static const struct acpi_memory memory = {image_read, &image, next_region};

static uint8_t *at(phys_t physical)
{
    return image_at(&image, physical, 1);
}

static void put(phys_t physical, uint64_t number, unsigned size_bytes)
{
    image_put(at(physical), number, size_bytes);
}

static uint32_t length_of(phys_t table)
{
    const uint8_t *length = at(table + 4);
    return length[0] | (uint32_t)length[1] << 8 | (uint32_t)length[2] << 16;
}

static void seal(phys_t table)
{
    image_seal(at(table), length_of(table), 9);
}

static void make_table(phys_t table, const char *signature, unsigned revision,
                       uint32_t length_bytes)
{
    memset(at(table), 0, length_bytes);
    memcpy(at(table), signature, 4);
    put(table + 4, length_bytes, 4);
    put(table + 8, revision, 1);
    seal(table);
}

static void make_code(phys_t table, const char *signature, const void *code, uint32_t size_bytes)
{
    make_table(table, signature, 1, 36 + size_bytes);
    memcpy(at(table + 36), code, size_bytes);
    seal(table);
}

static void make_root(phys_t root, unsigned revision)
{
    memset(at(root), 0, 36);
    memcpy(at(root), "RSD PTR ", 8);
    memcpy(at(root + 9), "BOCHS ", 6);
    put(root + 15, revision, 1);
    put(root + 16, RSDT_AT, 4);
    put(root + 20, 36, 4);
    put(root + 24, XSDT_AT, 8);
    image_seal(at(root), 20, 8);
    image_seal(at(root), 36, 32);
}

static void make_list(phys_t table, const char *signature, unsigned entry_bytes, unsigned count,
                      const phys_t *entries)
{
    make_table(table, signature, 1, 36 + count * entry_bytes);
    for (unsigned i = 0; i < count; i++)
        put(table + 36 + i * entry_bytes, entries[i], entry_bytes);
    seal(table);
}

/* Name (\_S5, Package () {5, 6, Zero, Zero}), among other code. */
static const uint8_t code_of_s5[] = {0x10, 0x05, '_',  'S',  'B',  '_',  0x08, '\\', '_',  'S', '5',
                                     '_',  0x12, 0x08, 0x04, 0x0A, 0x05, 0x0A, 0x06, 0x00, 0x00};

/* What QEMU's pc has: ACPI 1.0, in the BIOS's ROM. */
static int start_old_pc(void **state)
{
    const phys_t tables[] = {FADT_AT, SSDT_AT};
    (void)state;
    memset(&image, 0, sizeof image);
    region_count = 0;
    make_root(ROOT_AT, 0);
    make_list(RSDT_AT, "RSDT", 4, 2, tables);
    make_table(FADT_AT, "FACP", 1, 116);
    put(FADT_AT + 40, DSDT_AT, 4);
    put(FADT_AT + 48, 0xB2, 4);
    put(FADT_AT + 52, 0xF1, 1);
    put(FADT_AT + 56, 0x600, 4);
    put(FADT_AT + 64, 0x604, 4);
    seal(FADT_AT);
    make_code(DSDT_AT, "DSDT", code_of_s5, sizeof code_of_s5);
    make_table(SSDT_AT, "SSDT", 1, 36);
    return 0;
}

static void put_address(phys_t to, unsigned space, phys_t address)
{
    put(to, space, 1);
    put(to + 1, 32, 1);
    put(to + 4, address, 8);
}

/* ACPI 6.5: everything by its long fields, some of it above 4 GiB. */
static int start_new_pc(void **state)
{
    const phys_t tables[] = {SSDT_AT, HIGH_BASE};
    start_old_pc(state);
    make_root(ROOT_AT, 2);
    make_table(RSDT_AT, "RSDT", 1, 36);
    make_list(XSDT_AT, "XSDT", 8, 2, tables);
    make_table(HIGH_BASE, "FACP", 6, 276);
    put(HIGH_BASE + 112, 1 << 10, 4);
    put_address(HIGH_BASE + 116, 1, 0xCF9);
    put(HIGH_BASE + 128, 6, 1);
    put(HIGH_BASE + 140, DSDT_AT, 8);
    put_address(HIGH_BASE + 148, 1, 0x1800);
    put_address(HIGH_BASE + 172, 1, 0x1804);
    put_address(HIGH_BASE + 184, 1, 0x1904);
    put_address(HIGH_BASE + 244, 0, 0xFEA00200);
    put_address(HIGH_BASE + 256, 0, 0xFEA00201);
    seal(HIGH_BASE);
    return 0;
}

static bool can_power_off(void)
{
    acpi_read(&acpi, NULL, 0, &memory);
    if (!acpi_has_power_off(&acpi))
        assert_non_null(acpi.problem);
    return acpi_has_power_off(&acpi);
}

/* ---- machines -------------------------------------------------------------------------------- */

static void old_pc_is_read(void **state)
{
    (void)state;
    assert_true(can_power_off());
    assert_null(acpi.problem);
    assert_string_equal(acpi.oem, "BOCHS");
    assert_int_equal(acpi.revision, 0);
    assert_int_equal(acpi.table_count, 2);
    assert_false(acpi.is_reduced);
    assert_int_equal(acpi.pm1_status[0].address, 0x600);
    assert_int_equal(acpi.pm1_control[0].space, ACPI_SPACE_IO);
    assert_int_equal(acpi.pm1_control[0].address, 0x604);
    assert_int_equal(acpi.pm1_control[1].address, 0);
    assert_int_equal(acpi.smi_command, 0xB2);
    assert_int_equal(acpi.smi_enable, 0xF1);
    assert_int_equal(acpi.sleep_types.a, 5);
    assert_int_equal(acpi.sleep_types.b, 6);
    assert_int_equal(acpi.reset.address, 0);
}

static void new_pc_is_read(void **state)
{
    (void)state;
    assert_true(can_power_off());
    assert_null(acpi.problem);
    assert_int_equal(acpi.revision, 2);
    assert_int_equal(acpi.pm1_status[0].address, 0x1800);
    assert_int_equal(acpi.pm1_control[0].address, 0x1804);
    assert_int_equal(acpi.pm1_control[1].address, 0x1904);
    assert_int_equal(acpi.smi_command, 0);
    assert_int_equal(acpi.reset.space, ACPI_SPACE_IO);
    assert_int_equal(acpi.reset.address, 0xCF9);
    assert_int_equal(acpi.reset_value, 6);
}

static void reduced_hardware_sleeps_by_its_register(void **state)
{
    (void)state;
    put(HIGH_BASE + 112, 1 << 10 | 1 << 20, 4);
    seal(HIGH_BASE);
    assert_true(can_power_off());
    assert_true(acpi.is_reduced);
    assert_int_equal(acpi_sleep_register(&acpi).space, ACPI_SPACE_MEMORY);
    assert_int_equal(acpi_sleep_register(&acpi).address, 0xFEA00200);
    assert_int_equal(acpi.sleep_status.address, 0xFEA00201);
    put(HIGH_BASE + 244 + 4, 0, 8);
    seal(HIGH_BASE);
    assert_false(can_power_off());
    assert_string_equal(acpi.problem, "names no register to sleep by");
}

static void older_revision_has_no_reduced_hardware(void **state)
{
    (void)state;
    put(HIGH_BASE + 112, 1 << 20, 4);
    put(HIGH_BASE + 8, 4, 1);
    seal(HIGH_BASE);
    assert_true(can_power_off());
    assert_false(acpi.is_reduced);
}

/* ---- the root pointer ------------------------------------------------------------------------ */

static void loader_knows_the_root_of_a_machine_without_bios(void **state)
{
    uint8_t root[36];
    (void)state;
    memcpy(root, at(ROOT_AT), sizeof root);
    memset(at(ROOT_AT), 0, sizeof root);
    acpi_read(&acpi, root, sizeof root, &memory);
    assert_true(acpi_has_power_off(&acpi));
    assert_null(acpi.problem);
    assert_false(can_power_off());
    assert_string_equal(acpi.table, "root pointer");
    assert_int_equal(acpi.table_count, 0);
    assert_string_equal(acpi.oem, "");
}

static void short_root_of_the_loader_leads_to_the_short_table(void **state)
{
    uint8_t root[20];
    (void)state;
    memcpy(root, at(ROOT_AT), sizeof root);
    root[15] = 2;
    image_seal(root, sizeof root, 8);
    memset(at(ROOT_AT), 0, 36);
    acpi_read(&acpi, root, sizeof root, &memory);
    assert_true(acpi_has_power_off(&acpi));
    acpi_read(&acpi, root, sizeof root - 1, &memory);
    assert_false(acpi_has_power_off(&acpi));
}

static void damaged_root_of_the_loader_is_searched_for_anew(void **state)
{
    uint8_t root[36] = "RSD PTR ";
    (void)state;
    acpi_read(&acpi, root, sizeof root, &memory);
    assert_true(acpi_has_power_off(&acpi));
    assert_string_equal(acpi.problem, "given by the boot loader is damaged");
}

static void root_lies_in_the_bios_data_area_too(void **state)
{
    (void)state;
    memset(at(ROOT_AT), 0, 36);
    make_root(EBDA_BASE + 1024 - 32, 0); /* the last place; 4 bytes of it would lie beyond */
    memset(at(EBDA_BASE + 1024 - 12), 0, 12);
    assert_false(can_power_off());
    put(0x40E, EBDA_BASE >> 4, 2);
    assert_true(can_power_off());
}

static void root_is_searched_for_on_16_bytes_up_to_the_end(void **state)
{
    (void)state;
    memset(at(ROOT_AT), 0, 36);
    make_root(0xF0018, 0);
    assert_false(can_power_off());
    make_root(0xFFFE0 - 16, 0);
    assert_true(can_power_off());
    memset(at(0xFFFD0), 0, 48);
    make_root(0xE0000, 0);
    assert_true(can_power_off());
}

/* By multiboot 1 on UEFI it lies nowhere else. */
static void root_lies_in_a_region_of_acpi(void **state)
{
    phys_t last = HIGH_BASE + sizeof image.high - 48;
    (void)state;
    memset(at(ROOT_AT), 0, 36);
    make_root(last, 0);
    assert_false(can_power_off());
    assert_string_equal(acpi.problem,
                        "is neither given by the boot loader nor in memory of the BIOS or ACPI");
    regions[0] = (struct phys_range){0x1000, 0x2000}; /* which cannot be read */
    regions[1] = (struct phys_range){HIGH_BASE, HIGH_BASE + 32}; /* beside it */
    regions[2] = (struct phys_range){HIGH_BASE, HIGH_BASE + sizeof image.high};
    region_count = 2;
    assert_false(can_power_off());
    region_count = 3;
    assert_true(can_power_off());
}

/* The bounds of the region that it lies in, and whether it is found. */
static void root_lies_wholly_inside_its_region(void **state)
{
    static const phys_t place = HIGH_BASE + 0x200;
    static const struct {
        phys_t base;
        phys_t end;
        bool is_found;
    } rows[] = {
        {place, place + 20, true},        {place - 16, place + 20, true},
        {place - 256, place + 36, true},  {place, place + 19, false},
        {place + 16, place + 256, false}, {place - 256, place + 8, false},
        {place - 256, place, false},      {place, place, false},
        {place, place + 1, false},
    };
    (void)state;
    memset(at(ROOT_AT), 0, 36);
    make_root(place, 0);
    region_count = 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        regions[0] = (struct phys_range){rows[i].base, rows[i].end};
        assert_int_equal(can_power_off(), rows[i].is_found);
    }
    memset(at(place), 0, 36);
    make_root(place + 8, 0);
    regions[0] = (struct phys_range){HIGH_BASE, HIGH_BASE + sizeof image.high};
    assert_false(can_power_off());
}

static void region_is_searched_after_the_bios(void **state)
{
    (void)state;
    make_root(HIGH_BASE, 0);
    memcpy(at(HIGH_BASE + 9), "REGION", 6);
    image_seal(at(HIGH_BASE), 20, 8);
    regions[0] = (struct phys_range){HIGH_BASE, HIGH_BASE + sizeof image.high};
    region_count = 1;
    assert_true(can_power_off());
    assert_string_equal(acpi.oem, "BOCHS");
    memset(at(ROOT_AT), 0, 36);
    assert_true(can_power_off());
    assert_string_equal(acpi.oem, "REGION");
}

static uint64_t bytes_read;

static bool read_zeros(void *context, phys_t physical, void *to, size_t size_bytes)
{
    (void)context;
    assert_true(physical < PHYS_LIMIT && size_bytes <= PHYS_LIMIT - physical);
    bytes_read += size_bytes;
    memset(to, 0, size_bytes);
    return true;
}

static void regions_without_an_end_cost_little(void **state)
{
    const struct acpi_memory endless = {read_zeros, &image, next_region};
    (void)state;
    regions[0] = (struct phys_range){4 * GIB, 4 * GIB + MIB};
    regions[1] = (struct phys_range){8 * GIB, PHYS_LIMIT};
    region_count = 2;
    bytes_read = 0;
    acpi_read(&acpi, NULL, 0, &endless);
    assert_false(acpi_has_power_off(&acpi));
    assert_in_range(bytes_read, 16 * MIB, 17 * MIB);
}

static void root_without_its_sum_is_passed_over(void **state)
{
    (void)state;
    for (phys_t byte = ROOT_AT; byte < ROOT_AT + 20; byte++) {
        *at(byte) ^= 0x10;
        assert_false(can_power_off());
        *at(byte) ^= 0x10;
    }
    make_root(0xE0100, 0); /* before the right one */
    *at(0xE0100 + 12) ^= 1;
    assert_true(can_power_off());
}

static void root_without_its_second_sum_leads_to_the_short_table(void **state)
{
    const phys_t tables[] = {FADT_AT};
    (void)state;
    make_list(RSDT_AT, "RSDT", 4, 1, tables);
    for (phys_t byte = ROOT_AT + 20; byte < ROOT_AT + 36; byte++) {
        *at(byte) ^= 0x10;
        assert_true(can_power_off());
        assert_int_equal(acpi.pm1_control[0].address, 0x604);
        *at(byte) ^= 0x10;
    }
    assert_true(can_power_off());
    assert_int_equal(acpi.pm1_control[0].address, 0x1804);
}

static void maker_is_printable(void **state)
{
    (void)state;
    memcpy(at(ROOT_AT + 9), "A\x01\"\xFF  ", 6);
    image_seal(at(ROOT_AT), 20, 8);
    acpi_read(&acpi, NULL, 0, &memory);
    assert_string_equal(acpi.oem, "A???");
    memset(at(ROOT_AT + 9), 0, 6);
    image_seal(at(ROOT_AT), 20, 8);
    acpi_read(&acpi, NULL, 0, &memory);
    assert_string_equal(acpi.oem, "");
}

/* ---- damaged tables -------------------------------------------------------------------------- */

static void any_byte_that_changed_is_noticed(void **state)
{
    static const phys_t tables[] = {RSDT_AT, FADT_AT, DSDT_AT};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        uint32_t length_bytes = length_of(tables[i]);
        for (phys_t byte = tables[i]; byte < tables[i] + length_bytes; byte++) {
            *at(byte) ^= 0x21;
            assert_false(can_power_off());
            *at(byte) ^= 0x21;
        }
    }
    assert_true(can_power_off());
}

static void length_must_be_believable(void **state)
{
    static const phys_t tables[] = {RSDT_AT, FADT_AT, DSDT_AT};
    static const uint32_t lengths[] = {0, 8, 35, 0x100000, 5u << 20, 0x7FFFFFFF, 0xFFFFFFFF};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        for (size_t j = 0; j < sizeof lengths / sizeof *lengths; j++) {
            start_old_pc(state);
            put(tables[i] + 4, lengths[j], 4);
            if (lengths[j] <= 35) /* the sum over what it says is right */
                image_seal(at(tables[i]), lengths[j] > 9 ? lengths[j] : 36, 9);
            assert_false(can_power_off());
            assert_int_equal(acpi.problem_address, tables[i]);
        }
    }
}

static void address_must_be_within_reach(void **state)
{
    static const phys_t addresses[] = {0,
                                       0x100000,
                                       0xFFFFFFF0,
                                       0xFFFF0,
                                       HIGH_BASE - 1,
                                       1ull << 52,
                                       0xFFFFFFFFFFFFFFF0,
                                       HIGH_BASE + 0x1000 - 20};
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        start_new_pc(state);
        put(HIGH_BASE + 140, addresses[i], 8);
        seal(HIGH_BASE);
        assert_false(can_power_off());
        assert_string_equal(acpi.table, "DSDT");
    }
    start_new_pc(state);
    put(XSDT_AT + 36 + 8, 1ull << 63, 8);
    seal(XSDT_AT);
    assert_false(can_power_off());
    assert_string_equal(acpi.table, "FACP");
    assert_string_equal(acpi.problem, "is not among the tables");
}

static bool read_with_a_hole(void *context, phys_t physical, void *to, size_t size_bytes)
{
    if (physical <= DSDT_AT + 300 && DSDT_AT + 300 < physical + size_bytes)
        return false;
    return image_read(context, physical, to, size_bytes);
}

static void table_with_a_hole_is_not_believed(void **state)
{
    const struct acpi_memory holed = {read_with_a_hole, &image, NULL};
    (void)state;
    make_table(DSDT_AT, "DSDT", 1, 1000);
    memcpy(at(DSDT_AT + 36), code_of_s5, sizeof code_of_s5);
    seal(DSDT_AT);
    assert_true(can_power_off());
    acpi_read(&acpi, NULL, 0, &holed);
    assert_false(acpi_has_power_off(&acpi));
    assert_string_equal(acpi.problem, "has a wrong sum");
}

static void damaged_long_table_makes_way_for_the_short_one(void **state)
{
    const phys_t tables[] = {FADT_AT};
    (void)state;
    make_list(RSDT_AT, "RSDT", 4, 1, tables);
    *at(XSDT_AT + 40) ^= 1;
    assert_true(can_power_off());
    assert_int_equal(acpi.pm1_control[0].address, 0x604);
    assert_string_equal(acpi.table, "XSDT");
}

static void root_table_of_odd_length_has_its_whole_entries(void **state)
{
    (void)state;
    for (uint32_t more = 0; more < 8; more++) {
        put(XSDT_AT + 4, 36 + 16 + more, 4);
        seal(XSDT_AT);
        assert_true(can_power_off());
        assert_int_equal(acpi.table_count, 2);
    }
    put(XSDT_AT + 4, 36 + 15, 4);
    seal(XSDT_AT);
    assert_false(can_power_off());
    assert_int_equal(acpi.table_count, 1);
}

static void tables_that_lead_in_a_circle_end(void **state)
{
    const phys_t circle[] = {RSDT_AT, ROOT_AT, RSDT_AT, FADT_AT};
    (void)state;
    make_list(RSDT_AT, "RSDT", 4, 4, circle);
    assert_true(can_power_off());
    put(FADT_AT + 40, FADT_AT, 4);
    seal(FADT_AT);
    assert_false(can_power_off());
    assert_string_equal(acpi.problem, "has another signature");
}

static void whole_table_behind_a_damaged_one_of_its_name_is_taken(void **state)
{
    const phys_t tables[] = {FADT_AT, HIGH_BASE};
    (void)state;
    make_list(XSDT_AT, "XSDT", 8, 2, tables);
    *at(FADT_AT + 20) ^= 1;
    assert_true(can_power_off());
    assert_int_equal(acpi.pm1_control[0].address, 0x1804);
    assert_int_equal(acpi.problem_address, FADT_AT);
}

/* ---- the fixed description table ------------------------------------------------------------- */

static void long_fields_win_unless_they_are_none(void **state)
{
    (void)state;
    put(HIGH_BASE + 64, 0x404, 4);
    put(HIGH_BASE + 40, SSDT_AT, 4);
    seal(HIGH_BASE);
    assert_true(can_power_off());
    assert_int_equal(acpi.pm1_control[0].address, 0x1804);
    put_address(HIGH_BASE + 172, 0x7F, 0x1804); /* a space that is none of a register's */
    seal(HIGH_BASE);
    assert_true(can_power_off());
    assert_int_equal(acpi.pm1_control[0].address, 0x404);
    put_address(HIGH_BASE + 172, 1, 0xFFFF); /* two bytes do not fit */
    seal(HIGH_BASE);
    assert_true(can_power_off());
    assert_int_equal(acpi.pm1_control[0].address, 0x404);
    put(HIGH_BASE + 64, 0x10404, 4);
    seal(HIGH_BASE);
    assert_false(can_power_off());
    put_address(HIGH_BASE + 172, 0, 0xFED80804);
    seal(HIGH_BASE);
    assert_true(can_power_off());
    assert_int_equal(acpi.pm1_control[0].space, ACPI_SPACE_MEMORY);
}

static void field_beyond_the_table_is_none(void **state)
{
    (void)state;
    put(HIGH_BASE + 4, 172, 4); /* PM1a's long field, and all behind it, are cut off */
    seal(HIGH_BASE);
    assert_false(can_power_off());
    put(HIGH_BASE + 64, 0x404, 4);
    seal(HIGH_BASE);
    assert_true(can_power_off());
    assert_int_equal(acpi.pm1_control[0].address, 0x404);
    assert_int_equal(acpi.reset.address, 0xCF9);
    put(HIGH_BASE + 4, 128, 4); /* and the value to reset with */
    put(HIGH_BASE + 40, DSDT_AT, 4);
    seal(HIGH_BASE);
    assert_true(can_power_off());
    assert_int_equal(acpi.reset.address, 0);
}

static void reset_needs_its_flag_and_a_revision_that_has_it(void **state)
{
    (void)state;
    put(HIGH_BASE + 112, 0, 4);
    seal(HIGH_BASE);
    can_power_off();
    assert_int_equal(acpi.reset.address, 0);
    put(HIGH_BASE + 112, 1 << 10, 4);
    put(HIGH_BASE + 8, 1, 1);
    seal(HIGH_BASE);
    can_power_off();
    assert_int_equal(acpi.reset.address, 0);
}

static phys_t reset_of(unsigned space, phys_t address)
{
    put_address(HIGH_BASE + 116, space, address);
    seal(HIGH_BASE);
    assert_true(can_power_off());
    assert_true(acpi.reset.address == 0 || acpi.reset.space == space);
    return acpi.reset.address;
}

static void reset_register_may_lie_in_three_spaces(void **state)
{
    (void)state;
    assert_int_equal(reset_of(0, 0xFED80000), 0xFED80000);
    assert_int_equal(reset_of(0, PHYS_LIMIT), 0);
    assert_int_equal(reset_of(2, 0x1F000300FF), 0x1F000300FF);
    assert_int_equal(reset_of(2, 0x20000300FF), 0);
    assert_int_equal(reset_of(2, 0x1F000800FF), 0);
    assert_int_equal(reset_of(2, 0x1F00030100), 0);
    assert_int_equal(reset_of(3, 0xCF9), 0);
    assert_int_equal(reset_of(255, 0xCF9), 0);
    put_address(HIGH_BASE + 172, 2, 0x40); /* which PM1 may not */
    seal(HIGH_BASE);
    assert_false(can_power_off());
}

/* ---- byte code ------------------------------------------------------------------------------- */

static bool read_code(const uint8_t *code, uint32_t size_bytes, struct acpi_sleep_types *types)
{
    struct acpi_table table;
    make_code(DSDT_AT, "DSDT", code, size_bytes);
    assert_null(acpi_table_open(&table, &memory, DSDT_AT, "DSDT"));
    return acpi_sleep_find(&table, types);
}

static bool code_says(const uint8_t *code, uint32_t size_bytes, int a, int b)
{
    struct acpi_sleep_types types = {99, 99};
    bool is_found = read_code(code, size_bytes, &types);
    if (!is_found)
        assert_true(types.a == 99 && types.b == 99);
    return is_found && types.a == a && types.b == b;
}

#define CODE_SAYS(a, b, ...)                                                                       \
    code_says((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}), a, b)
#define NAME '_', 'S', '5', '_'

static void name_may_have_prefixes(void **state)
{
    (void)state;
    assert_true(CODE_SAYS(1, 0, 0x08, NAME, 0x12, 0x04, 0x02, 0x01, 0x00));
    assert_true(CODE_SAYS(1, 0, 0x08, '\\', NAME, 0x12, 0x04, 0x02, 0x01, 0x00));
    assert_true(CODE_SAYS(1, 0, 0x08, '^', NAME, 0x12, 0x04, 0x02, 0x01, 0x00));
    assert_true(CODE_SAYS(1, 0, 0x08, '^', '^', '^', NAME, 0x12, 0x04, 0x02, 0x01, 0x00));
    assert_false(CODE_SAYS(1, 0, NAME, 0x12, 0x04, 0x02, 0x01, 0x00));
    assert_false(CODE_SAYS(1, 0, '\\', NAME, 0x12, 0x04, 0x02, 0x01, 0x00));
    assert_false(CODE_SAYS(1, 0, '^', '^', NAME, 0x12, 0x04, 0x02, 0x01, 0x00));
    assert_false(CODE_SAYS(1, 0, 0x08, '\\', '\\', NAME, 0x12, 0x04, 0x02, 0x01, 0x00));
    assert_false(CODE_SAYS(1, 0, 0x09, NAME, 0x12, 0x04, 0x02, 0x01, 0x00));
}

static void header_is_no_code(void **state)
{
    struct acpi_table table;
    struct acpi_sleep_types types;
    (void)state;
    make_code(DSDT_AT, "DSDT", (const uint8_t[]){NAME, 0x12, 4, 2, 1, 0}, 9);
    put(DSDT_AT + 35, 0x08, 1);
    seal(DSDT_AT);
    assert_null(acpi_table_open(&table, &memory, DSDT_AT, "DSDT"));
    assert_false(acpi_sleep_find(&table, &types));
    put(DSDT_AT + 34, 0x0808, 2);
    put(DSDT_AT + 36, '^', 1);
    memcpy(at(DSDT_AT + 37), (const uint8_t[]){NAME, 0x12, 4, 2, 1}, 8);
    seal(DSDT_AT);
    assert_null(acpi_table_open(&table, &memory, DSDT_AT, "DSDT"));
    assert_false(acpi_sleep_find(&table, &types));
}

/*
 * What follows Name (\_S5, and the two values that ACPICA reads there, from Linux's
 * drivers/acpi/acpica: hwxface.c, acpi_get_sleep_type_data; hwxfsleep.c, acpi_enter_sleep_state;
 * dspkginit.c, acpi_ds_build_internal_package_obj; nsrepair.c, acpi_ns_remove_null_elements.
 */
static void package_may_have_any_form(void **state)
{
    enum { NONE = -1 };
    static const struct {
        const char *what;
        uint8_t code[16]; /* of which what is behind the package is never a value */
        int a;
        int b;
    } rows[] = {
        {"two bytes", {0x12, 0x06, 2, 0x0A, 5, 0x0A, 5}, 5, 5},
        {"four elements", {0x12, 0x08, 4, 0x0A, 7, 0x0A, 6, 0, 0}, 7, 6},
        {"zero and one", {0x12, 0x04, 2, 0x01, 0x00}, 1, 0},
        {"words", {0x12, 0x08, 2, 0x0B, 3, 0, 0x0B, 4, 0}, 3, 4},
        {"a word and a dword", {0x12, 0x0A, 2, 0x0B, 3, 0, 0x0C, 4, 0, 0, 0}, 3, 4},
        {"a qword and one", {0x12, 0x0C, 2, 0x0E, 5, 0, 0, 0, 0, 0, 0, 0, 1}, 5, 1},
        {"of two numbers the low byte",
         {0x12, 0x0A, 2, 0x0B, 3, 1, 0x0C, 4, 0xFF, 0xFF, 0xFF},
         3,
         4},
        {"the low byte of a qword", {0x12, 0x0C, 2, 0x0E, 2, 1, 1, 1, 1, 1, 1, 1, 0}, 2, 0},
        /* One element. */
        {"one byte", {0x12, 0x04, 1, 0x0A, 5}, 5, 0},
        {"one word", {0x12, 0x05, 1, 0x0B, 5, 7}, 5, 7},
        {"one dword", {0x12, 0x07, 1, 0x0C, 4, 3, 0xFF, 0xFF}, 4, 3},
        {"one qword", {0x12, 0x0B, 1, 0x0E, 4, 3, 0, 0, 0, 0, 0, 9}, 4, 3},
        {"one", {0x12, 0x03, 1, 0x01}, 1, 0},
        {"zero", {0x12, 0x03, 1, 0x00}, 0, 0},
        {"one counted of two", {0x12, 0x08, 1, 0x0B, 5, 7, 0x0A, 1}, 5, 7},
        {"one there of two counted", {0x12, 0x03, 2, 0x01, 0x01}, 1, 0},
        {"one there of four counted", {0x12, 0x05, 4, 0x0B, 5, 6, 0x0A, 1}, 5, 6},
        {"two there of four counted", {0x12, 0x06, 4, 0x0A, 7, 0x0A, 7, 0, 0}, 7, 7},
        /* Variable length. */
        {"variable: two bytes", {0x13, 0x07, 0x0A, 2, 0x0A, 5, 0x0A, 5}, 5, 5},
        {"variable: one", {0x13, 0x04, 0x01, 0x0A, 5}, 5, 0},
        {"variable: a word counts", {0x13, 0x08, 0x0B, 2, 0, 0x0A, 5, 0x0A, 6}, 5, 6},
        {"variable: a dword counts", {0x13, 0x0A, 0x0C, 1, 0, 0, 0, 0x0B, 5, 6, 0x01}, 5, 6},
        {"variable: a qword counts",
         {0x13, 0x0E, 0x0E, 2, 0, 0, 0, 0, 0, 0, 0, 0x0A, 5, 0x0A, 6},
         5,
         6},
        {"variable: nothing counts", {0x13, 0x02, 0x01, 0x01}, NONE, NONE},
        {"variable: zero counts", {0x13, 0x04, 0x00, 0x01, 0x01}, NONE, NONE},
        {"variable: a name counts", {0x13, 0x08, 'C', 'N', 'T', '_', 0x01, 0x01}, NONE, NONE},
        {"variable: the count is cut", {0x13, 0x02, 0x0A, 2, 1, 1}, NONE, NONE},
        /* Lengths of one to four bytes. */
        {"length of two bytes", {0x12, 0x45, 0, 2, 1, 0}, 1, 0},
        {"length of three bytes", {0x12, 0x86, 0, 0, 2, 1, 0}, 1, 0},
        {"length of four bytes", {0x12, 0xC7, 0, 0, 0, 2, 1, 0}, 1, 0},
        {"variable, length of four bytes", {0x13, 0xC8, 0, 0, 0, 0x0A, 2, 1, 0}, 1, 0},
        {"length of two bytes past the end", {0x12, 0x45, 1, 2, 1, 0}, NONE, NONE},
        {"length of three bytes past the end", {0x12, 0x86, 0, 1, 2, 1, 0}, NONE, NONE},
        {"length of four bytes past the end", {0x12, 0xC7, 0, 0, 1, 2, 1, 0}, NONE, NONE},
        {"the longest length", {0x12, 0xFF, 0xFF, 0xFF, 0xFF, 2, 1, 0}, NONE, NONE},
        {"no length", {0x12, 0x00, 2, 1, 0}, NONE, NONE},
        {"nothing inside", {0x12, 0x01, 2, 1, 0}, NONE, NONE},
        {"a count only", {0x12, 0x02, 2, 1, 0}, NONE, NONE},
        /* What is no number of three bits. */
        {"no element", {0x12, 0x04, 0, 1, 1}, NONE, NONE},
        {"eight", {0x12, 0x05, 2, 0x0A, 8, 0x00}, NONE, NONE},
        {"eight for b", {0x12, 0x05, 2, 0x00, 0x0A, 8}, NONE, NONE},
        {"eight for b in a word", {0x12, 0x05, 1, 0x0B, 5, 8}, NONE, NONE},
        {"ones", {0x12, 0x04, 2, 0xFF, 0xFF}, NONE, NONE},
        {"ones only", {0x12, 0x03, 1, 0xFF}, NONE, NONE},
        {"names", {0x12, 0x0A, 2, 'S', 'S', '5', 'A', 'S', 'S', '5', 'B'}, NONE, NONE},
        {"a string", {0x12, 0x06, 2, 0x0D, '5', 0, 0x01}, NONE, NONE},
        {"no opcode", {0x12, 0x04, 2, 0x02, 0x02}, NONE, NONE},
        {"the second is no number", {0x12, 0x05, 2, 0x01, 0x0D, 0}, NONE, NONE},
        {"the second is cut", {0x12, 0x04, 2, 0x01, 0x0A, 0x01}, NONE, NONE},
        {"a word is cut", {0x12, 0x04, 1, 0x0B, 5, 7}, NONE, NONE},
        {"a dword is cut", {0x12, 0x06, 1, 0x0C, 5, 0, 0, 0}, NONE, NONE},
        {"a qword is cut", {0x12, 0x0A, 1, 0x0E, 5, 0, 0, 0, 0, 0, 0, 0}, NONE, NONE},
        {"a buffer", {0x11, 0x06, 2, 0x0A, 5, 0x0A, 5}, NONE, NONE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t code[1 + 4 + sizeof rows->code] = {0x08, NAME};
        memcpy(code + 5, rows[i].code, sizeof rows->code);
        struct acpi_sleep_types types = {99, 99};
        bool is_found = read_code(code, sizeof code, &types);
        bool is_right = rows[i].a == NONE
                            ? !is_found && types.a == 99 && types.b == 99
                            : is_found && types.a == rows[i].a && types.b == rows[i].b;
        if (!is_right)
            fail_msg("%s: found=%d a=%u b=%u", rows[i].what, is_found, types.a, types.b);
    }
}

static void package_may_be_longer_than_63_bytes(void **state)
{
    uint8_t code[6 + 2 + 300] = {0x08, NAME, 0x12, 0x4E, 0x12, 0xFF, 0x0A, 5, 0x0A, 6};
    (void)state;
    assert_true(code_says(code, 6 + 0x12E, 5, 6));
    assert_false(code_says(code, 6 + 0x12D, 5, 6));
}

static void code_cut_anywhere_says_nothing(void **state)
{
    static const uint8_t code[] = {0x08, '\\', NAME, 0x12, 0xCA, 0,    0,
                                   0,    0x02, 0x0B, 5,    0,    0x0A, 6};
    (void)state;
    for (uint32_t length = 0; length < sizeof code; length++)
        assert_false(code_says(code, length, 5, 6));
    assert_true(code_says(code, sizeof code, 5, 6));
}

static void name_is_found_wherever_it_lies(void **state)
{
    uint8_t code[600];
    (void)state;
    for (uint32_t place = 0; place + sizeof code_of_s5 <= sizeof code; place++) {
        memset(code, '_', sizeof code);
        memcpy(code + place, code_of_s5, sizeof code_of_s5);
        assert_true(code_says(code, sizeof code, 5, 6));
    }
}

static void place_that_makes_no_sense_is_passed_over(void **state)
{
    (void)state;
    assert_true(CODE_SAYS(1, 0, 0x08, NAME, 0x12, 0x08, NAME, 0x08, NAME, 0x12, 0x7F, 2, 1, 0, 0x08,
                          NAME, 0x12, 0x04, 0x02, 0x01, 0x00));
}

static void other_tables_of_code_are_asked_when_the_first_says_nothing(void **state)
{
    (void)state;
    make_table(DSDT_AT, "DSDT", 1, 36);
    assert_false(can_power_off());
    assert_string_equal(acpi.problem, "tells no sleep types of S5");
    make_code(SSDT_AT, "SSDT", code_of_s5, sizeof code_of_s5);
    assert_true(can_power_off());
    assert_null(acpi.problem);
    *at(SSDT_AT + 50) ^= 1;
    assert_false(can_power_off());
    assert_string_equal(acpi.table, "SSDT");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(old_pc_is_read, start_old_pc),
        cmocka_unit_test_setup(new_pc_is_read, start_new_pc),
        cmocka_unit_test_setup(reduced_hardware_sleeps_by_its_register, start_new_pc),
        cmocka_unit_test_setup(older_revision_has_no_reduced_hardware, start_new_pc),
        cmocka_unit_test_setup(loader_knows_the_root_of_a_machine_without_bios, start_new_pc),
        cmocka_unit_test_setup(short_root_of_the_loader_leads_to_the_short_table, start_old_pc),
        cmocka_unit_test_setup(damaged_root_of_the_loader_is_searched_for_anew, start_old_pc),
        cmocka_unit_test_setup(root_lies_in_the_bios_data_area_too, start_old_pc),
        cmocka_unit_test_setup(root_is_searched_for_on_16_bytes_up_to_the_end, start_old_pc),
        cmocka_unit_test_setup(root_lies_in_a_region_of_acpi, start_old_pc),
        cmocka_unit_test_setup(root_lies_wholly_inside_its_region, start_old_pc),
        cmocka_unit_test_setup(region_is_searched_after_the_bios, start_old_pc),
        cmocka_unit_test_setup(regions_without_an_end_cost_little, start_old_pc),
        cmocka_unit_test_setup(root_without_its_sum_is_passed_over, start_old_pc),
        cmocka_unit_test_setup(root_without_its_second_sum_leads_to_the_short_table, start_new_pc),
        cmocka_unit_test_setup(maker_is_printable, start_old_pc),
        cmocka_unit_test_setup(any_byte_that_changed_is_noticed, start_old_pc),
        cmocka_unit_test_setup(length_must_be_believable, start_old_pc),
        cmocka_unit_test_setup(address_must_be_within_reach, start_new_pc),
        cmocka_unit_test_setup(table_with_a_hole_is_not_believed, start_old_pc),
        cmocka_unit_test_setup(damaged_long_table_makes_way_for_the_short_one, start_new_pc),
        cmocka_unit_test_setup(root_table_of_odd_length_has_its_whole_entries, start_new_pc),
        cmocka_unit_test_setup(tables_that_lead_in_a_circle_end, start_old_pc),
        cmocka_unit_test_setup(whole_table_behind_a_damaged_one_of_its_name_is_taken, start_new_pc),
        cmocka_unit_test_setup(long_fields_win_unless_they_are_none, start_new_pc),
        cmocka_unit_test_setup(field_beyond_the_table_is_none, start_new_pc),
        cmocka_unit_test_setup(reset_needs_its_flag_and_a_revision_that_has_it, start_new_pc),
        cmocka_unit_test_setup(reset_register_may_lie_in_three_spaces, start_new_pc),
        cmocka_unit_test_setup(name_may_have_prefixes, start_old_pc),
        cmocka_unit_test_setup(header_is_no_code, start_old_pc),
        cmocka_unit_test_setup(package_may_have_any_form, start_old_pc),
        cmocka_unit_test_setup(package_may_be_longer_than_63_bytes, start_old_pc),
        cmocka_unit_test_setup(code_cut_anywhere_says_nothing, start_old_pc),
        cmocka_unit_test_setup(name_is_found_wherever_it_lies, start_old_pc),
        cmocka_unit_test_setup(place_that_makes_no_sense_is_passed_over, start_old_pc),
        cmocka_unit_test_setup(other_tables_of_code_are_asked_when_the_first_says_nothing,
                               start_old_pc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
