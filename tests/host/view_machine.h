#ifndef TESTS_HOST_VIEW_MACHINE_H
#define TESTS_HOST_VIEW_MACHINE_H

/* The machines that pictures of memory are drawn of: one with a bit of everything, and known
   ones. */

#include "mm/memmap.h"
#include "mm/mm.h"
#include "mm/port.h"

#include "e820_file.h"
#include "fake_port.h"
#include "test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAPS "tests/maps/maps"

static struct memmap map;
static struct mm mm;
static void *allocations[64];
static size_t allocation_count;

static void *keep(size_t size_bytes)
{
    assert_true(allocation_count < sizeof allocations / sizeof allocations[0]);
    return allocations[allocation_count++] = calloc(1, size_bytes);
}

static int release(void **state)
{
    (void)state;
    while (allocation_count > 0)
        free(allocations[--allocation_count]);
    return 0;
}

/* Manages what the map has free, as far as tables for it are small. */
static void start_mm(void)
{
    struct frame_range range;
    size_t cursor = 0;
    release(NULL);
    mm_init(&mm, fake_port_source, keep(MM_FIRST_RECORDS_BYTES), MM_FIRST_RECORDS_BYTES);
    while (memmap_next_free(&map, &cursor, &range)) {
        if (range.end - range.first > GIB / FRAME_BYTES * 16 || allocation_count > 48)
            continue;
        assert_int_equal(mm_add_range(&mm, range, keep(buddy_table_bytes(range))), MM_OK);
    }
}

/* 128 MiB with a kernel, a bit of everything that firmware reports, and a bank above 4 GiB. */
static inline int start_machine(void **state)
{
    (void)state;
    memmap_init(&map);
    memmap_add_entry(&map, 0, 0x9FC00, 1);
    memmap_add_entry(&map, 0x9FC00, 0x400, 2);
    memmap_add_entry(&map, 0xF0000, 0x10000, 2);
    memmap_add_entry(&map, MIB, 126 * MIB, 1);
    memmap_add_entry(&map, 127 * MIB, 512 * KIB, 3);
    memmap_add_entry(&map, 127 * MIB + 512 * KIB, 512 * KIB, 4);
    memmap_add_entry(&map, 0xFFFC0000, 0x40000, 2);
    memmap_add_entry(&map, 4 * GIB, 64 * MIB, 1);
    memmap_round(&map);
    memmap_reserve(&map, 0, 64 * KIB, "first-64k");
    memmap_reserve(&map, MIB, MIB + 300 * KIB, "kernel");
    start_mm();
    return 0;
}

static phys_t allocate(const char *owner, uint64_t size_bytes)
{
    struct mm_request request = {.size_bytes = size_bytes, .limit = MM_NO_LIMIT, .owner = owner};
    struct mm_block block;
    assert_int_equal(mm_alloc(&mm, &request, &block), MM_OK);
    return block.base;
}

static inline void fill_machine(void)
{
    allocate("video", 8 * MIB);
    allocate("shell", 300 * KIB);
    allocate("dma", 64 * KIB);
    mm_free(&mm, allocate("shell", 9 * MIB));
    allocate("page-tables", 70 * KIB);
}

/* Draws each machine in tests/maps, by its file's name, with a kernel and nothing else in it. */
static inline void for_each_known_machine(void (*draw)(const char *machine))
{
    DIR *folder = opendir(MAPS);
    struct dirent *entry;
    int machine_count = 0;
    assert_non_null(folder);
    while ((entry = readdir(folder))) {
        char path[512];
        if (!strstr(entry->d_name, ".e820"))
            continue;
        snprintf(path, sizeof path, MAPS "/%s", entry->d_name);
        assert_true(e820_file_read(path, &map));
        memmap_reserve(&map, MIB, MIB + 300 * KIB, "kernel");
        release(NULL);
        mm_init(&mm, fake_port_source, keep(MM_FIRST_RECORDS_BYTES), MM_FIRST_RECORDS_BYTES);
        draw(entry->d_name);
        machine_count++;
    }
    closedir(folder);
    assert_true(machine_count > 0);
}

#endif
