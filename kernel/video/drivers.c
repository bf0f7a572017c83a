/*
 * Loads and unloads the display drivers that are not the kernel's own. An image is one block of the
 * pool, between guard pages, in the driver's name. A driver that waits has none: its file is read
 * again when it is its turn.
 */

#include "drivers.h"

#include "drivers/videoport/image/image.h"
#include "drivers/videoport/port/resource.h"
#include "kernel/lib/command_line.h"
#include "kernel/lib/format.h"
#include "kernel/lib/module_line.h"
#include "kernel/lib/name.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/paging.h"

#define IMAGES_MAX 8

extern const struct drivers_linked linked_drivers_start[], linked_drivers_end[];

struct loaded {
    char name[VIDEOPORT_NAME_MAX + 1];
    struct videoport_values values; /* that it is started with */
    const struct boot_module *module; /* NULL: linked in */
    struct videoport_device *device; /* NULL: it waits */
    unsigned char *image; /* NULL: linked in, or it waits */
    uint32_t image_bytes;
    struct image headers;
};

static struct loaded *loaded[IMAGES_MAX]; /* in the order in which they were loaded */
static size_t loaded_count;
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

/* The first driver among the modules with that name, in any case; with that name once it is cut, if
   is_cut. */
static const struct boot_module *find_by_name(const char *name, bool is_cut,
                                              struct module_line *line)
{
    char cut[VIDEOPORT_NAME_MAX + 1];
    for (size_t i = 0; i < module_count; i++) {
        module_line_read(line, modules[i].command_line);
        cut_name(cut, line->name);
        if (line->kind == MODULE_DRIVER && name_is_same(is_cut ? cut : line->name, name))
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

static void report(const char *name, const char *why)
{
    console_error("driver %s: %s", name, why);
}

static bool fail_to_load(const char *name, const char *why)
{
    report(name, why);
    return false;
}

/* Reads the file, which is mapped, into a block of the driver's own. */
static bool load_file(struct loaded *driver, const void *file, size_t file_bytes)
{
    char why[IMAGE_WHY_MAX];
    void *address;
    if (!image_read(&driver->headers, file, file_bytes, why))
        return fail_to_load(driver->name, why);
    struct mm_request request = {
        .size_bytes = driver->headers.size_bytes, .limit = paging_reach(), .owner = driver->name};
    enum mm_status status = pool_alloc(memory_pool(), &request, MM_CACHED, NULL, &address);
    if (status != MM_OK)
        return fail_to_load(driver->name, mm_status_text(status));
    driver->image = address;
    driver->image_bytes = driver->headers.size_bytes;
    const struct image_binder binder = {exports_find, report, driver->name};
    if (image_load(&driver->headers, address, (uint32_t)(uintptr_t)address, &binder, why)) {
        protect(driver);
        return true;
    }
    pool_free(memory_pool(), address);
    driver->image = NULL;
    return fail_to_load(driver->name, why);
}

/* True also for a driver that is linked in, which is there. */
static bool load_image(struct loaded *driver)
{
    const struct boot_module *module = driver->module;
    void *file;
    if (!module)
        return true;
    enum mm_status status = pool_map(memory_pool(), module->base, module->end - module->base,
                                     MM_CACHED, "module", &file);
    if (status != MM_OK)
        return fail_to_load(driver->name, mm_status_text(status));
    bool is_loaded = load_file(driver, file, (size_t)(module->end - module->base));
    pool_unmap(memory_pool(), file);
    return is_loaded;
}

static void free_image(struct loaded *driver)
{
    if (driver->image)
        pool_free(memory_pool(), driver->image);
    driver->image = NULL;
}

/* ---- starting and stopping ------------------------------------------------------------------- */

size_t drivers_count(void)
{
    return loaded_count;
}

const char *drivers_name(size_t index)
{
    return loaded[index]->name;
}

size_t drivers_find(const char *name)
{
    size_t index = 0;
    while (index < loaded_count && !name_is_same(loaded[index]->name, name))
        index++;
    return index;
}

static const struct drivers_linked *find_linked(const char *name)
{
    size_t count = ((uintptr_t)linked_drivers_end - (uintptr_t)linked_drivers_start) /
                   sizeof(struct drivers_linked);
    for (const struct drivers_linked *driver = linked_drivers_start; count-- > 0; driver++)
        if (name_is_same(driver->name, name))
            return driver;
    return NULL;
}

/* What boot options say of it, then the words behind the module's name, then those of `load`. */
static bool collect_values(struct loaded *driver, char *const *words, size_t word_count)
{
    struct command_line_word word;
    struct module_line line;
    registry_open(&driver->values, driver->name);
    if (driver->module)
        module_line_read(&line, driver->module->command_line);
    while (driver->module && command_line_take_word(&line.rest, &word))
        if (!registry_add(&driver->values, word.text))
            return false;
    for (size_t i = 0; i < word_count; i++)
        if (!registry_add(&driver->values, words[i]))
            return false;
    return true;
}

/* Starts a driver whose image is there. */
static bool start(struct loaded *driver)
{
    videoport_entry_t entry =
        driver->module ? (videoport_entry_t)((uintptr_t)driver->image + driver->headers.entry)
                       : find_linked(driver->name)->entry;
    trace_step("driver %s: its entry, its search for an adapter", driver->name);
    const char *why;
    driver->device = videoport_start(driver->name, entry, &driver->values, &why);
    if (driver->device)
        return true;
    const char *search = videoport_describe_search();
    console_error("driver %s: %s%s%s", driver->name, why, *search ? ": " : "", search);
    return false;
}

static size_t stop(struct loaded *driver)
{
    size_t leaked_count = driver->device ? videoport_stop(driver->device) : 0;
    driver->device = NULL;
    free_image(driver);
    return leaked_count;
}

void drivers_let_wait(void)
{
    for (size_t i = 0; i < loaded_count; i++)
        if (loaded[i]->device)
            stop(loaded[i]);
}

struct videoport_device *drivers_run(size_t index)
{
    struct loaded *driver = loaded[index];
    if (driver->device)
        return driver->device;
    drivers_let_wait();
    if ((driver->image || load_image(driver)) && start(driver))
        return driver->device;
    free_image(driver);
    return NULL;
}

size_t drivers_unload(size_t index)
{
    size_t leaked_count = stop(loaded[index]);
    pool_free(memory_pool(), loaded[index]);
    for (loaded_count--; index < loaded_count; index++)
        loaded[index] = loaded[index + 1];
    return leaked_count;
}

/* ---- loading --------------------------------------------------------------------------------- */

/* Why the module cannot become a driver of that name; NULL: it can. */
static const char *find_obstacle(const struct boot_module *module, const char *name)
{
    struct module_line unused;
    if (module->base == module->end)
        return "the module is empty";
    if (find_module(name, &unused) != module)
        return "another module's name begins with the same 23 letters";
    if (memory_owner_is_claimed(name) || name_is_same(name, MEMORY_SHELL))
        return "the name belongs to the system"; /* it would own the system's blocks */
    return NULL;
}

/* Whether what is loaded lets another driver in: in place of one that waits, or behind the last. */
static bool has_room(const char *name)
{
    size_t index = drivers_find(name);
    if (index < loaded_count && loaded[index]->device)
        return fail_to_load(name, "it is loaded already");
    return index < loaded_count || loaded_count < IMAGES_MAX ||
           fail_to_load(name, "8 drivers are loaded already");
}

static struct loaded *allocate(void)
{
    struct mm_request request = {
        .size_bytes = sizeof(struct loaded), .limit = paging_reach(), .owner = "videoport"};
    void *address;
    if (pool_alloc(memory_pool(), &request, MM_CACHED, NULL, &address) != MM_OK)
        return NULL;
    return memset(address, 0, sizeof(struct loaded));
}

bool drivers_add(const char *asked, char *const *words, size_t word_count)
{
    struct module_line line;
    char name[VIDEOPORT_NAME_MAX + 1];
    const struct drivers_linked *linked = find_linked(asked);
    const struct boot_module *module = linked ? NULL : find_module(asked, &line);
    if (!linked && !module)
        return fail_to_load(asked, "there is no module of that name, and none is linked in");
    cut_name(name, module ? line.name : linked->name);
    const char *obstacle = module ? find_obstacle(module, name) : NULL;
    if (obstacle)
        return fail_to_load(asked, obstacle);
    if (!has_room(name))
        return false;
    struct loaded *driver = allocate();
    if (!driver)
        return fail_to_load(name, "there is no memory for another driver");
    driver->module = module;
    memcpy(driver->name, name, strlen(name) + 1);
    if (!collect_values(driver, words, word_count) || !load_image(driver)) {
        pool_free(memory_pool(), driver);
        return false;
    }
    size_t namesake = drivers_find(name);
    if (namesake < loaded_count)
        drivers_unload(namesake);
    loaded[loaded_count++] = driver;
    return true;
}

static size_t find_running(void)
{
    size_t index = 0;
    while (index < loaded_count && !loaded[index]->device)
        index++;
    return index;
}

bool drivers_load(const char *name, char *const *words, size_t word_count)
{
    if (!drivers_add(name, words, word_count))
        return false;
    size_t added = loaded_count - 1;
    size_t former = find_running();
    if (drivers_run(added))
        return true;
    drivers_unload(added);
    if (former < loaded_count)
        drivers_run(former);
    return false;
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
    for (size_t i = 0; i < loaded_count; i++) {
        const struct loaded *driver = loaded[i];
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

static void describe_running(struct videoport_device *device)
{
    size_t index = drivers_find(device->name);
    const struct loaded *driver = index < loaded_count ? loaded[index] : NULL;
    console_print("driver name=%s from=%s", device->name,
                  !driver           ? "kernel"
                  : !driver->module ? "linked"
                                    : "module");
    if (driver && driver->image)
        console_print(" image=0x%lx end=0x%lx", (unsigned long)(uintptr_t)driver->image,
                      (unsigned long)((uintptr_t)driver->image + driver->image_bytes));
    console_print("%s\n", device->is_broken ? " stopped=faulted" : "");
    describe_children(device);
    describe_holdings(device);
}

void drivers_describe(void)
{
    struct videoport_device *device = NULL;
    while ((device = videoport_next(device)))
        describe_running(device);
    for (size_t i = 0; i < loaded_count; i++)
        if (!loaded[i]->device)
            console_print("waiting name=%s from=%s\n", loaded[i]->name,
                          loaded[i]->module ? "module" : "linked");
}
