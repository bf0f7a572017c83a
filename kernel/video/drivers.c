/*
 * Loads and unloads the display drivers that are not the kernel's own. A loaded image is one block
 * of the pool, between guard pages, in the driver's name.
 */

#include "drivers.h"

#include "drivers/videoport/image/image.h"
#include "drivers/videoport/port/resource.h"
#include "kernel/lib/command_line.h"
#include "kernel/lib/format.h"
#include "kernel/lib/module_line.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/paging.h"

#define IMAGES_MAX 8

extern const struct drivers_linked linked_drivers_start[], linked_drivers_end[];

struct loaded {
    struct videoport_device *device; /* NULL: this place is free */
    unsigned char *image; /* NULL: linked in */
    uint32_t image_bytes;
    struct image headers;
};

static struct loaded loaded[IMAGES_MAX];
static const struct boot_module *modules;
static size_t module_count;

/* ---- names ----------------------------------------------------------------------------------- */

/* A driver has the name of its file, or as much of it as an owner's name can hold. */
static void cut_name(char name[VIDEOPORT_NAME_MAX + 1], const char *file)
{
    size_t length = strlen(file);
    if (length > VIDEOPORT_NAME_MAX)
        length = VIDEOPORT_NAME_MAX;
    memcpy(name, file, length);
    name[length] = '\0';
}

/* The first driver among the modules with that name; with that name once it is cut, if is_cut. */
static const struct boot_module *find_by_name(const char *name, bool is_cut,
                                              struct module_line *line)
{
    char cut[VIDEOPORT_NAME_MAX + 1];
    for (size_t i = 0; i < module_count; i++) {
        module_line_read(line, modules[i].command_line);
        cut_name(cut, line->name);
        if (line->kind == MODULE_DRIVER && strcmp(is_cut ? cut : line->name, name) == 0)
            return &modules[i];
    }
    return NULL;
}

/* A whole name counts before one that is cut. */
static const struct boot_module *find_module(const char *name, struct module_line *line)
{
    const struct boot_module *found = find_by_name(name, false, line);
    return found ? found : find_by_name(name, true, line);
}

/* ---- images ---------------------------------------------------------------------------------- */

static unsigned paging_rights_of(unsigned rights)
{
    return (rights & IMAGE_WRITE ? PAGING_WRITE : 0) |
           (rights & IMAGE_EXECUTE ? PAGING_EXECUTE : 0);
}

static void protect(const struct loaded *driver)
{
    for (uint32_t at = 0; at < driver->image_bytes; at += IMAGE_PAGE_BYTES)
        paging_protect(
            (uintptr_t)driver->image + at,
            paging_rights_of(image_page_rights(&driver->headers, at / IMAGE_PAGE_BYTES)));
}

static bool fail_to_load(const char *name, const char *why)
{
    console_error("driver %s: %s", name, why);
    return false;
}

/* Reads the file, which is mapped, into a block of the driver's own. */
static bool load_file(struct loaded *driver, const char *name, const void *file, size_t file_bytes)
{
    char why[IMAGE_WHY_MAX];
    void *address;
    if (!image_read(&driver->headers, file, file_bytes, why))
        return fail_to_load(name, why);
    struct mm_request request = {
        .size_bytes = driver->headers.size_bytes, .limit = paging_reach(), .owner = name};
    enum mm_status status = pool_alloc(memory_pool(), &request, MM_CACHED, NULL, &address);
    if (status != MM_OK)
        return fail_to_load(name, mm_status_text(status));
    driver->image = address;
    driver->image_bytes = driver->headers.size_bytes;
    if (image_load(&driver->headers, address, (uint32_t)(uintptr_t)address, exports_find, why)) {
        protect(driver);
        return true;
    }
    pool_free(memory_pool(), address);
    driver->image = NULL;
    return fail_to_load(name, why);
}

static bool load_module(struct loaded *driver, const char *name, const struct boot_module *module)
{
    void *file;
    enum mm_status status = pool_map(memory_pool(), module->base, module->end - module->base,
                                     MM_CACHED, "module", &file);
    if (status != MM_OK)
        return fail_to_load(name, mm_status_text(status));
    bool is_loaded = load_file(driver, name, file, (size_t)(module->end - module->base));
    pool_unmap(memory_pool(), file);
    return is_loaded;
}

/* ---- starting and stopping ------------------------------------------------------------------- */

/* The driver of that device; with NULL, a place that is free. */
static struct loaded *find_loaded(const struct videoport_device *device)
{
    for (size_t i = 0; i < IMAGES_MAX; i++)
        if (loaded[i].device == device)
            return &loaded[i];
    return NULL;
}

static void free_image(struct loaded *driver)
{
    if (driver->image)
        pool_free(memory_pool(), driver->image);
    driver->image = NULL;
}

static bool start(struct loaded *driver, const char *name, videoport_entry_t entry)
{
    const char *why;
    trace_step("driver %s: its entry, its search for an adapter", name);
    driver->device = registry_start(name, entry, &why);
    if (driver->device)
        return true;
    free_image(driver);
    return fail_to_load(name, why);
}

static const struct drivers_linked *find_linked(const char *name)
{
    size_t count = ((uintptr_t)linked_drivers_end - (uintptr_t)linked_drivers_start) /
                   sizeof(struct drivers_linked);
    for (const struct drivers_linked *driver = linked_drivers_start; count-- > 0; driver++)
        if (strcmp(driver->name, name) == 0)
            return driver;
    return NULL;
}

/* The words behind a module's name (NULL: there is none), then the others. */
static bool add_words(char *module_words, char *const *words, size_t word_count)
{
    struct command_line_word word;
    while (module_words && command_line_take_word(&module_words, &word))
        if (!registry_add(word.text))
            return false;
    for (size_t i = 0; i < word_count; i++)
        if (!registry_add(words[i]))
            return false;
    return true;
}

/* Why the module cannot become a driver of that name; NULL: it can. */
static const char *find_obstacle(const struct boot_module *module, const char *name)
{
    struct module_line unused;
    if (module->base == module->end)
        return "the module is empty";
    if (find_module(name, &unused) != module)
        return "another module's name begins with the same 23 letters";
    if (memory_owner_is_claimed(name) || strcmp(name, MEMORY_SHELL) == 0)
        return "the name belongs to the system"; /* it would own the system's blocks */
    return NULL;
}

bool drivers_load(const char *asked, char *const *words, size_t word_count)
{
    struct module_line line;
    char name[VIDEOPORT_NAME_MAX + 1];
    const struct drivers_linked *linked = find_linked(asked);
    const struct boot_module *module = linked ? NULL : find_module(asked, &line);
    struct loaded *driver = find_loaded(NULL);
    if (!linked && !module)
        return fail_to_load(asked, "there is no module of that name, and none is linked in");
    cut_name(name, module ? line.name : asked);
    const char *obstacle = module ? find_obstacle(module, name) : NULL;
    if (obstacle)
        return fail_to_load(asked, obstacle);
    if (videoport_find(name))
        return fail_to_load(name, "it is loaded already");
    if (!driver)
        return fail_to_load(name, "8 drivers are loaded already");
    registry_open(name);
    if (!add_words(module ? line.rest : NULL, words, word_count))
        return false;
    if (linked)
        return start(driver, name, linked->entry);
    if (!load_module(driver, name, module))
        return false;
    uintptr_t entry = (uintptr_t)driver->image + driver->headers.entry;
    return start(driver, name, (videoport_entry_t)entry);
}

size_t drivers_unload(struct videoport_device *device)
{
    size_t leaked_count = videoport_stop(device);
    struct loaded *driver = find_loaded(device);
    if (driver) {
        driver->device = NULL;
        free_image(driver);
    }
    return leaked_count;
}

/* False, with a line, if a module before this one has its very name. */
static bool is_first(const struct boot_module *module, const char *name)
{
    struct module_line unused;
    return find_by_name(name, false, &unused) == module ||
           fail_to_load(name, "another module has that name");
}

void drivers_init(const struct boot_info *info)
{
    struct module_line line;
    module_count = info->module_count;
    modules = info->modules;
    for (size_t i = 0; i < module_count; i++) {
        module_line_read(&line, modules[i].command_line);
        if (line.kind == MODULE_DRIVER && is_first(&modules[i], line.name))
            drivers_load(line.name, NULL, 0);
    }
}

/* ---- looking --------------------------------------------------------------------------------- */

bool drivers_own_code(uintptr_t address, uint32_t *offset)
{
    for (size_t i = 0; i < IMAGES_MAX; i++) {
        const struct loaded *driver = &loaded[i];
        uintptr_t distance = address - (uintptr_t)driver->image;
        if (!driver->image || distance >= driver->image_bytes)
            continue;
        if (offset)
            *offset = (uint32_t)distance;
        return image_page_rights(&driver->headers, (uint32_t)(distance / IMAGE_PAGE_BYTES)) &
               IMAGE_EXECUTE;
    }
    return false;
}

bool drivers_is_loaded(const struct videoport_device *device)
{
    return device && find_loaded(device);
}

static void describe_holdings(const struct videoport_device *device)
{
    const struct resource *holding = NULL;
    while ((holding = resource_next_of(holding, RESOURCE_HELD_KINDS, device)))
        console_print("holding driver=%s call=%s %s=0x%llx bytes=%llu virtual=0x%llx\n",
                      device->name, holding->call, holding->in_io_space ? "port" : "physical",
                      (number_t)holding->physical, (number_t)holding->size_bytes,
                      (number_t)holding->virtual_address);
}

static void describe_children(const struct videoport_device *device)
{
    static const char *const types[] = {"none", "monitor", "second-chip", "chip", "other"};
    const struct videoport_child *child = device->children;
    for (size_t i = 0; i < device->child_count; i++, child++)
        console_print("child driver=%s type=%s id=0x%x\n", device->name,
                      types[child->type <= Other ? child->type : Other], (unsigned)child->id);
}

void drivers_describe(void)
{
    struct videoport_device *device = NULL;
    while ((device = videoport_next(device))) {
        const struct loaded *driver = find_loaded(device);
        console_print("driver name=%s from=%s", device->name,
                      !driver          ? "kernel"
                      : !driver->image ? "linked"
                                       : "module");
        if (driver && driver->image)
            console_print(" image=0x%lx end=0x%lx", (unsigned long)(uintptr_t)driver->image,
                          (unsigned long)((uintptr_t)driver->image + driver->image_bytes));
        console_print("%s\n", device->is_broken ? " stopped=faulted" : "");
        describe_children(device);
        describe_holdings(device);
    }
}
