/*
 * Finds a machine's firmware map by its name, among those built in and the modules. A module is
 * read anew each time: its memory stays reserved, so nothing has to be kept of it.
 */

#include "machine.h"

#include "kernel/lib/command_line.h"
#include "kernel/lib/module_line.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "kernel/memory/memory.h"

#define PROBLEMS_TOLD_MAX 8 /* a file that is no map at all would tell of each of its lines */

static char module_names[BOOT_MODULE_MAX][MACHINE_NAME_MAX + 1];
static struct machine_source modules[BOOT_MODULE_MAX];
static size_t module_count;

/* ---- names ----------------------------------------------------------------------------------- */

/* The shell reads no quotes, so a name is one word of it. */
static bool is_word(const char *name)
{
    bool is_empty = !*name;
    while (*name && *name != ' ' && *name != '\t' && *name != ';')
        name++;
    return !is_empty && !*name;
}

static void enter_module(const struct boot_module *module)
{
    struct module_line line;
    struct command_line_word word;
    module_line_read(&line, module->command_line);
    if (line.kind != MODULE_MAP || module->base == module->end)
        return;
    const char *name = command_line_take_word(&line.rest, &word) ? word.text : line.name;
    size_t length = strlen(name);
    if (length > MACHINE_NAME_MAX) {
        console_error("module \"%s\": the machine's name is longer than %u characters",
                      module->command_line, MACHINE_NAME_MAX);
    } else if (!is_word(name)) {
        console_error("module \"%s\": the machine's name is not one word", module->command_line);
    } else if (strcmp(name, MACHINE_REAL) == 0 || machine_catalog_find(name)) {
        console_error("module \"%s\": there is a machine \"%s\" already", module->command_line,
                      name);
    } else {
        memcpy(module_names[module_count], name, length + 1);
        modules[module_count] = (struct machine_source){.name = module_names[module_count],
                                                        .text = "a map that came as a module",
                                                        .module = module};
        module_count++;
    }
}

const struct machine_source *machine_catalog_at(size_t index)
{
    if (index < machines_shipped_count)
        return &machines_shipped[index];
    index -= machines_shipped_count;
    return index < module_count ? &modules[index] : NULL;
}

const struct machine_source *machine_catalog_find(const char *name)
{
    const struct machine_source *source;
    size_t i = 0;
    while ((source = machine_catalog_at(i)) && strcmp(source->name, name) != 0)
        i++;
    return source;
}

/* ---- maps ------------------------------------------------------------------------------------ */

static void add_entry(const struct map_text *text, const char *name, bool tells,
                      const struct map_entry *entry, struct memmap *map)
{
    if (!memmap_add_entry(map, entry->base, entry->length_bytes, entry->type) &&
        entry->length_bytes > 0 && tells)
        console_print("machine %s, line %zu: base=0x%llx runs past 2^64; cut there\n", name,
                      text->line, (number_t)entry->base);
}

/* What is unknown is no error: its line counts. */
static void tell(enum map_event event, const char *name, const struct map_problem *problem)
{
    console_print("%smachine %s, line %zu: \"%s\" %s\n", event == MAP_WRONG ? "error: " : "", name,
                  problem->line, problem->value, problem->text);
}

static void read_text(struct map_text *text, const char *name, bool tells, struct memmap *map)
{
    struct map_entry entry;
    struct map_problem problem;
    size_t problem_count = 0;
    for (enum map_event event; (event = map_text_next(text, &entry, &problem)) != MAP_END;) {
        if (event != MAP_WRONG)
            add_entry(text, name, tells, &entry, map);
        if (event != MAP_ENTRY && problem_count++ < PROBLEMS_TOLD_MAX && tells)
            tell(event, name, &problem);
    }
    if (problem_count > PROBLEMS_TOLD_MAX && tells)
        console_error("machine %s: %zu more lines are wrong, or of an unknown kind", name,
                      problem_count - PROBLEMS_TOLD_MAX);
}

static bool read_module(const struct machine_source *source, bool tells, struct memmap *map)
{
    const struct boot_module *module = source->module;
    size_t size_bytes = (size_t)(module->end - module->base);
    struct map_text text;
    void *file;
    enum mm_status status =
        pool_map(memory_pool(), module->base, size_bytes, MM_CACHED, "module", &file);
    if (status != MM_OK) {
        console_error("machine %s: %s", source->name, mm_status_text(status));
        return false;
    }
    map_text_start(&text, file, size_bytes);
    read_text(&text, source->name, tells, map);
    pool_unmap(memory_pool(), file);
    return true;
}

bool machine_catalog_read(const struct machine_source *source, bool tells, struct memmap *map)
{
    memmap_init(map);
    for (size_t i = 0; i < source->entry_count; i++)
        memmap_add_entry(map, source->entries[i].base, source->entries[i].length_bytes,
                         source->entries[i].type);
    if (source->module && !read_module(source, tells, map))
        return false;
    memmap_round(map);
    return true;
}

void machine_catalog_init(const struct boot_info *info)
{
    for (size_t i = 0; i < info->module_count; i++)
        enter_module(&info->modules[i]);
}
