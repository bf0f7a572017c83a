/*
 * The shell: an input is lines, or the keys that somebody types, by its first byte. The commands
 * that take and give memory do it to a manager and a pool; the rest is fake_kernel.c. A command
 * that fails says so in one line that begins with "error: " and has changed nothing, and whatever
 * was typed, the manager's invariants hold.
 */

#define _DEFAULT_SOURCE /* strdup */

#include "fake_console.h"
#include "fake_kernel.h"
#include "fake_port.h"
#include "fuzz.h"
#include "kernel/commands/commands.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define RANGES_MAX 3
#define WINDOW_PAGES 64
#define COMMANDS_MAX 64 /* in a line */

const char fuzz_name[] = "shell";
uint64_t fuzz_step_count;

static jmp_buf end;
static void *tables[RANGES_MAX + 3];
static size_t table_count;

static void *get_table(size_t size_bytes)
{
    return tables[table_count++] = calloc(1, size_bytes);
}

/* Below 1 MiB, up to 16 MiB and around 4 GiB, and so little of it that checking takes no time. */
static void open_memory(void)
{
    static const struct frame_range ranges[RANGES_MAX] = {
        {0x9C, 0xA0}, {0xFE0, 0x1000}, {0xFFFF8, 0x100008}};
    const struct frame_range pages = {FAKE_PORT_BASE >> FRAME_SHIFT,
                                      (FAKE_PORT_BASE >> FRAME_SHIFT) + WINDOW_PAGES};
    fake_port_reset();
    memmap_init(&fake_map);
    mm_init(&fake_mm, fake_port_source, get_table(MM_FIRST_RECORDS_BYTES), MM_FIRST_RECORDS_BYTES);
    for (size_t i = 0; i < RANGES_MAX; i++) {
        phys_t base = ranges[i].first << FRAME_SHIFT;
        memmap_add_entry(&fake_map, base, (ranges[i].end << FRAME_SHIFT) - base, 1);
        mm_add_range(&fake_mm, ranges[i], get_table(buddy_table_bytes(ranges[i])));
    }
    pool_init(&fake_pool, &fake_port_pages, &fake_mm, FAKE_PORT_BASE,
              FAKE_PORT_BASE + WINDOW_PAGES * (uintptr_t)FRAME_BYTES,
              get_table(buddy_table_bytes(pages)), get_table(MM_FIRST_RECORDS_BYTES),
              MM_FIRST_RECORDS_BYTES);
    const struct mm_request held = {.size_bytes = 5000, .limit = MM_NO_LIMIT, .owner = "ledger"};
    struct mm_block block;
    mm_alloc(&fake_mm, &held, &block); /* with the id 1, and not the shell's to free */
}

static void close_memory(void)
{
    fake_port_reset();
    while (table_count > 0)
        free(tables[--table_count]);
}

static void leave(void)
{
    longjmp(end, 1);
}

/* False if the line ended the machine. */
static bool run(char *line)
{
    if (setjmp(end) != 0)
        return false;
    shell_run(line);
    return true;
}

/* ---- what was written ----------------------------------------------------------------------- */

#define CLEARED "\033[2J\033[H" /* what `clear` tells a terminal */

/* True within such a sequence, at its `offset`-th character. */
static bool clears(size_t at, size_t offset)
{
    return at >= offset && strncmp(fake_console_text + at - offset, CLEARED, strlen(CLEARED)) == 0;
}

static const char *check_text(void)
{
    for (size_t i = 0; i < fake_console_length; i++) {
        char character = fake_console_text[i];
        if (clears(i, 0) || clears(i, strlen("\033[2J")))
            continue;
        if ((character < ' ' || character > '~') && !strchr("\n\t\b", character))
            return "what is written cannot be printed";
    }
    return NULL;
}

static size_t count_lines(const char *start)
{
    size_t count = 0;
    size_t length = strlen(start);
    for (const char *line = fake_console_text; *line;) {
        count += strncmp(line, start, length) == 0;
        line = strchr(line, '\n');
        if (!line)
            break;
        line++;
    }
    return count;
}

static const char *check_memory(void)
{
    const char *broken = mm_check(&fake_mm);
    struct mm_block block;
    if (!broken)
        broken = mm_check(&fake_pool.window);
    if (!broken && !mm_find_id(&fake_mm, 1, &block))
        broken = "a block of the system's was freed";
    return broken;
}

/* ---- one command ---------------------------------------------------------------------------- */

struct state {
    struct mm_totals totals;
    struct mm_totals window;
    size_t block_count;
};

static struct state look(void)
{
    struct state state;
    struct mm_block block;
    memset(&state, 0, sizeof state);
    mm_get_totals(&fake_mm, &state.totals);
    mm_get_totals(&fake_pool.window, &state.window);
    for (phys_t cursor = 0; mm_next_block(&fake_mm, &cursor, &block);)
        state.block_count++;
    return state;
}

static bool is_same(const struct state *left, const struct state *right)
{
    return left->totals.free_count == right->totals.free_count &&
           left->totals.largest_run == right->totals.largest_run &&
           left->window.free_count == right->window.free_count &&
           left->block_count == right->block_count;
}

/* The first word of a command; empty if it has none. */
static void read_name(const char *text, char *name, size_t name_bytes)
{
    size_t length = 0;
    text += strspn(text, " \t");
    for (; length < name_bytes - 1 && text[length] && !strchr(" \t", text[length]); length++)
        name[length] = text[length];
    name[length] = '\0';
}

/* A block that was announced is there, and is what was said. */
static const char *check_block(void)
{
    unsigned long long id = strtoull(fake_console_text + strlen("block id="), NULL, 10);
    const char *size = strstr(fake_console_text, " bytes=");
    const char *physical = strstr(fake_console_text, " physical=0x");
    struct mm_block block;
    if (!size || !physical || !mm_find_id(&fake_mm, id, &block))
        return "alloc tells of a block that is none";
    if (block.size_bytes != strtoull(size + 7, NULL, 10) ||
        block.base != strtoull(physical + 10, NULL, 16))
        return "alloc tells of another block than it took";
    return fake_kernel_claims(block.owner) ? "a block was taken in the system's name" : NULL;
}

/* One block, or with `all` so many as are said. */
static const char *check_freed(const struct state *before, const struct state *after)
{
    static const char all[] = "freed blocks=";
    size_t freed_count = 1;
    if (count_lines("freed id=") != 1 && count_lines(all) != 1)
        return "free says neither what it freed nor why it did not";
    if (count_lines(all) == 1)
        freed_count = strtoull(fake_console_text + strlen(all), NULL, 10);
    return after->block_count + freed_count == before->block_count
               ? NULL
               : "free frees more or less than it says";
}

static const char *check_taken(const char *name, const struct state *before,
                               const struct state *after)
{
    if (strcasecmp(name, "alloc") == 0) {
        if (count_lines("block id=") != 1 || after->block_count != before->block_count + 1)
            return "alloc says neither what it took nor why it did not";
        return check_block();
    }
    if (strcasecmp(name, "free") == 0)
        return check_freed(before, after);
    if (!is_same(before, after))
        return "a command changed what it does not say";
    if (strcasecmp(name, "blocks") == 0 && count_lines("block id=") != after->block_count)
        return "blocks leaves one out";
    if (strcasecmp(name, "check") == 0 && strcmp(fake_console_text, "check ok\n") != 0)
        return "check finds something wrong";
    return fake_console_length > 0 ? NULL : "a command says nothing";
}

/* Without semicolons. It may end the machine. */
static const char *run_command(const char *text)
{
    char name[16];
    char *copy = strdup(text); /* a sanitizer sees what is read beyond it */
    struct state before = look();
    read_name(text, name, sizeof name);
    fake_console_clear();
    bool is_over = !run(copy);
    free(copy);
    struct state after = look();
    size_t error_count = count_lines("error: ");
    fuzz_step_count++;
    if (!name[0] || is_over)
        return fake_console_length || !is_same(&before, &after) ? "nothing did something" : NULL;
    if (strcasecmp(name, "clear") == 0 && strcmp(fake_console_text, CLEARED) == 0)
        return is_same(&before, &after) ? NULL : "clear changed memory";
    if (fake_console_text[fake_console_length - 1] != '\n')
        return "what is written does not end with its line";
    if (error_count > 1 || (error_count == 1 && count_lines("") != 1))
        return "an error is more than a line";
    if (error_count == 1)
        return is_same(&before, &after) ? NULL : "a command failed, and changed something";
    return check_taken(name, &before, &after);
}

/* The line as a whole, after each of its commands by itself. */
static const char *run_line(char *line)
{
    const char *broken = NULL;
    size_t command_count = 0;
    struct state before = look();
    char *copy = strdup(line);
    for (char *next, *text = copy; text && !broken && command_count < COMMANDS_MAX; text = next) {
        next = strchr(text, ';');
        if (next)
            *next++ = '\0';
        broken = run_command(text);
        command_count++;
        if (!broken)
            broken = check_text();
    }
    free(copy);
    fake_console_clear();
    if (!broken)
        run(line);
    if (!broken && count_lines("error: ") > command_count)
        broken = command_count < COMMANDS_MAX ? "there are more errors than commands" : NULL;
    struct state after = look();
    if (!broken)
        broken = check_text();
    return broken || is_same(&before, &after) ? broken : check_memory();
}

/* ---- the input ------------------------------------------------------------------------------ */

static const char *run_lines(const uint8_t *data, size_t size_bytes)
{
    char *text = calloc(1, size_bytes + 1);
    const char *broken = NULL;
    memcpy(text, data, size_bytes);
    for (char *line = text; line < text + size_bytes && !broken;) {
        char *next = line + strcspn(line, "\n");
        *next = '\0';
        broken = run_line(line);
        line = next + 1;
    }
    free(text);
    return broken ? broken : check_memory();
}

static const char *type_keys(const uint8_t *data, size_t size_bytes)
{
    fake_console_clear();
    fake_console_type(data, size_bytes, leave);
    if (setjmp(end) == 0)
        shell_loop();
    const char *broken = check_text();
    return broken ? broken : check_memory();
}

const char *fuzz_one(const uint8_t *data, size_t size_bytes)
{
    if (size_bytes == 0)
        return NULL;
    fake_kernel_at_end = leave;
    commands_init();
    open_memory();
    fake_console_type(NULL, 0, leave);
    bool is_typed = data[0] % 4 == 3;
    const char *broken =
        is_typed ? type_keys(data + 1, size_bytes - 1) : run_lines(data + 1, size_bytes - 1);
    close_memory();
    return broken;
}
