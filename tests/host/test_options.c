/* Boot options, and the command lines that boot loaders make of them. */

#include "kernel/lib/options.h"

#include <stdio.h>
#include <string.h>

#include "boot/boot_info.h"
#include "kernel/lib/command_line.h"
#include "test.h"

static struct options options;

static void read_options(const char *command_line)
{
    static char line[4096];
    assert_true(strlen(command_line) < sizeof line);
    strcpy(line, command_line);
    memset(&options, 0xA5, sizeof options);
    options_read(&options, line);
}

static void expect_defaults_but_problems(void)
{
    assert_int_equal(options.video, OPTIONS_VIDEO_GRAPHICS);
    assert_false(options.has_mode);
    assert_null(options.adapter);
    assert_false(options.flip);
    assert_int_equal(options.back_buffer, OPTIONS_BACK_BUFFER_CONTIGUOUS);
    assert_true(options.use_write_combining);
    assert_true(options.use_pae);
    assert_false(options.serial_only);
    assert_false(options.trace);
    assert_false(options.selftest);
    assert_null(options.run);
}

static void nothing_said_leaves_the_defaults(void **state)
{
    (void)state;
    static const char *const lines[] = {"", "   \t ", "build/ashlar.elf", "/boot/ashlar",
                                        "a.elf  "};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        read_options(lines[i]);
        expect_defaults_but_problems();
        assert_int_equal(options.problem_count, 0);
    }
}

static void every_option_is_read(void **state)
{
    (void)state;
    read_options("ashlar.elf video=800x600x16 console=serial trace\tselftest run=map;exit 3");
    assert_true(options.has_mode);
    assert_int_equal(options.mode.width, 800);
    assert_int_equal(options.mode.height, 600);
    assert_int_equal(options.mode.bits, 16);
    assert_true(options.serial_only);
    assert_true(options.trace);
    assert_true(options.selftest);
    assert_string_equal(options.run, "map;exit 3");
    assert_int_equal(options.problem_count, 0);
}

static void video_is_a_mode_text_or_off(void **state)
{
    (void)state;
    read_options("video=text");
    assert_int_equal(options.video, OPTIONS_VIDEO_TEXT);
    read_options("video=off");
    assert_int_equal(options.video, OPTIONS_VIDEO_OFF);
    read_options("video=640x480");
    assert_true(options.has_mode);
    assert_int_equal(options.mode.bits, 32);
    read_options("video=640x480x8 video=text");
    assert_int_equal(options.video, OPTIONS_VIDEO_TEXT);
}

static void drivers_have_parameters(void **state)
{
    (void)state;
    read_options("param=kit.Crime=5 param=bochs.Name=a.b");
    assert_int_equal(options.problem_count, 0);
    assert_int_equal(options.parameter_count, 2);
    assert_string_equal(options.parameters[0], "kit.Crime=5");
    assert_string_equal(options.parameters[1], "bochs.Name=a.b");
    static const char *const wrong[] = {"param=", "param=kit", "param=.a=1", "param=kit=1.2",
                                        "param=kit.a"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        read_options(wrong[i]);
        assert_int_equal(options.problem_count, 1);
        assert_int_equal(options.parameter_count, 0);
    }
}

/* The seventeenth is one too many. */
static void parameters_are_counted(void **state)
{
    (void)state;
    char line[17 * 12 + 1] = "";
    for (size_t i = 0; i < 17; i++)
        strcat(line, "param=a.b=1 ");
    read_options(line);
    assert_int_equal(options.parameter_count, OPTIONS_PARAMETERS_MAX);
    assert_int_equal(options.problem_count, 1);
}

static void expect_bad_memory(size_t index, phys_t base, phys_t end)
{
    assert_true(index < options.bad_memory_count);
    assert_int_equal(options.bad_memory[index].base, base);
    assert_int_equal(options.bad_memory[index].end, end);
}

static void bad_memory_is_a_list(void **state)
{
    (void)state;
    read_options("badram=0x1234000,32M-0x2003000 trace badram=5G+8K");
    assert_int_equal(options.problem_count, 0);
    assert_int_equal(options.bad_memory_count, 3);
    expect_bad_memory(0, 0x1234000, 0x1234001);
    expect_bad_memory(1, 0x2000000, 0x2003000);
    expect_bad_memory(2, 5 * GIB, 5 * GIB + 8 * KIB);
    assert_true(options.trace);
}

/* A wrong item is named, and costs only that item. */
static void wrong_items_of_bad_memory_are_named(void **state)
{
    (void)state;
    static const struct options_problem expected[] = {
        {"0x12zz", "badram= takes ADDR, ADDR-ADDR and ADDR+SIZE, with commas between"},
        {"5-3", "the range has no byte"},
        {"", "badram= takes ADDR, ADDR-ADDR and ADDR+SIZE, with commas between"},
        {"4096T", "no memory has that address"},
        {"99999999999999999999", "no memory has that address"},
    };
    read_options("badram=0x12zz,0x1000,5-3,,4096T,99999999999999999999,0x2000 trace");
    assert_int_equal(options.bad_memory_count, 2);
    expect_bad_memory(0, 0x1000, 0x1001);
    expect_bad_memory(1, 0x2000, 0x2001);
    assert_int_equal(options.problem_count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_string_equal(options.problems[i].word, expected[i].word);
        assert_string_equal(options.problems[i].text, expected[i].text);
    }
    assert_true(options.trace);
}

/* The one beyond the last that has room. */
static void bad_memory_is_counted(void **state)
{
    (void)state;
    char line[OPTIONS_BAD_MEMORY_MAX * 10 + 32] = "badram=";
    for (unsigned i = 0; i < OPTIONS_BAD_MEMORY_MAX; i++)
        sprintf(line + strlen(line), "0x%x000,", i + 0x10);
    strcat(line, "0x77000");
    read_options(line);
    assert_int_equal(options.bad_memory_count, OPTIONS_BAD_MEMORY_MAX);
    assert_int_equal(options.problem_count, 1);
    assert_string_equal(options.problems[0].word, "0x77000");
}

static void video_names_an_adapter_and_a_mode(void **state)
{
    (void)state;
    read_options("video=vga video=320x200x8 backbuffer=common present=flip");
    assert_int_equal(options.problem_count, 0);
    assert_string_equal(options.adapter, "vga");
    assert_true(options.has_mode);
    assert_int_equal(options.mode.bits, 8);
    assert_int_equal(options.back_buffer, OPTIONS_BACK_BUFFER_COMMON);
    assert_true(options.flip);
    assert_true(options.use_write_combining);
    assert_true(options.use_acpi);
    assert_true(options.use_pae);
    read_options("video=boot backbuffer=none wc=off acpi=off pae=off");
    assert_false(options.use_write_combining);
    assert_false(options.use_acpi);
    assert_false(options.use_pae);
    assert_string_equal(options.adapter, "boot");
    assert_int_equal(options.back_buffer, OPTIONS_BACK_BUFFER_NONE);
    assert_false(options.flip);
}

/*  trace run=alloc 3M  below 16M; trace  |   all behind run= is one option, blanks and all */
static void run_takes_the_rest_of_the_line(void **state)
{
    (void)state;
    read_options("trace run=alloc 3M  below 16M; console=serial run=x ");
    assert_string_equal(options.run, "alloc 3M  below 16M; console=serial run=x ");
    assert_true(options.trace);
    assert_false(options.serial_only);
    read_options("run=");
    assert_string_equal(options.run, "");
    read_options("prerun=map");
    assert_null(options.run);
    assert_int_equal(options.problem_count, 1);
}

static void file_name_counts_in_the_first_place_only(void **state)
{
    (void)state;
    read_options("/boot/ashlar.elf trace /boot/ashlar.elf");
    assert_true(options.trace);
    assert_int_equal(options.problem_count, 1);
    assert_string_equal(options.problems[0].word, "/boot/ashlar.elf");
    assert_string_equal(options.problems[0].text, "there is no such boot option");
    read_options("ashlar");
    assert_int_equal(options.problem_count, 0);
    assert_true(options.file_name_is_bare);
    read_options("trace ashlar.elf");
    assert_int_equal(options.problem_count, 1);
}

static void wrong_words_are_noted_and_change_nothing(void **state)
{
    (void)state;
    static const struct options_problem cases[] = {
        {"video=", "video= takes WIDTHxHEIGHTxBITS, bochs, boot, vga, a driver, text or off"},
        {"video=1024", "video= takes WIDTHxHEIGHTxBITS, bochs, boot, vga, a driver, text or off"},
        {"video=640", "video= takes WIDTHxHEIGHTxBITS, bochs, boot, vga, a driver, text or off"},
        {"video=640x480x",
         "video= takes WIDTHxHEIGHTxBITS, bochs, boot, vga, a driver, text or off"},
        {"backbuffer=", "backbuffer= takes contiguous, common or none"},
        {"present=flips", "present= takes copy or flip"},
        {"wc=on", "wc= takes off"},
        {"acpi=on", "acpi= takes off"},
        {"pae=", "pae= takes off"},
        {"pae=on", "pae= takes off"},
        {"console=", "console= takes serial"},
        {"console=serial0", "console= takes serial"},
        {"traces", "there is no such boot option"},
        {"trace=1", "there is no such boot option"},
        {"Selftest", "there is no such boot option"},
        {"video", "there is no such boot option"},
        {"run", "there is no such boot option"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char line[64] = "ashlar.elf ";
        read_options(strcat(line, cases[i].word));
        expect_defaults_but_problems();
        assert_int_equal(options.problem_count, 1);
        assert_string_equal(options.problems[0].word, cases[i].word);
        assert_string_equal(options.problems[0].text, cases[i].text);
    }
}

static void wrong_word_does_not_undo_a_right_one(void **state)
{
    (void)state;
    read_options("video=640x480x8 console=serial video=9 console=vga");
    assert_true(options.has_mode);
    assert_int_equal(options.mode.width, 640);
    assert_true(options.serial_only);
    assert_int_equal(options.problem_count, 2);
}

static void problems_without_a_place_are_counted(void **state)
{
    (void)state;
    read_options("ashlar a b c d e f g h i j trace");
    assert_int_equal(options.problem_count, 10);
    assert_string_equal(options.problems[0].word, "a");
    assert_string_equal(options.problems[OPTIONS_PROBLEMS_MAX - 1].word, "h");
    assert_true(options.trace);
}

/* ---- loaders' command lines ------------------------------------------------------------------ */

static const char no_option[] = "there is no such boot option";
static const char open_quote[] = "its quote \" is not closed; it is left out";

/* A line as it arrives, and what must come of it. */
struct arrival {
    unsigned protocol;
    const char *loader;
    const char *line;
    bool trace;
    bool text; /* video=text */
    const char *run;
    const char *file_name;
    struct options_problem problem; /* the only one; NULL: there is none */
};

static const struct arrival arrivals[] = {
    {2, "GRUB 2.06", "\"run=alloc 3M below 16M;exit\"", .run = "alloc 3M below 16M;exit"},
    {1, "GRUB 1.98", "/boot/ashlar.elf \"run=alloc 3M below 16M;exit\"",
     .run = "alloc 3M below 16M;exit", .file_name = "/boot/ashlar.elf"},
    {1, "GRUB 2.06", "\"video=text\" \"run=at \\\"0x1000\\\"\"", .text = true,
     .run = "at \"0x1000\""},
    {2, "GRUB 2.06", "run=alloc 3M below 16M;exit", .run = "alloc 3M below 16M;exit"},
    {1, "qemu", "ashlar run=exit", .run = "exit", .file_name = "ashlar"},
    {1, "qemu", "./ashlar.elf trace", .trace = true, .file_name = "./ashlar.elf"},
    {1, "qemu", "/my dir/ashlar.elf trace", .trace = true, .file_name = "/my dir/ashlar.elf"},
    {1, "qemu", "my new dir/ashlar.elf video=text", .text = true,
     .file_name = "my new dir/ashlar.elf"},
    {1, "qemu", "/my new kernel.elf trace", .trace = true, .file_name = "/my new kernel.elf"},
    {1, "qemu", "/a=b/ashlar.elf trace", .trace = true, .file_name = "/a=b/ashlar.elf"},
    {1, "qemu", "/my dir/ashlar.elf trac run=exit", .run = "exit",
     .file_name = "/my dir/ashlar.elf", .problem = {"trac", no_option}},
    {1, "qemu", "ashlar.elf vido=text.", .file_name = "ashlar.elf",
     .problem = {"vido=text.", no_option}},
    {1, "iPXE 1.21.1", "ashlar.elf trace", .trace = true, .file_name = "ashlar.elf"},
    {1, "SYSLINUX 6.04", "ashlar.elf trace", .trace = true, .file_name = "ashlar.elf"},
    {1, "GNU GRUB 0.97", "/boot/ashlar.elf trace", .trace = true, .file_name = "/boot/ashlar.elf"},
    {1, "GRUB 1.98", "\"/my dir/ashlar.elf\" trace", .trace = true,
     .file_name = "/my dir/ashlar.elf"},
    {2, "GRUB 2.06", "\"run=at 0x1000;check\" trace", .trace = true, .run = "at 0x1000;check"},
    {2, "GRUB 2.06", "run=at \\'0x1000\\'", .run = "at '0x1000'"},
    {2, "GRUB 2.06", "run=echo \\\\ \\\"a b\\\" \"c d\" \\x20", .run = "echo \\ \"a b\" c d \\x20"},
    {2, "GRUB 2.06", "\"unclosed trace", .problem = {"\"unclosed trace", open_quote}},
    {2, "GRUB 2.06", "trace \"run=exit", .trace = true, .problem = {"\"run=exit", open_quote}},
    {2, "GRUB 2.06", "trace run=at \"0", .trace = true, .problem = {"run=at \"0", open_quote}},
    {1, "qemu", "ashlar.elf run=\"a;b c\" trace", .run = "a;b c", .trace = true,
     .file_name = "ashlar.elf"},
    {1, "qemu", "ashlar.elf video=\"text\" run=x", .run = "x", .text = true,
     .file_name = "ashlar.elf"},
    {2, "GRUB 2.06", "\"run=a\" \"run=b\"", .run = "a",
     .problem = {"run=b", "run= was given before; that one counts"}},
    {2, "GRUB 2.06", "trac", .file_name = "trac", .problem = {"trac", no_option}},
    {1, "GRUB 2.06", "trac", .file_name = "trac", .problem = {"trac", no_option}},
    {1, "", "trac", .file_name = "trac", .problem = {"trac", no_option}},
    {2, "GRUB 2.06", "vido=text trace", .trace = true, .problem = {"vido=text", no_option}},
    {2, "GRUB 2.06", "\"vido =text\" trace", .trace = true, .file_name = "vido =text",
     .problem = {"vido =text", no_option}},
    {1, "qemu", "trac", .file_name = "trac"},
    {1, "qemu", "\t ashlar", .file_name = "ashlar"},
    {1, "qemu", "", .trace = false},
    {2, "GRUB 2.06", " \t", .trace = false},
    {2, "GRUB 2.06", "\"\"", .file_name = "", .problem = {"", no_option}},
};

static void expect_text(const char *text, const char *expected)
{
    assert_int_equal(!text, !expected);
    if (expected)
        assert_string_equal(text, expected);
}

/* A first word that is no option counts as a problem where the loader passes no file name. */
static void expect_arrival(const struct arrival *row)
{
    struct boot_info info = {.protocol = row->protocol};
    strcpy(info.loader, row->loader);
    read_options(row->line);
    struct options_problem problem = options.problems[0];
    if (options.file_name_is_bare && !boot_info_has_file_name(&info)) {
        assert_int_equal(options.problem_count++, 0);
        problem = (struct options_problem){options.file_name, no_option};
    }
    assert_int_equal(options.problem_count, row->problem.word ? 1 : 0);
    if (row->problem.word) {
        assert_string_equal(problem.word, row->problem.word);
        assert_string_equal(problem.text, row->problem.text);
    }
    assert_int_equal(options.trace, row->trace);
    assert_int_equal(options.video == OPTIONS_VIDEO_TEXT, row->text);
    expect_text(options.run, row->run);
    expect_text(options.file_name, row->file_name);
}

static void lines_of_loaders_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof arrivals / sizeof *arrivals; i++) {
        print_message("  %s\n", arrivals[i].line);
        expect_arrival(&arrivals[i]);
    }
}

/* Only a name that may be none of one is told of: where it ends is a guess then. */
static void file_names_of_several_words_are_told(void **state)
{
    (void)state;
    read_options("/my dir/ashlar.elf trace");
    assert_true(options.file_name_is_joined);
    read_options("\"/my dir/ashlar.elf\" trace");
    assert_false(options.file_name_is_joined);
    read_options("/ashlar.elf trace");
    assert_false(options.file_name_is_joined);
}

/* ---- bad memory in pairs --------------------------------------------------------------------- */

static const char no_pairs[] =
    "may be a mask, but not all of the list is surely pairs: all are addresses";
static const char no_memory[] = "no memory has that address";

#define RANGES_MAX 8

/* A value of badram=, the ranges that it means, and what is told. */
struct bad_list {
    const char *value;
    struct phys_range ranges[RANGES_MAX];
    const char *pair; /* that the last range is of; NULL: it is of no pair */
    struct options_problem problem;
};

static const struct bad_list bad_lists[] = {
    /* memtest86+ 5 and 6, the Linux patch BadRAM */
    {"0x01234000,0xfffffffc", {{0x1234000, 0x1235000}}, "0x01234000,0xfffffffc", {0}},
    {"0x0000000123456000,0xfffffffffffffff8",
     {{0x123456000, 0x123457000}},
     "0x0000000123456000,0xfffffffffffffff8",
     {0}},
    {"0x123456000,0xfffffffc", {{0x123456000, 0x123457000}}, "0x123456000,0xfffffffc", {0}},
    {"0x01000000,0xff000000,0x02345678,0xfffffff8",
     {{0x1000000, 0x2000000}, {0x2345000, 0x2346000}},
     "0x02345678,0xfffffff8",
     {0}},
    {"0x10000000,0xf0000000", {{0x10000000, 0x20000000}}, "0x10000000,0xf0000000", {0}},
    {"0x1000,0xffffffff", {{0x1000, 0x2000}}, "0x1000,0xffffffff", {0}},
    {"0,0xfff0000000000000", {{0, PHYS_LIMIT}}, "0,0xfff0000000000000", {0}},
    /* bits within a frame; then two ranges, and four of two frames */
    {"0x5000,0xfffff0fc", {{0x5000, 0x6000}}, "0x5000,0xfffff0fc", {0}},
    {"0x5000,0xfffefffc", {{0x5000, 0x6000}, {0x15000, 0x16000}}, "0x5000,0xfffefffc", {0}},
    {"0x400000,0xffeae000",
     {{0x400000, 0x402000},
      {0x410000, 0x412000},
      {0x440000, 0x442000},
      {0x450000, 0x452000},
      {0x500000, 0x502000},
      {0x510000, 0x512000},
      {0x540000, 0x542000},
      {0x550000, 0x552000}},
     "0x400000,0xffeae000",
     {0}},
    {"0x10000000000000,0xfffffffffffff000",
     {{0}},
     NULL,
     {"0x10000000000000,0xfffffffffffff000", no_memory}},
    /* addresses, as memtest prints them here */
    {"0x412000,0x600000", {{0x412000, 0x412001}, {0x600000, 0x600001}}, NULL, {0}},
    {"0x2a5000-0x2a7000,0x310000", {{0x2A5000, 0x2A7000}, {0x310000, 0x310001}}, NULL, {0}},
    {"0x80000000,0x80001000", {{0x80000000, 0x80000001}, {0x80001000, 0x80001001}}, NULL, {0}},
    {"0x80000000,0xdffff000", {{0x80000000, 0x80000001}, {0xDFFFF000, 0xDFFFF001}}, NULL, {0}},
    {"0x1f0000000,0x2f0000000",
     {{0x1F0000000, 0x1F0000001}, {0x2F0000000, 0x2F0000001}},
     NULL,
     {0}},
    {"0xfffffffc", {{0xFFFFFFFC, 0xFFFFFFFD}}, NULL, {0}},
    /* not surely one or the other; the second is GRUB's example in /etc/default/grub */
    {"0x80000000,0xc0000000",
     {{0x80000000, 0x80000001}, {0xC0000000, 0xC0000001}},
     NULL,
     {"0xc0000000", no_pairs}},
    {"0x01234567,0xfefefefe,0x89abcdef,0xefefefef",
     {{0x1234567, 0x1234568},
      {0xFEFEFEFE, 0xFEFEFEFF},
      {0x89ABCDEF, 0x89ABCDF0},
      {0xEFEFEFEF, 0xEFEFEFF0}},
     NULL,
     {"0xfefefefe", no_pairs}},
    {"0x1001,0xfffff000",
     {{0x1001, 0x1002}, {0xFFFFF000, 0xFFFFF001}},
     NULL,
     {"0xfffff000", no_pairs}},
    {"0x1000,0xfffff000,0x5000",
     {{0x1000, 0x1001}, {0xFFFFF000, 0xFFFFF001}, {0x5000, 0x5001}},
     NULL,
     {"0xfffff000", no_pairs}},
    {"0x1000,0xfffff000,0x5000,0x6000",
     {{0x1000, 0x1001}, {0xFFFFF000, 0xFFFFF001}, {0x5000, 0x5001}, {0x6000, 0x6001}},
     NULL,
     {"0xfffff000", no_pairs}},
};

static void expect_bad_list(const struct bad_list *row)
{
    char line[128];
    size_t count = 0;
    snprintf(line, sizeof line, "ashlar.elf badram=%s trace", row->value);
    read_options(line);
    for (; count < RANGES_MAX && row->ranges[count].end != 0; count++)
        expect_bad_memory(count, row->ranges[count].base, row->ranges[count].end);
    assert_int_equal(options.bad_memory_count, count);
    if (count > 0)
        expect_text(options.bad_memory_pairs[count - 1], row->pair);
    assert_int_equal(options.problem_count, row->problem.word ? 1 : 0);
    if (row->problem.word) {
        assert_string_equal(options.problems[0].word, row->problem.word);
        assert_string_equal(options.problems[0].text, row->problem.text);
    }
    assert_true(options.trace);
}

static void bad_memory_is_pairs_only_if_surely_so(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_lists / sizeof *bad_lists; i++) {
        print_message("  %s\n", bad_lists[i].value);
        expect_bad_list(&bad_lists[i]);
    }
}

/* 128 ranges, and one before: as many as there is room for, and one problem. What came before
   stays. */
static void pairs_fill_what_room_there_is(void **state)
{
    (void)state;
    read_options("badram=0x1000 badram=0x4000,0xf5554fff badram=0x9000");
    assert_int_equal(options.bad_memory_count, OPTIONS_BAD_MEMORY_MAX);
    expect_bad_memory(0, 0x1000, 0x1001);
    expect_bad_memory(1, 0x4000, 0x8000);
    assert_int_equal(options.problem_count, 2);
    assert_string_equal(options.problems[0].word, "0x4000,0xf5554fff");
    assert_string_equal(options.problems[0].text,
                        "badram= takes no more than 128 ranges; the rest of it stays in use");
    assert_string_equal(options.problems[1].word, "0x9000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_said_leaves_the_defaults),
        cmocka_unit_test(every_option_is_read),
        cmocka_unit_test(video_is_a_mode_text_or_off),
        cmocka_unit_test(drivers_have_parameters),
        cmocka_unit_test(parameters_are_counted),
        cmocka_unit_test(bad_memory_is_a_list),
        cmocka_unit_test(wrong_items_of_bad_memory_are_named),
        cmocka_unit_test(bad_memory_is_counted),
        cmocka_unit_test(video_names_an_adapter_and_a_mode),
        cmocka_unit_test(run_takes_the_rest_of_the_line),
        cmocka_unit_test(file_name_counts_in_the_first_place_only),
        cmocka_unit_test(wrong_words_are_noted_and_change_nothing),
        cmocka_unit_test(wrong_word_does_not_undo_a_right_one),
        cmocka_unit_test(problems_without_a_place_are_counted),
        cmocka_unit_test(lines_of_loaders_are_read),
        cmocka_unit_test(file_names_of_several_words_are_told),
        cmocka_unit_test(bad_memory_is_pairs_only_if_surely_so),
        cmocka_unit_test(pairs_fill_what_room_there_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
