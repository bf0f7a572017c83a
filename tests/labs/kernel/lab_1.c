/*
 * Lab 1 in the kernel, which boots on the student's map. The linker puts these functions in front
 * of the kernel's own (ld --wrap). What the student's file calls usable and is not gets the owner
 * `wrong`, what it lost the owner `lost`: neither is ever handed out, and the memory view shows
 * both.
 */

#include "docs/labs/1-map/lab.h"
#include "kernel/commands/commands.h"
#include "kernel/log/console.h"
#include "kernel/memory/memory.h"
#include "lab_guard.h"
#include "mm/memmap.h"

bool __real_memmap_add_entry(struct memmap *map, phys_t base, uint64_t length, uint32_t type);
bool __wrap_memmap_add_entry(struct memmap *map, phys_t base, uint64_t length, uint32_t type);
void __real_memmap_round(struct memmap *map);
void __wrap_memmap_round(struct memmap *map);

static struct lab_entry entries[LAB_ENTRIES_MAX];
static size_t entry_count;
static struct lab_range ranges[LAB_ENTRIES_MAX];
static size_t range_count;
static struct memmap right; /* what the kernel makes of the same entries */
static phys_t wrong_bytes;
static phys_t lost_bytes;

/* Other maps than the machine's own pass. */
bool __wrap_memmap_add_entry(struct memmap *map, phys_t base, uint64_t length, uint32_t type)
{
    if (map == memory_map() && entry_count < LAB_ENTRIES_MAX)
        entries[entry_count++] = (struct lab_entry){base, length, type};
    return __real_memmap_add_entry(map, base, length, type);
}

static void call_normalise(void *context)
{
    size_t *count = context;
    *count = lab_normalise(entries, entry_count, ranges);
}

/* Nothing comes out of a call that crashes, or that says more than there can be. */
static void ask(void)
{
    range_count = 0;
    if (!lab_guard(call_normalise, &range_count, "lab_normalise") || range_count > entry_count)
        range_count = 0;
}

/* Adds up and reserves, on `map`, what `one` has free and `other` has not. */
static phys_t reserve_difference(struct memmap *map, const struct memmap *one,
                                 const struct memmap *other, const char *owner)
{
    struct frame_range outer;
    phys_t bytes = 0;
    size_t cursor = 0;
    while (memmap_next_free(one, &cursor, &outer)) {
        struct frame_range inner;
        size_t inner_cursor = 0;
        pfn_t from = outer.first;
        while (from < outer.end && memmap_next_free(other, &inner_cursor, &inner)) {
            if (inner.end <= from || inner.first >= outer.end)
                continue;
            if (inner.first > from) {
                memmap_reserve(map, from << FRAME_SHIFT, inner.first << FRAME_SHIFT, owner);
                bytes += (inner.first - from) << FRAME_SHIFT;
            }
            from = inner.end;
        }
        if (from < outer.end) {
            memmap_reserve(map, from << FRAME_SHIFT, outer.end << FRAME_SHIFT, owner);
            bytes += (outer.end - from) << FRAME_SHIFT;
        }
    }
    return bytes;
}

/* As the student's ranges say, with everything else as the firmware has it. */
static void build_students(struct memmap *map)
{
    memmap_init(map);
    for (size_t i = 0; i < entry_count; i++)
        if (entries[i].type != 1)
            __real_memmap_add_entry(map, entries[i].base, entries[i].length_bytes, entries[i].type);
    __real_memmap_round(map);
}

void __wrap_memmap_round(struct memmap *map)
{
    static struct memmap students; /* its usable ranges alone */
    __real_memmap_round(map);
    if (map != memory_map())
        return;
    right = *map;
    ask();
    memmap_init(&students);
    for (size_t i = 0; i < range_count; i++)
        if (ranges[i].end > ranges[i].base)
            __real_memmap_add_entry(&students, ranges[i].base, ranges[i].end - ranges[i].base, 1);
    build_students(map);
    for (size_t i = 0; i < range_count; i++)
        if (ranges[i].end > ranges[i].base)
            __real_memmap_add_entry(map, ranges[i].base, ranges[i].end - ranges[i].base, 1);
    __real_memmap_round(map);
    wrong_bytes = reserve_difference(map, &students, &right, "wrong");
    lost_bytes = reserve_difference(map, &right, &students, "lost");
}

static void run_lab(void)
{
    for (size_t i = 0; i < entry_count; i++)
        console_print("lab entry base=0x%llx bytes=%llu type=%u\n",
                      (unsigned long long)entries[i].base,
                      (unsigned long long)entries[i].length_bytes, (unsigned)entries[i].type);
    for (size_t i = 0; i < range_count; i++)
        console_print("lab range base=0x%llx end=0x%llx\n", (unsigned long long)ranges[i].base,
                      (unsigned long long)ranges[i].end);
    console_print("lab map entries=%zu ranges=%zu wrong=%llu lost=%llu\n", entry_count, range_count,
                  (unsigned long long)wrong_bytes, (unsigned long long)lost_bytes);
}

const struct shell_command lab_commands[] = {
    {"lab", "", "shows the firmware's entries, and what lab_normalise made of them",
     "  wrong=N: bytes that it calls usable and are not; lost=N: bytes that are, and it does not.\n"
     "  The map has them as reservations of the owners `wrong` and `lost`.\n",
     1, 1, .act = run_lab},
    {0},
};
