/* A loaded image is one block of the pool, between guard pages, in the driver's name. */

#include "drivers.h"

#include "console.h"
#include "drivers/videoport/exports.h"
#include "drivers/videoport/image.h"
#include "format.h"
#include "memory.h"
#include "paging.h"
#include "parse.h"
#include "registry.h"
#include "string.h"
#include "trace.h"

#define IMAGES_MAX 8
#define SUFFIX ".sys"

extern const struct drivers_linked linked_drivers_start[], linked_drivers_end[];

struct loaded {
    struct videoport_device *device; /* NULL: this place is free */
    unsigned char *image; /* NULL: linked in */
    uint32_t image_bytes;
    struct image headers;
    struct registry registry;
};

static struct loaded loaded[IMAGES_MAX];
static const struct boot_module *modules;
static size_t module_count;

/* ---- names ---------------------------------------------------------------------------------------- */

static bool ends_in_suffix(const char *name, size_t length)
{
    size_t suffix_length = strlen(SUFFIX);
    return length > suffix_length &&
           strncmp(name + length - suffix_length, SUFFIX, suffix_length) == 0;
}

/* The driver that a module's command line names: "/drivers/kit.sys Crime=1" is kit. Its parameters
   follow. False if it is no driver's. */
static bool read_module_name(const struct boot_module *module, char name[VIDEOPORT_NAME_MAX + 1],
                             const char **parameters)
{
    const char *start = module->command_line;
    const char *end = start;
    for (; *end && *end != ' '; end++)
        if (*end == '/')
            start = end + 1;
    size_t length = (size_t)(end - start);
    if (!ends_in_suffix(start, length))
        return false;
    length -= strlen(SUFFIX);
    if (length > VIDEOPORT_NAME_MAX)
        length = VIDEOPORT_NAME_MAX;
    memcpy(name, start, length);
    name[length] = '\0';
    *parameters = end;
    return true;
}

/* ---- images --------------------------------------------------------------------------------------- */

static uint32_t resolve(void *context, const char *library, const char *function)
{
    (void)context;
    return (uint32_t)exports_find(library, function);
}

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
    if (image_load(&driver->headers, address, (uint32_t)(uintptr_t)address, resolve, NULL, why)) {
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

/* ---- starting and stopping ------------------------------------------------------------------------ */

static struct loaded *find_place(void)
{
    for (size_t i = 0; i < IMAGES_MAX; i++)
        if (!loaded[i].device)
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
    driver->device =
        videoport_start(name, entry, driver->registry.values, driver->registry.count, &why);
    if (driver->device)
        return true;
    free_image(driver);
    return fail_to_load(name, why);
}

static const struct boot_module *find_module(const char *name, const char **parameters)
{
    char module_name[VIDEOPORT_NAME_MAX + 1];
    for (size_t i = 0; i < module_count; i++)
        if (read_module_name(&modules[i], module_name, parameters) &&
            strcmp(module_name, name) == 0)
            return &modules[i];
    return NULL;
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

/* Of a module's command line, the words behind its name. */
static bool add_module_words(struct registry *registry, const char *line)
{
    char text[BOOT_MODULE_LINE_MAX];
    char *words[VIDEOPORT_VALUE_COUNT_MAX];
    memcpy(text, line, strlen(line) + 1);
    size_t count = parse_words(text, words, VIDEOPORT_VALUE_COUNT_MAX);
    for (size_t i = 0; i < count && i < VIDEOPORT_VALUE_COUNT_MAX; i++)
        if (!registry_add(registry, words[i]))
            return false;
    return true;
}

bool drivers_load(const char *name, char *const *words, size_t word_count)
{
    const char *module_words = "";
    const struct drivers_linked *linked = find_linked(name);
    const struct boot_module *module = linked ? NULL : find_module(name, &module_words);
    struct loaded *driver = find_place();
    if (!linked && !module)
        return fail_to_load(name, "there is no module of that name, and none is linked in");
    if (module && memory_owner_is_claimed(name)) /* it would own the system's blocks */
        return fail_to_load(name, "the name belongs to the system");
    if (videoport_find(name))
        return fail_to_load(name, "it is loaded already");
    if (!driver)
        return fail_to_load(name, "8 drivers are loaded already");
    if (!registry_open(&driver->registry, name) ||
        !add_module_words(&driver->registry, module_words))
        return false;
    for (size_t i = 0; i < word_count; i++)
        if (!registry_add(&driver->registry, words[i]))
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
    for (size_t i = 0; i < IMAGES_MAX; i++) {
        if (loaded[i].device != device)
            continue;
        loaded[i].device = NULL;
        free_image(&loaded[i]);
    }
    return leaked_count;
}

void drivers_init(const struct boot_info *info)
{
    char name[VIDEOPORT_NAME_MAX + 1];
    const char *unused;
    module_count = info->module_count;
    modules = info->modules;
    for (size_t i = 0; i < module_count; i++)
        if (read_module_name(&modules[i], name, &unused))
            drivers_load(name, NULL, 0);
}

/* ---- looking --------------------------------------------------------------------------------------- */

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

static const struct loaded *find_loaded(const struct videoport_device *device)
{
    for (size_t i = 0; i < IMAGES_MAX; i++)
        if (loaded[i].device == device)
            return &loaded[i];
    return NULL;
}

bool drivers_is_loaded(const struct videoport_device *device)
{
    return device && find_loaded(device);
}

static void describe_holdings(const struct videoport_device *device)
{
    struct videoport_holding holding;
    for (size_t cursor = 0; videoport_next_holding(device, &cursor, &holding);)
        console_print("holding driver=%s call=%s %s=0x%llx bytes=%llu virtual=0x%llx\n",
                      videoport_name(device), holding.call,
                      holding.in_io_space ? "port" : "physical",
                      (unsigned long long)holding.physical, (unsigned long long)holding.size_bytes,
                      (unsigned long long)holding.virtual_address);
}

static void describe_children(const struct videoport_device *device)
{
    static const char *const types[] = {"none", "monitor", "second-chip", "chip", "other"};
    struct videoport_child child;
    for (size_t cursor = 0; videoport_next_child(device, &cursor, &child);)
        console_print("child driver=%s type=%s id=0x%x\n", videoport_name(device),
                      types[child.type <= Other ? child.type : Other], (unsigned)child.id);
}

void drivers_describe(void)
{
    struct videoport_device *device = NULL;
    while ((device = videoport_next(device)) != NULL) {
        const struct loaded *driver = find_loaded(device);
        console_print("driver name=%s from=%s", videoport_name(device),
                      !driver          ? "kernel"
                      : !driver->image ? "linked"
                                       : "module");
        if (driver && driver->image)
            console_print(" image=0x%lx end=0x%lx", (unsigned long)(uintptr_t)driver->image,
                          (unsigned long)((uintptr_t)driver->image + driver->image_bytes));
        console_print("%s\n", videoport_is_broken(device) ? " stopped=faulted" : "");
        describe_children(device);
        describe_holdings(device);
    }
}
