/* What a module is, by the line that its loader gives it. */

#include "kernel/lib/module_line.h"

#include <string.h>

#include "kernel/lib/command_line.h"
#include "test.h"

struct row {
    const char *line;
    enum module_kind kind;
    const char *name;
    const char *word; /* the first one behind the name; NULL: there is none */
};

static const struct row rows[] = {
    {"/boot/my.map", MODULE_MAP, "my", NULL},
    {"/boot/my.map mine", MODULE_MAP, "my", "mine"},
    {"my.e820\tmine too", MODULE_MAP, "my", "mine"},
    {"\"/my dir/my.map\" \"a name\"", MODULE_MAP, "my", "a name"},
    {"/drivers/kit.sys Crime=1 Name=x", MODULE_DRIVER, "kit", "Crime=1"},
    {"kit.sys \"Name=a \\\"b\\\"\"", MODULE_DRIVER, "kit", "Name=a \"b\""},
    {"/DRIVERS/BOXVIDEO.SYS", MODULE_DRIVER, "BOXVIDEO", NULL},
    {"Kit.Sys", MODULE_DRIVER, "Kit", NULL},
    {"MY.MAP mine", MODULE_MAP, "MY", "mine"},
    {"kit.map.sys", MODULE_DRIVER, "kit.map", NULL},
    {"", MODULE_OTHER, "", NULL},
    {" ", MODULE_OTHER, "", NULL},
    {".map", MODULE_OTHER, ".map", NULL},
    {"/boot/.sys", MODULE_OTHER, ".sys", NULL},
    {"/boot.map/notes", MODULE_OTHER, "notes", NULL},
    {"/boot/notes.mapp hello.map", MODULE_OTHER, "notes.mapp", "hello.map"},
    {"\"/boot/my.map", MODULE_MAP, "my", NULL},
};

static void modules_are_what_their_names_end_in(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[BOOT_MODULE_LINE_MAX] = "";
        struct module_line line;
        struct command_line_word word;
        strcpy(text, rows[i].line);
        module_line_read(&line, text);
        print_message("  %s\n", rows[i].line);
        assert_int_equal(line.kind, rows[i].kind);
        assert_string_equal(line.name, rows[i].name);
        assert_string_equal(text, rows[i].line);
        bool has_word = command_line_take_word(&line.rest, &word);
        assert_int_equal(!has_word, !rows[i].word);
        if (has_word)
            assert_string_equal(word.text, rows[i].word);
    }
}

/* As long as a line can be, and no longer name is made of it. */
static void long_lines_are_read_whole(void **state)
{
    (void)state;
    char text[BOOT_MODULE_LINE_MAX];
    struct module_line line;
    memset(text, 'x', sizeof text);
    strcpy(text + sizeof text - 5, ".sys");
    module_line_read(&line, text);
    assert_int_equal(line.kind, MODULE_DRIVER);
    assert_int_equal(strlen(line.name), sizeof text - 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(modules_are_what_their_names_end_in),
        cmocka_unit_test(long_lines_are_read_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
