/* Firmware's maps as text: each form, what is passed over, and what each wrong line is told. */

#include "kernel/map_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/machine_catalog.h"
#include "test.h"

#define MAPS "tests/maps/maps/"

static struct map_text map;
static struct map_entry entry;
static struct map_problem problem;

static void start(const char *text)
{
    map_text_start(&map, text, strlen(text));
}

static enum map_event next(void)
{
    return map_text_next(&map, &entry, &problem);
}

static void expect_entry(phys_t base, uint64_t length_bytes, uint32_t type)
{
    assert_int_equal(next(), MAP_ENTRY);
    assert_int_equal(entry.base, base);
    assert_int_equal(entry.length_bytes, length_bytes);
    assert_int_equal(entry.type, type);
}

static void expect_problem(size_t line, const char *value, const char *text)
{
    assert_int_equal(next(), MAP_WRONG);
    assert_int_equal(problem.line, line);
    assert_string_equal(problem.value, value);
    assert_string_equal(problem.text, text);
}

static void expect_end(void)
{
    assert_int_equal(next(), MAP_END);
    assert_int_equal(next(), MAP_END);
}

/* A text of one line, which is wrong. */
static void expect_wrong(const char *line, const char *value, const char *text)
{
    start(line);
    expect_problem(1, value, text);
    expect_end();
}

/* ---- forms ------------------------------------------------------------------------------------- */

static void plain_lines_are_base_length_and_type(void **state)
{
    (void)state;
    start("# a comment\n\n0 9fc00 1\r\n\t 9fc00   400 0x2 # behind\n100000 FFFFFFFFFFFFFFFF 20");
    expect_entry(0, 0x9FC00, 1);
    expect_entry(0x9FC00, 0x400, 2);
    expect_entry(0x100000, UINT64_MAX, 20);
    expect_end();
}

static void report_lines_are_read(void **state)
{
    (void)state;
    start("report begin\ncpu vendor=x\nentry base=0x9fc00 bytes=0x400 type=2\n"
          "ashlar> entry base=0x0 bytes=0x1000 type=1\nmemory frames=1\n");
    expect_entry(0x9FC00, 0x400, 2);
    expect_entry(0, 0x1000, 1);
    expect_end();
}

static void map_lines_are_read(void **state)
{
    (void)state;
    start("region base=0x0 end=0x10000 bytes=65536 kind=usable owner=low\n"
          "region base=0x10000 end=0x20000 bytes=65536 kind=reserved owner=bios\n"
          "region base=0x20000 end=0x30000 bytes=65536 kind=acpi owner=firmware\n"
          "region base=0x30000 end=0x40000 bytes=65536 kind=nvs owner=firmware\n"
          "region base=0x40000 end=0x50000 bytes=65536 kind=bad owner=bad\n");
    for (uint32_t i = 0; i < 5; i++)
        expect_entry(i << 16, 0x10000, i + 1);
    expect_end();
}

/* As Linux prints them, after its clock. */
static void linux_lines_are_read(void **state)
{
    (void)state;
    start("[    0.000000] Linux version 6.1.0 (gcc) #1 SMP\n"
          "[    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable\n"
          "[    0.000000] BIOS-e820: [mem 0x000000000009fc00-0x000000000009ffff] reserved\n"
          "BIOS-e820: [mem 0x1000-0x1fff] ACPI data\nBIOS-e820: [mem 0x2000-0x2fff] ACPI NVS\n"
          "BIOS-e820: [mem 0x3000-0x3fff] unusable\nBIOS-e820: [mem 0x4000-0x4fff] type 20\n"
          "BIOS-e820: [mem 0x5000-0x5fff] persistent (type 12)\n"
          "BIOS-e820: [mem 0x0-0xffffffffffffffff] soft reserved\n"
          "[    0.000000] e820: update [mem 0x00000000-0x00000fff] usable ==> reserved\n");
    expect_entry(0, 0x9FC00, 1);
    expect_entry(0x9FC00, 0x400, 2);
    for (uint32_t i = 0; i < 3; i++)
        expect_entry((i + 1) << 12, 0x1000, i + 3);
    expect_entry(0x4000, 0x1000, 20);
    expect_entry(0x5000, 0x1000, 12);
    expect_entry(0, UINT64_MAX, 2);
    expect_end();
}

static void old_linux_lines_are_read(void **state)
{
    (void)state;
    start(" BIOS-e820: 0000000000000000 - 000000000009f800 (usable)\n"
          " BIOS-e820: 000000000009f800 - 00000000000a0000 (reserved)\n"
          " BIOS-e820: 0000000000000800 @ 000000000009f800 (ACPI NVS)\n");
    expect_entry(0, 0x9F800, 1);
    expect_entry(0x9F800, 0x800, 2);
    expect_entry(0x9F800, 0x800, 4);
    expect_end();
}

/* One line of a log, and what is none in a plain text is passed over. */
static void logs_pass_over_what_is_no_entry(void **state)
{
    (void)state;
    start("nonsense\n0 1000 1\nentry base=0x0 bytes=0x1000 type=1\nnonsense\n");
    expect_entry(0, 0x1000, 1);
    expect_end();
    start("nonsense\n0 1000 1\n# entry base=0x0 bytes=0x1000 type=1\n");
    expect_problem(1, "nonsense", "is not an entry: base, length and type");
    expect_entry(0, 0x1000, 1);
    expect_end();
}

static void nothing_is_no_map(void **state)
{
    (void)state;
    start("");
    expect_end();
    start("\n \n#\n");
    expect_end();
}

/* ---- wrong lines ------------------------------------------------------------------------------- */

static void a_wrong_line_alone_is_lost(void **state)
{
    (void)state;
    start("0 1000 1\n2000 x 1\n3000 1000 2\n");
    expect_entry(0, 0x1000, 1);
    expect_problem(2, "x", "is not a hexadecimal number");
    expect_entry(0x3000, 0x1000, 2);
    expect_end();
}

static void wrong_values_are_named(void **state)
{
    (void)state;
    expect_wrong("0x 1 1", "0x", "is not a hexadecimal number");
    expect_wrong("-1 1 1", "-1", "is not a hexadecimal number");
    expect_wrong("0 10000000000000000 1", "10000000000000000", "does not fit into 64 bits");
    expect_wrong("0 1 usable", "usable", "is not a type of memory");
    expect_wrong("0 1 4294967296", "4294967296", "is not a type of memory");
    expect_wrong("0 1 1f", "1f", "is not a type of memory");
    expect_wrong("0 1000", "0 1000", "is not an entry: base, length and type");
    expect_wrong("0 1000 1 or so", "or so", "is more than base, length and type");
    expect_wrong("entry base=0x0 bytes=0x1000", "base=0x0 bytes=0x1000",
                 "is not an entry: base, length and type");
    expect_wrong("entry base=z bytes=0x1000 type=1", "z", "is not a hexadecimal number");
    expect_wrong("region base=0x0 end=0x1000 kind=odd", "odd", "is not a type of memory");
    expect_wrong("region base=0x2 end=0x1 kind=bad", "base=0x2 end=0x1 kind=bad",
                 "ends before it begins");
}

static void wrong_values_of_linux_are_named(void **state)
{
    (void)state;
    expect_wrong("BIOS-e820: [mem 0x2-0x1] usable", "0x2-0x1", "ends before it begins");
    expect_wrong("BIOS-e820: [mem 0x2 0x1] usable", "[mem 0x2 0x1] usable",
                 "is not an entry: base, length and type");
    expect_wrong("BIOS-e820: [mem 0x2-0x3", "[mem 0x2-0x3",
                 "is not an entry: base, length and type");
    expect_wrong("BIOS-e820: [mem 0x2-0x3]", "", "is not a type of memory");
    expect_wrong("BIOS-e820: [mem 0x2-0x3] type x", "x", "is not a type of memory");
    expect_wrong("BIOS-e820: 2 - 1 (usable)", "2 - 1", "ends before it begins");
    expect_wrong("BIOS-e820: 2 + 1 (usable)", "2 + 1 (usable)",
                 "is not an entry: base, length and type");
    expect_wrong("BIOS-e820: 1 - 2 usable", "1 - 2 usable",
                 "is not an entry: base, length and type");
}

static void values_are_printable_and_short(void **state)
{
    (void)state;
    char line[100];
    memset(line, 'y', sizeof line);
    map_text_start(&map, line, 48);
    assert_int_equal(next(), MAP_WRONG);
    assert_int_equal(strlen(problem.value), 48);
    assert_int_equal(problem.value[47], 'y');
    map_text_start(&map, line, 49);
    assert_int_equal(next(), MAP_WRONG);
    assert_int_equal(strlen(problem.value), 48);
    assert_string_equal(problem.value + 45, "y..");
    map_text_start(&map, "\x1B[\0\xFF", 4);
    expect_problem(1, "?[??", "is not an entry: base, length and type");
}

/* ---- what is built in -------------------------------------------------------------------------- */

static char *read_file(const char *path, size_t *size_bytes)
{
    FILE *file = fopen(path, "rb");
    char *text = malloc(65536);
    assert_non_null(file);
    assert_non_null(text);
    *size_bytes = fread(text, 1, 65536, file);
    assert_true(*size_bytes < 65536);
    fclose(file);
    return text;
}

static void expect_shipped(const struct machine_shipped *shipped, const char *source)
{
    char path[256];
    size_t size_bytes;
    snprintf(path, sizeof path, MAPS "%s.e820", source);
    char *text = read_file(path, &size_bytes);
    map_text_start(&map, text, size_bytes);
    for (size_t i = 0; i < shipped->entry_count; i++)
        expect_entry(shipped->entries[i].base, shipped->entries[i].length_bytes,
                     shipped->entries[i].type);
    expect_end();
    free(text);
}

/* The list, its files and the table that was made of them say the same. */
static void shipped_machines_are_the_files(void **state)
{
    (void)state;
    FILE *list = fopen("kernel/machines.txt", "r");
    char line[256];
    char name[32];
    char source[64];
    size_t count = 0;
    assert_non_null(list);
    while (fgets(line, sizeof line, list)) {
        if (line[0] == '#' || sscanf(line, "%31s %63s", name, source) != 2)
            continue;
        assert_true(count < machines_shipped_count);
        assert_string_equal(machines_shipped[count].name, name);
        assert_true(strlen(name) <= MACHINE_NAME_MAX);
        assert_true(strlen(machines_shipped[count].text) > 0);
        expect_shipped(&machines_shipped[count], source);
        count++;
    }
    fclose(list);
    assert_int_equal(count, machines_shipped_count);
    assert_true(count >= 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_lines_are_base_length_and_type),
        cmocka_unit_test(report_lines_are_read),
        cmocka_unit_test(map_lines_are_read),
        cmocka_unit_test(linux_lines_are_read),
        cmocka_unit_test(old_linux_lines_are_read),
        cmocka_unit_test(logs_pass_over_what_is_no_entry),
        cmocka_unit_test(nothing_is_no_map),
        cmocka_unit_test(a_wrong_line_alone_is_lost),
        cmocka_unit_test(wrong_values_are_named),
        cmocka_unit_test(wrong_values_of_linux_are_named),
        cmocka_unit_test(values_are_printable_and_short),
        cmocka_unit_test(shipped_machines_are_the_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
