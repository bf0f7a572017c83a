/* Tells what was odd about the boot: what the loader brought wrongly, or for nobody to read. */

#include "boot_problems.h"

#include "console.h"
#include "kernel/lib/module_line.h"

/* A first word that is no option is a file's name, where the loader passes one. */
static void tell_file_name(const struct boot_info *info, const struct options *options)
{
    if (!options->file_name)
        return;
    if (options->file_name_is_bare && !boot_info_has_file_name(info))
        console_error("boot option \"%s\": there is no such boot option", options->file_name);
    if (options->file_name_is_joined)
        console_print("boot file=\"%s\": taken for the kernel's name, up to its last word with a "
                      "slash or a dot\n",
                      options->file_name);
}

static void tell_options(const struct options *options)
{
    for (size_t i = 0; i < options->problem_count && i < OPTIONS_PROBLEMS_MAX; i++)
        console_error("boot option \"%s\": %s", options->problems[i].word,
                      options->problems[i].text);
    if (options->problem_count > OPTIONS_PROBLEMS_MAX)
        console_error("%zu more boot options are wrong",
                      options->problem_count - OPTIONS_PROBLEMS_MAX);
}

static void tell_information(const struct boot_info *info)
{
    if (info->warning)
        console_error("boot information: %s", info->warning);
    if (info->map_dropped)
        console_error("boot information: %zu entries of the memory map were left out",
                      info->map_dropped);
    if (info->module_dropped)
        console_error("boot information: there is room for %u modules; left out: %zu",
                      BOOT_MODULE_MAX, info->module_dropped);
}

/* A module that nobody reads. Driver and map are the concern of drivers.h and machine.h. */
static void tell_modules(const struct boot_info *info)
{
    struct module_line line;
    for (size_t i = 0; i < info->module_count; i++) {
        const struct boot_module *module = &info->modules[i];
        module_line_read(&line, module->command_line);
        if (module->base == module->end && line.kind != MODULE_DRIVER)
            console_error("module \"%s\": it is empty", module->command_line);
        else if (line.kind == MODULE_OTHER)
            console_print("module \"%s\": neither a driver (.sys) nor a map (.map, .e820); nobody "
                          "reads it\n",
                          module->command_line);
    }
}

void boot_problems_tell(const struct boot_info *info, const struct options *options)
{
    tell_file_name(info, options);
    tell_options(options);
    tell_information(info);
    tell_modules(info);
}
