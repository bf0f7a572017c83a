/* Firmware's maps as text: each form, what is passed over, and what each wrong line is told. */

#include "kernel/machine/map_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/machine/machine.h"
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

/* A line whose kind nobody knows: an entry, and a note. */
static void expect_unknown(size_t line, const char *value)
{
    assert_int_equal(next(), MAP_UNKNOWN);
    assert_int_equal(problem.line, line);
    assert_string_equal(problem.value, value);
    assert_string_equal(problem.text, "is no kind of memory that is known here: reserved");
    assert_int_equal(entry.type, 2);
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

/* ---- forms ----------------------------------------------------------------------------------- */

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

/* ---- what others print ----------------------------------------------------------------------- */

#define ENTRIES_MAX 8

/* The entries that must come of a text, in order, and no wrong line. */
struct printed {
    const char *from;
    const char *text;
    struct map_entry entries[ENTRIES_MAX];
    const char *unknown; /* the kind that is told of; NULL: none */
};

static const struct printed printed[] = {
    {"Linux 7",
     "[    0.000000] BIOS-provided physical RAM map:\n"
     "[    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff]  System RAM\n"
     "[    0.000000] BIOS-e820: [gap 0x000000000009fc00-0x00000000000effff]\n"
     "[    0.000000] BIOS-e820: [mem 0x00000000000f0000-0x00000000000fffff]  device reserved\n"
     "[    0.000000] BIOS-e820: [mem 0x0000000000100000-0x0000000007fdffff]  System RAM\n"
     "[    0.000000] BIOS-e820: [mem 0x0000000007fe0000-0x0000000007ffffff]  ACPI non-volatile "
     "storage\n",
     {{0, 0x9FC00, 1}, {0xF0000, 0x10000, 2}, {0x100000, 0x7EE0000, 1}, {0x7FE0000, 0x20000, 4}},
     NULL},
    {"Linux with a word that is new",
     "[    0.000000] BIOS-provided physical RAM map:\n"
     "[    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff]  System RAM\n"
     "[    0.000000] BIOS-e820: [gap 0x000000000009fc00-0x00000000000effff]\n"
     "[    0.000000] BIOS-e820: [mem 0x00000000000f0000-0x00000000000fffff]  device reserved\n"
     "[    0.000000] BIOS-e820: [mem 0x0000000000100000-0x0000000007fdffff]  System RAM\n"
     "[    0.000000] BIOS-e820: [mem 0x0000000007fe0000-0x0000000007ffffff]  something that nobody "
     "has printed yet\n",
     {{0, 0x9FC00, 1}, {0xF0000, 0x10000, 2}, {0x100000, 0x7EE0000, 1}, {0x7FE0000, 0x20000, 2}},
     "something that nobody has printed yet"},
    {"Linux with sizes before the kinds",
     "BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff]  639   KB System RAM\n"
     "BIOS-e820: [mem 0x0000000000100000-0x000000007ffdbfff]    1.9 GB System RAM\n"
     "BIOS-e820: [gap 0x0000000080000000-0x00000000fffbffff]    1.9 GB ...\n",
     {{0, 0x9FC00, 1}, {0x100000, 0x7FEDC000, 1}},
     NULL},
    {"Linux on firmware of 1990",
     "BIOS-provided physical RAM map:\n"
     " BIOS-88: 0000000000000000 - 000000000009f000 (usable)\n"
     " BIOS-88: 0000000000100000 - 0000000000c00000 (usable)\n",
     {{0, 0x9F000, 1}, {0x100000, 0xB00000, 1}},
     NULL},
    {"Linux on firmware of 1995",
     "BIOS-provided physical RAM map:\n"
     " BIOS-e801: 0000000000000000 - 000000000009f000 (usable)\n"
     " BIOS-e801: 0000000000100000 - 0000000001000000 (usable)\n",
     {{0, 0x9F000, 1}, {0x100000, 0xF00000, 1}},
     NULL},
    {"Linux's own tables are not the firmware's",
     "[    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] usable\n"
     "[    0.000000] user: [mem 0x0000000000000000-0x0000000000000fff] usable\n"
     "[    0.000000] modified: [mem 0x0000000000000000-0x0000000000000fff] usable\n"
     "[    0.000000] reserve setup_data: [mem 0x0000000000000000-0x0000000000000fff] usable\n"
     "[    0.000000] extended: [mem 0x0000000100000000-0x00000001ffffffff] usable\n"
     "[    0.000000] e820: update [mem 0x00000000-0x00000fff] usable ==> reserved\n",
     {{0, 0xA0000, 1}, {0x100000000, 0x100000000, 1}},
     NULL},
    {"Linux in Xen",
     "[    0.000000] Xen: [mem 0x0000000000000000-0x000000000009ffff] usable\n"
     "[    0.000000] Xen: [mem 0x00000000000a0000-0x00000000000fffff] reserved\n"
     "[    0.000000] Xen: [mem 0x0000000000100000-0x000000001fffffff] usable\n"
     "[    0.000000] user: [mem 0x0000000000100000-0x000000000fffffff] usable\n"
     "[    0.000000] Xen: using vcpuop timer interface\n"
     "[    0.000000] Booting kernel on Xen: added - so\n",
     {{0, 0xA0000, 1}, {0xA0000, 0x60000, 2}, {0x100000, 0x1FF00000, 1}},
     NULL},
    {"Xen, and Linux as its first guest",
     "(XEN) Xen-e820 RAM map:\n(XEN)  [0000000000000000, 000000000009fbff] (usable)\n"
     "(XEN)  [0000000000100000, 000000003fffffff] (usable)\n"
     "[    0.000000] Xen: [mem 0x0000000000000000-0x000000000009efff] usable\n"
     "[    0.000000] Xen: [mem 0x0000000000100000-0x000000001fffffff] usable\n"
     "[    0.000000] Xen: [mem 0x0000000020000000-0x000000003fffffff] unusable\n",
     {{0, 0x9FC00, 1}, {0x100000, 0x3FF00000, 1}},
     NULL},
    {"the same the other way round, and a guest that thinks it has firmware",
     "[    0.000000] BIOS-e820: [mem 0x0000000000100000-0x000000001fffffff] usable\n"
     "[    0.000000] BIOS-e820: [mem 0x0000000020000000-0x000000003fffffff] unusable\n"
     "(XEN) EFI RAM map:\n(XEN)  [0000000000100000, 000000003fffffff] (usable)\n"
     "(XEN) Dom0 memory map:\n(XEN)  [0000000000100000, 000000001fffffff] (usable)\n"
     "(XEN)  [0000000020000000, 000000003fffffff] (unusable)\n"
     "(XEN) Xen-e820 RAM map:\n(XEN)  [0000000100000000, 000000013fffffff] (usable)\n",
     {{0x100000, 0x3FF00000, 1}, {0x100000000, 0x40000000, 1}},
     NULL},
    {"nothing but a guest's table",
     "(XEN) Dom0 memory map:\n(XEN)  [0000000000100000, 000000001fffffff] (usable)\n",
     {{0x100000, 0x1FF00000, 1}},
     NULL},
    {"Linux 2.6 in Xen",
     " Xen: 0000000000000000 - 0000000020800000 (usable)\n",
     {{0, 0x20800000, 1}},
     NULL},
    {"Linux, every kind of 3.5 to 6",
     "BIOS-e820: [mem 0x0000-0x0fff] usable\nBIOS-e820: [mem 0x1000-0x1fff] reserved\n"
     "BIOS-e820: [mem 0x2000-0x2fff] soft reserved\nBIOS-e820: [mem 0x3000-0x3fff] ACPI data\n"
     "BIOS-e820: [mem 0x4000-0x4fff] ACPI NVS\nBIOS-e820: [mem 0x5000-0x5fff] unusable\n"
     "BIOS-e820: [mem 0x6000-0x6fff] persistent (type 7)\n"
     "BIOS-e820: [mem 0x7000-0x7fff] type 20\n",
     {{0, 0x1000, 1},
      {0x1000, 0x1000, 2},
      {0x2000, 0x1000, 2},
      {0x3000, 0x1000, 3},
      {0x4000, 0x1000, 4},
      {0x5000, 0x1000, 5},
      {0x6000, 0x1000, 7},
      {0x7000, 0x1000, 20}},
     NULL},
    {"Linux, names of resources",
     "BIOS-e820: [mem 0x0000-0x0fff] SYSTEM RAM\nBIOS-e820: [mem 0x1000-0x1fff] Reserved\n"
     "BIOS-e820: [mem 0x2000-0x2fff] Soft Reserved\nBIOS-e820: [mem 0x3000-0x3fff] ACPI Tables\n"
     "BIOS-e820: [mem 0x4000-0x4fff] ACPI Non-volatile Storage\n"
     "BIOS-e820: [mem 0x5000-0x5fff] Unusable memory\n"
     "BIOS-e820: [mem 0x6000-0x6fff] Persistent Memory\n"
     "BIOS-e820: [mem 0x7000-0x7fff] Persistent Memory (legacy)\n",
     {{0, 0x1000, 1},
      {0x1000, 0x1000, 2},
      {0x2000, 0x1000, 2},
      {0x3000, 0x1000, 3},
      {0x4000, 0x1000, 4},
      {0x5000, 0x1000, 5},
      {0x6000, 0x1000, 7},
      {0x7000, 0x1000, 12}},
     NULL},
    {"Linux 2.6, where a number has no brackets",
     " BIOS-e820: 0000000000000000 - 0000000000001000 (ACPI NVS)\n"
     " BIOS-e820: 0000000000001000 - 0000000000002000 type 20\n"
     " BIOS-e820: 0000000000002000 - 0000000000003000 usable\n",
     {{0, 0x1000, 4}, {0x1000, 0x1000, 20}, {0x2000, 0x1000, 1}},
     NULL},
    {"dmesg in colour",
     "\x1B[32m[    0.000000] \x1B[0m\x1B[33mBIOS-e820\x1B[0m: [mem "
     "0x0000000000000000-0x000000000009efff] usable\n"
     "\x1B[32m[    0.000000] \x1B[0m\x1B[33mBIOS-e820\x1B[0m: [mem "
     "0x0000000000100000-0x000000003fffffff] \x1B[1;31musable\x1B[0m\x1B[K\n",
     {{0, 0x9F000, 1}, {0x100000, 0x3FF00000, 1}},
     NULL},
    {"dmesg -T, dmesg -r, a journal, a syslog",
     "[Sat Nov 28 23:50:20 2026] BIOS-e820: [mem 0x0000-0x0fff] usable\r\n"
     "<6>[    0.000000] BIOS-e820: [mem 0x1000-0x1fff] usable\r\n"
     "Nov 28 23:50:20 host kernel: BIOS-e820: [mem 0x2000-0x2fff] usable\r\r\n"
     "2026-11-28T23:50:20.000000+00:00 host kernel: [    0.000000]  BIOS-e820: 0000000000003000 - "
     "0000000000004000 (usable)",
     {{0, 0x1000, 1}, {0x1000, 0x1000, 1}, {0x2000, 0x1000, 1}, {0x3000, 0x1000, 1}},
     NULL},
    {"a log with # before a mark, and behind it",
     "root@pc:/# dmesg\nhost #1: BIOS-e820: [mem 0x0000-0x0fff] usable # the first\n"
     "# BIOS-e820: [mem 0x1000-0x1fff] usable\n",
     {{0, 0x1000, 1}},
     NULL},
    {"Xen, with and without a time",
     "(XEN) Xen-e820 RAM map:\n(XEN)  [0000000000000000, 000000000009fbff] (usable)\n"
     "(XEN) [2026-11-28 12:00:00]  [000000000009fc00, 000000000009ffff] (reserved)\n"
     "(XEN) [    0.000000] [00000000000f0000, 00000000000fffff] (ACPI data)\n"
     "(XEN) [00000013a4dcd1f2] [0000000000100000, 000000003fffffff] (type 20)\n"
     "(XEN) Dom0 alloc.:   0000000148000000->0000000150000000 (1003437 pages to be allocated)\n"
     "(XEN) ACPI: 32/64X FACS address mismatch in FADT - bfee5f80/0000000000000000, using 32\n",
     {{0, 0x9FC00, 1}, {0x9FC00, 0x400, 2}, {0xF0000, 0x10000, 3}, {0x100000, 0x3FF00000, 20}},
     NULL},
    {"older Xen",
     "(XEN) Xen-e820 RAM map:\n(XEN)  0000000000000000 - 000000000009fc00 (usable)\n"
     "(XEN)  000000000009fc00 - 00000000000a0000 (ACPI NVS)\n"
     "(XEN)  00000000000f0000 - 0000000000100000 type 20\n",
     {{0, 0x9FC00, 1}, {0x9FC00, 0x400, 4}, {0xF0000, 0x10000, 20}},
     NULL},
    {"FreeBSD",
     "SMAP type=01 base=0000000000000000 len=000000000009fc00\n"
     "SMAP type=02 base=000000000009fc00 len=0000000000000400\n"
     "SMAP type=14 base=00000000000f0000 len=0000000000010000 attr=01\n"
     "Physical memory chunk(s):\n"
     "0x0000000000001000 - 0x000000000009bfff, 634880 bytes (155 pages)\n",
     {{0, 0x9FC00, 1}, {0x9FC00, 0x400, 2}, {0xF0000, 0x10000, 20}},
     NULL},
    {"FreeBSD 4",
     "SMAP type=01 base=00000000 00000000 len=00000000 0009fc00\n"
     "SMAP type=01 base=00000001 00000000 len=00000000 40000000\n",
     {{0, 0x9FC00, 1}, {0x100000000, 0x40000000, 1}},
     NULL},
    {"NetBSD",
     "BIOS MEMORY MAP (3 ENTRIES):\n    addr 0x0  size 0x9fc00  type 0x1\n"
     "    addr 0x9fc00  size 0x400  type 0x2\n[     1.0000000]     addr 0x100000  size 0x7ee0000  "
     "type 0x1\nwm0: Ethernet addr 0x52 and so on\n",
     {{0, 0x9FC00, 1}, {0x9FC00, 0x400, 2}, {0x100000, 0x7EE0000, 1}},
     NULL},
    {"OpenBSD's loader",
     "boot> machine memory\nRegion 0: type 1 at 0x0 for 639KB\n"
     "Region 1: type 2 at 0x9fc00 for 1KB\nRegion 2: type 1 at 0x100000 for 129920KB\n"
     "Low ram: 639KB  High ram: 129920KB\nTotal free memory: 130559KB\n",
     {{0, 0x9FC00, 1}, {0x9FC00, 0x400, 2}, {0x100000, 0x7EE0000, 1}},
     NULL},
    {"memtest86+ with trace",
     "pm 0000000000000000 - 000000000000009f\npm 0000000000000100 - 0000000000007fe0\npm 1 of 2\n",
     {{0, 0x9F000, 1}, {0x100000, 0x7EE0000, 1}},
     NULL},
    {"Linux, without what marks it",
     "[mem 0x0000000000000000-0x000000000009fbff] usable\n"
     "[gap 0x000000000009fc00-0x00000000000effff]\n"
     "00000000000f0000 - 0000000000100000 (reserved)\n"
     "[0000000000100000, 0000000007fdffff] (usable)\n7fe0000 20000 ACPI data\n",
     {{0, 0x9FC00, 1}, {0xF0000, 0x10000, 2}, {0x100000, 0x7EE0000, 1}, {0x7FE0000, 0x20000, 3}},
     NULL},
    {"coloured by tput",
     "\x1B[32m[    0.000000] \x1B(B\x1B[m\x1B[33m\x1B(BBIOS-e820: \x1B(B\x1B[m[mem 0x0-0xfff] "
     "usable\x1B(B\x1B[m\n",
     {{0, 0x1000, 1}},
     NULL},
    {"a table with tabs, and capitals",
     "0\t9f000\t1\n0X100000\t 7EE0000 \tusable\n",
     {{0, 0x9F000, 1}, {0x100000, 0x7EE0000, 1}},
     NULL},
    {"lines that end as on an old Macintosh, or the wrong way round",
     "0 9f000 1\r100000 ff00000 1\n\r10000000 1000 2\r\n",
     {{0, 0x9F000, 1}, {0x100000, 0xFF00000, 1}, {0x10000000, 0x1000, 2}},
     NULL},
    {"kinds with something stuck to them",
     "BIOS-e820: [mem 0x0000-0x0fff] usable,\nBIOS-e820: [mem 0x1000-0x1fff] usable<br>\n"
     "BIOS-e820: [mem 0x2000-0x2fff] reserved.\nBIOS-e820: [mem 0x3000-0x3fff] ACPI NVS\xC2\xA0\n"
     "BIOS-e820: [mem 0x4000-0x4fff] (usable);\n"
     "BIOS-e820: [mem 0x5000-0x5fff] type 20\"\n",
     {{0, 0x1000, 1},
      {0x1000, 0x1000, 1},
      {0x2000, 0x1000, 2},
      {0x3000, 0x1000, 4},
      {0x4000, 0x1000, 1},
      {0x5000, 0x1000, 20}},
     NULL},
    {"a text of Windows",
     "\xEF\xBB\xBF"
     "0 9f000 1\r\n100000 ff00000 1\r\n",
     {{0, 0x9F000, 1}, {0x100000, 0xFF00000, 1}},
     NULL},
};

static void expect_printed(const struct printed *row, const char *text, size_t size_bytes)
{
    size_t count = 0;
    bool is_told = false;
    map_text_start(&map, text, size_bytes);
    for (enum map_event event; (event = next()) != MAP_END; count++) {
        if (event == MAP_WRONG)
            fail_msg("%s, line %zu: \"%s\" %s", row->from, problem.line, problem.value,
                     problem.text);
        assert_true(count < ENTRIES_MAX);
        if (entry.base != row->entries[count].base)
            fail_msg("%s, line %zu: 0x%llx", row->from, map.line, (unsigned long long)entry.base);
        assert_int_equal(entry.length_bytes, row->entries[count].length_bytes);
        assert_int_equal(entry.type, row->entries[count].type);
        if (event == MAP_UNKNOWN) {
            assert_false(is_told);
            assert_string_equal(problem.value, row->unknown);
            is_told = true;
        }
    }
    assert_true(count == ENTRIES_MAX || row->entries[count].type == 0);
    assert_int_equal(!is_told, !row->unknown);
}

static void printed_maps_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof printed / sizeof *printed; i++)
        expect_printed(&printed[i], printed[i].text, strlen(printed[i].text));
}

/* As PowerShell saves what a program prints: the mark, then two bytes for each character. */
static void printed_maps_are_read_in_utf_16(void **state)
{
    (void)state;
    static char wide[8192];
    for (size_t i = 0; i < sizeof printed / sizeof *printed; i++)
        for (size_t upper = 0; upper < 2; upper++) {
            const char *text = printed[i].text;
            size_t length = strlen(text);
            assert_true(2 * length + 3 <= sizeof wide);
            memset(wide, 0, sizeof wide);
            memcpy(wide, upper ? "\xFE\xFF" : "\xFF\xFE", 2);
            for (size_t at = 0; at < length; at++)
                wide[2 + 2 * at + upper] = text[at];
            if ((unsigned char)text[0] != 0xEF)
                expect_printed(&printed[i], wide, 2 + 2 * length);
        }
    map_text_start(&map,
                   "\xFF\xFE"
                   "0\0\x31\x04\n\0",
                   9); /* half a character behind it */
    expect_problem(1, "0?", "is not an entry: base, length and type");
    expect_end();
}

/* A map of one line: the kind that is known has no note, any other is reserved with one. */
static void unknown_kinds_are_reserved(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *kind;
    } rows[] = {
        {"BIOS-e820: [mem 0x0-0xfff] usable soon", "usable soon"},
        {"BIOS-e820: [mem 0x0-0xfff]", ""},
        {"BIOS-e820: [mem 0x0-0xfff] type x", "type x"},
        {"BIOS-e820: [mem 0x0-0xfff] type 4294967296", "type 4294967296"},
        {"BIOS-e820: 0 - 1000", ""},
        {"BIOS-e820: 0 - 1000 (odd)", "(odd)"},
        {"(XEN)  [0000000000000000, 0000000000000fff] odd", "odd"},
        {"SMAP type=zz base=0000000000000000 len=0000000000001000", "zz"},
        {"addr 0x0 size 0x1000 type odd", "odd"},
        {"Region 0: type x at 0x0 for 4KB", "x"},
        {"region base=0x0 end=0x1000 kind=odd", "odd"},
        {"entry base=0x0 bytes=0x1000 type=odd", "odd"},
        {"0 1000 odd", "odd"},
        {"0 1000 1f", "1f"},
        {"0 1000 4294967296", "4294967296"},
        {"0 1000 1 or so", "1 or so"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        start(rows[i].line);
        expect_unknown(1, rows[i].kind);
        assert_int_equal(entry.base, 0);
        assert_int_equal(entry.length_bytes, 0x1000);
        expect_end();
    }
}

/* ---- wrong lines ----------------------------------------------------------------------------- */

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
    expect_wrong("0 1000", "0 1000", "is not an entry: base, length and type");
    expect_wrong("entry base=0x0 bytes=0x1000", "0x0 bytes=0x1000",
                 "is not an entry: base, length and type");
    expect_wrong("entry base=z bytes=0x1000 type=1", "z", "is not a hexadecimal number");
    expect_wrong("region base=0x2 end=0x1 kind=bad", "0x2 end=0x1", "ends before it begins");
}

static void wrong_values_of_linux_are_named(void **state)
{
    (void)state;
    expect_wrong("BIOS-e820: [mem 0x2-0x1] usable", "0x2-0x1", "ends before it begins");
    expect_wrong("BIOS-e820: [mem 0x2 0x1] usable", "[mem 0x2 0x1] usable",
                 "is not an entry: base, length and type");
    expect_wrong("BIOS-e820: [mem 0x2-0x3", "[mem 0x2-0x3",
                 "is not an entry: base, length and type");
    expect_wrong("BIOS-e820: [mem 0x2-x] usable", "x", "is not a hexadecimal number");
    expect_wrong("BIOS-e820: what is this", "what is this",
                 "is not an entry: base, length and type");
    expect_wrong("(XEN)  [0000000000000002, 0000000000000001] (usable)",
                 "0000000000000002, 0000000000000001", "ends before it begins");
    expect_wrong("SMAP type=01 base=zz len=0000000000001000", "zz", "is not a hexadecimal number");
    expect_wrong("Region 0: type 1 at 0x0 for 18014398509481984KB", "0x0 for 18014398509481984",
                 "does not fit into 64 bits");
    expect_wrong("pm 0 - 10000000000000", "0 - 10000000000000", "does not fit into 64 bits");
    expect_wrong("BIOS-e820: 2 - 1 (usable)", "2 - 1", "ends before it begins");
    expect_wrong("BIOS-e820: 2 + 1 (usable)", "2 + 1 (usable)",
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

/* ---- what is built in ------------------------------------------------------------------------ */

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

static void expect_shipped(const struct machine_source *shipped, const char *source)
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
    FILE *list = fopen("kernel/machine/machines.txt", "r");
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
        cmocka_unit_test(printed_maps_are_read),
        cmocka_unit_test(printed_maps_are_read_in_utf_16),
        cmocka_unit_test(unknown_kinds_are_reserved),
        cmocka_unit_test(a_wrong_line_alone_is_lost),
        cmocka_unit_test(wrong_values_are_named),
        cmocka_unit_test(wrong_values_of_linux_are_named),
        cmocka_unit_test(values_are_printable_and_short),
        cmocka_unit_test(shipped_machines_are_the_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
