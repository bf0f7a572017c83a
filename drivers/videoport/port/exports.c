/*
 * Which functions binaries may import: found by their names, or refused with a reason. NT moved
 * functions between its kernel and its HAL, so either library is taken to have those of both.
 */
#include "device.h"
#include "kernel/lib/string.h"

#define NAME_MAX 63 /* characters (tools/exports.py) */
#define VIDEOPORT_PREFIX "VideoPort"

static const char *const libraries[] = {VIDEOPORT_LIBRARY, "ntoskrnl.exe", "hal.dll"};

/* What is not there and is asked for: by the beginning of a name, or behind '*' by any part. */
static const struct {
    const char *pattern;
    const char *why;
} missing[] = {
    {"*Mdl", "there are no MDLs here"},
    {"MmProbe", "there are no MDLs here"},
    {"MmMapLocked", "there are no MDLs here"},
    {"MmUnmapLocked", "there are no MDLs here"},
    {"MmUnlock", "there are no MDLs here"},
    {"VideoPortLock", "there are no MDLs here"},
    {"VideoPortUnlock", "there are no MDLs here"},
    {"VideoPortGetAgp", "there is no AGP here"},
    {"*Dma", "there is no DMA here but with common buffers"},
    {"Zw", "there are no files, sections and keys here"},
    {"Nt", "there are no files, sections and keys here"},
    {"FsRtl", "there are no files here"},
    {"Cc", "there are no files here"},
    {"*RegistryValue", "the registry here is VideoPortGetRegistryParameters"},
    {"Io", "there are no device objects and requests here"},
    {"Ob", "there are no objects with handles here"},
    {"Ps", "there are no threads here"},
    {"*Mut", "there are no threads here"},
    {"*Thread", "there are no threads here"},
    {"Hal", "buses are reached by VideoPortGetBusData here"},
    {"_except", "exceptions are not handled here"},
};

/* With its extension or without. */
static bool is_library(const char *asked, const char *library)
{
    char stem[16];
    size_t length = 0;
    while (library[length] != '.')
        length++;
    memcpy(stem, library, length);
    stem[length] = '\0';
    return name_is_same(asked, library) || name_is_same(asked, stem);
}

/* The address, 0 if there is none. Looked through from the first on: a driver is bound once. */
static uintptr_t find(const char *function)
{
    char name[NAME_MAX + 1];
    const char *at = export_names;
    for (size_t i = 0; i < export_count; i++) {
        size_t shared = (size_t)*at++;
        size_t size = strlen(at) + 1;
        memcpy(name + shared, at, size);
        at += size;
        if (strcmp(name, function) == 0)
            return export_addresses[i];
    }
    return 0;
}

static bool matches(const char *pattern, const char *function)
{
    bool is_anywhere = *pattern == '*';
    size_t length = strlen(pattern += is_anywhere);
    do {
        if (strncmp(function, pattern, length) == 0)
            return true;
    } while (is_anywhere && *function++ != '\0');
    return false;
}

static const char *reason(const char *function)
{
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++) {
        if (matches(missing[i].pattern, function))
            return missing[i].why;
    }
    return "there is no such function";
}

uintptr_t exports_find(const char *library, const char *function, const char **why)
{
    size_t i = 0;
    while (i < sizeof libraries / sizeof libraries[0] && !is_library(library, libraries[i]))
        i++;
    *why = "there is none here; there are VIDEOPRT.SYS, ntoskrnl.exe and HAL.dll";
    if (i == sizeof libraries / sizeof libraries[0])
        return 0;
    if (function == NULL)
        return 1;
    *why = reason(function);
    bool is_videoports = strncmp(function, VIDEOPORT_PREFIX, sizeof VIDEOPORT_PREFIX - 1) == 0;
    return is_videoports == (i == 0) ? find(function) : 0;
}
