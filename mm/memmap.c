/*
 * One table, which is ascending and without overlaps after every step. To add a region, the table
 * is first cut at both ends of the region; then each piece between gets its winner. This file knows
 * no boot loaders: its caller has read the entries.
 */

#include "memmap.h"

#define NOT_FREE 5 /* above all kinds */

/*
 * What the proofs say (docs/proof.md). An address is claimed at level 0 if a region holds it, at a
 * kind's level if one of this or a stronger kind does, at NOT_FREE if one that is not free does.
 */
/*@ predicate is_free(struct region region) =
        region.kind == REGION_USABLE && region.owner == \null;
    predicate is_in_order_to(struct memmap map, integer n) =
        (\forall integer i; 0 <= i < n ==>
            map.regions[i].base < map.regions[i].end <= PHYS_LIMIT) &&
        (\forall integer i, j; 0 <= i < j < n ==> map.regions[i].end <= map.regions[j].base);
    predicate is_in_order(struct memmap map) =
        map.count <= MEMMAP_CAPACITY && is_in_order_to(map, map.count);
    predicate is_claimed_by(struct region region, integer address, integer level) =
        region.base <= address < region.end &&
        (level == NOT_FREE ? !is_free(region) : region.kind >= level);
    predicate is_claimed_in(struct memmap map, integer n, integer address, integer level) =
        \exists integer i; 0 <= i < n && is_claimed_by(map.regions[i], address, level);
    predicate is_claimed(struct memmap map, integer address, integer level) =
        is_claimed_in(map, map.count, address, level);
    predicate keeps(struct memmap before, struct memmap map) = \forall integer address, level;
        0 < level && is_claimed(before, address, level) ==> is_claimed(map, address, level);
    predicate keeps_kinds(struct memmap before, struct memmap map) =
        \forall integer address, level; 0 < level <= REGION_BAD &&
        is_claimed(before, address, level) ==> is_claimed(map, address, level);
    predicate has_same(struct memmap before, struct memmap map) = \forall integer address, level;
        is_claimed(before, address, level) <==> is_claimed(map, address, level);
    predicate has_none_free(struct memmap map) =
        \forall integer i; 0 <= i < map.count ==> !is_free(map.regions[i]); */
/*@ assigns \nothing;
    ensures \result == address - address % FRAME_BYTES; */
static phys_t round_down(phys_t address)
{
    return address - address % FRAME_BYTES;
}

/*@ requires address <= PHYS_LIMIT;
    assigns \nothing;
    ensures \result % FRAME_BYTES == 0 && address <= \result < address + FRAME_BYTES;
    ensures \result <= PHYS_LIMIT; */
static phys_t round_up(phys_t address)
{
    return round_down(address + FRAME_BYTES - 1);
}

void memmap_init(struct memmap *map)
{
    map->count = 0;
    map->dropped_bytes = 0;
}

/*@ requires \valid_read(map) && map->count <= MEMMAP_CAPACITY;
    assigns \nothing;
    ensures \result <= map->count;
    ensures \forall integer i; 0 <= i < \result ==> map->regions[i].end <= address;
    ensures \result < map->count ==> map->regions[\result].end > address; */
/* The first region that ends above the address; count if there is none. */
static size_t find_region(const struct memmap *map, phys_t address)
{
    size_t index = 0;
    /*@ loop invariant 0 <= index <= map->count;
        loop invariant \forall integer i; 0 <= i < index ==> map->regions[i].end <= address;
        loop assigns index;
        loop variant map->count - index; */
    while (index < map->count && map->regions[index].end <= address)
        index++;
    return index;
}

/*@ requires \valid(map) && index < map->count <= MEMMAP_CAPACITY;
    assigns map->count, map->regions[0 .. MEMMAP_CAPACITY - 1];
    ensures map->count == \old(map->count) - 1;
    ensures \forall integer i; 0 <= i < index ==> map->regions[i] == \old(map->regions[i]);
    ensures \forall integer i; index <= i < map->count ==>
            map->regions[i] == \old(map->regions[i + 1]);
    ensures \forall integer i; index < i < \old(map->count) ==>
            map->regions[i - 1] == \old(map->regions[i]); */
static void remove_region(struct memmap *map, size_t index)
{
    map->count--;
    /*@ loop invariant index <= i <= map->count;
        loop invariant \forall integer j; 0 <= j < index ==>
            map->regions[j] == \at(map->regions[j], Pre);
        loop invariant \forall integer j; index <= j < i ==>
            map->regions[j] == \at(map->regions[j + 1], Pre);
        loop invariant \forall integer j; i <= j <= map->count ==>
            map->regions[j] == \at(map->regions[j], Pre);
        loop assigns i, map->regions[0 .. MEMMAP_CAPACITY - 1];
        loop variant map->count - i; */
    for (size_t i = index; i < map->count; i++)
        map->regions[i] = map->regions[i + 1];
}

/*@ requires \valid(map) && index <= map->count < MEMMAP_CAPACITY && is_in_order(*map);
    requires region.base < region.end <= PHYS_LIMIT;
    requires 0 < index ==> map->regions[index - 1].end <= region.base;
    requires index < map->count ==> region.end <= map->regions[index].base;
    assigns map->count, map->regions[0 .. MEMMAP_CAPACITY - 1];
    ensures map->count == \old(map->count) + 1;
    ensures \forall integer i; 0 <= i < index ==> map->regions[i] == \old(map->regions[i]);
    ensures map->regions[index] == region;
    ensures \forall integer i; index < i < map->count ==>
            map->regions[i] == \old(map->regions[i - 1]);
    ensures \forall integer i; index <= i < \old(map->count) ==>
            map->regions[i + 1] == \old(map->regions[i]);
    ensures is_in_order(*map); */
static void insert_region(struct memmap *map, size_t index, struct region region)
{
    //@ assert \forall integer i; index <= i < map->count ==> region.end <= map->regions[i].base;
    /*@ loop invariant index <= i <= map->count;
        loop invariant \forall integer j; 0 <= j < i ==>
            map->regions[j] == \at(map->regions[j], Pre);
        loop invariant \forall integer j; i <= j < map->count ==>
            map->regions[j + 1] == \at(map->regions[j], Pre);
        loop invariant \forall integer j; i < j <= map->count ==>
            map->regions[j] == \at(map->regions[j - 1], Pre);
        loop assigns i, map->regions[0 .. MEMMAP_CAPACITY - 1];
        loop variant i; */
    for (size_t i = map->count; i > index; i--)
        map->regions[i] = map->regions[i - 1];
    map->regions[index] = region;
    map->count++;
    //@ assert \forall integer i; 0 <= i < index ==> map->regions[i].end <= region.base;
    //@ assert \forall integer i; index < i < map->count ==> region.end <= map->regions[i].base;
}

/*@ requires \valid(map) && is_in_order(*map);
    assigns *map;
    ensures is_in_order(*map);
    ensures keeps(\old(*map), *map);
    ensures \result ==> map->count == \old(map->count) - 1;
    ensures !\result ==> *map == \old(*map) && has_none_free(*map); */
/* Gives up the smallest usable region that nobody holds. False if there is none. */
static bool drop_smallest_free(struct memmap *map)
{
    size_t smallest = map->count;
    phys_t smallest_bytes = UINT64_MAX;
    /*@ loop invariant 0 <= i <= map->count;
        loop invariant smallest == map->count || smallest < i;
        loop invariant smallest < i ==> is_free(map->regions[smallest]);
        loop invariant smallest == map->count ==> smallest_bytes == UINT64_MAX &&
            \forall integer j; 0 <= j < i ==> !is_free(map->regions[j]);
        loop assigns i, smallest, smallest_bytes;
        loop variant map->count - i; */
    for (size_t i = 0; i < map->count; i++) {
        struct region region = map->regions[i];
        phys_t bytes = region.end - region.base;
        if (region_is_free(&region) && bytes < smallest_bytes) {
            smallest = i;
            smallest_bytes = bytes;
        }
    }
    if (smallest == map->count)
        return false;
    map->dropped_bytes += smallest_bytes;
    remove_region(map, smallest);
    return true;
}

/*@ requires \valid(map) && is_in_order(*map) && map->count >= 2 && has_none_free(*map);
    assigns *map;
    ensures is_in_order(*map);
    ensures keeps(\old(*map), *map);
    ensures map->count == \old(map->count) - 1; */
/*
 * When no usable memory is left to drop: joins the two nearest neighbours. The gap between them
 * becomes a part of the joined region.
 */
static void join_nearest(struct memmap *map)
{
    size_t nearest = 0;
    /*@ loop invariant 0 <= i < map->count && nearest + 1 < map->count;
        loop assigns i, nearest;
        loop variant map->count - i; */
    for (size_t i = 0; i + 1 < map->count; i++)
        if (map->regions[i + 1].base - map->regions[i].end <
            map->regions[nearest + 1].base - map->regions[nearest].end)
            nearest = i;
    struct region right = map->regions[nearest + 1];
    map->regions[nearest].end = right.end;
    if (right.kind > map->regions[nearest].kind)
        map->regions[nearest].kind = right.kind;
    /*@ assert \forall integer a, level; 0 < level && is_claimed(\at(*map, Pre), a, level) ==>
            \exists integer i; 0 <= i < map->count && i != nearest + 1 &&
                is_claimed_by(map->regions[i], a, level); */
    remove_region(map, nearest + 1);
}

/*@ requires \valid(map) && is_in_order(*map);
    assigns *map;
    ensures is_in_order(*map);
    ensures map->count + 2 <= MEMMAP_CAPACITY && keeps(\old(*map), *map);
    ensures \old(map->count) + 2 <= MEMMAP_CAPACITY ==> *map == \old(*map); */
/* Each step of the additions below adds at most two regions. */
static void make_room(struct memmap *map)
{
    /*@ loop invariant is_in_order(*map);
        loop invariant keeps(\at(*map, Pre), *map);
        loop invariant \at(map->count, Pre) + 2 <= MEMMAP_CAPACITY ==> *map == \at(*map, Pre);
        loop assigns *map;
        loop variant map->count; */
    while (map->count + 2 > MEMMAP_CAPACITY)
        if (!drop_smallest_free(map))
            join_nearest(map);
}

/*@ requires \valid(map) && is_in_order(*map);
    assigns *map;
    ensures is_in_order(*map);
    ensures keeps(\old(*map), *map);
    ensures \old(map->count) + 2 <= MEMMAP_CAPACITY ==> has_same(\old(*map), *map); */
static void split_at(struct memmap *map, phys_t address)
{
    make_room(map);
    size_t index = find_region(map, address);
    if (index == map->count || map->regions[index].base >= address)
        return;
    struct region upper = map->regions[index];
    upper.base = address;
    map->regions[index].end = address;
    insert_region(map, index + 1, upper);
}

/*@ requires \valid(map) && is_in_order(*map);
    assigns *map;
    ensures is_in_order(*map);
    ensures has_same(\old(*map), *map); */
static void merge_neighbours(struct memmap *map)
{
    size_t kept = 0;
    /*@ loop invariant 1 <= i && kept < i && (i <= map->count || (i == 1 && map->count == 0));
        loop invariant \forall integer j; i <= j < map->count ==>
            map->regions[j] == \at(map->regions[j], Pre);
        loop invariant map->count > 0 ==> is_in_order_to(*map, kept + 1);
        loop invariant map->count > 0 ==>
            \forall integer j; i <= j < map->count ==>
                map->regions[kept].end <= map->regions[j].base;
        loop invariant map->count > 0 ==> \forall integer a, level;
            is_claimed_in(*map, kept + 1, a, level) ==>
            is_claimed_in(\at(*map, Pre), i, a, level);
        loop invariant map->count > 0 ==> \forall integer a, level;
            is_claimed_in(\at(*map, Pre), i, a, level) ==>
            is_claimed_in(*map, kept + 1, a, level);
        loop assigns i, kept, map->regions[0 .. MEMMAP_CAPACITY - 1];
        loop variant map->count + 1 - i; */
    for (size_t i = 1; i < map->count; i++) {
        struct region last = map->regions[kept];
        struct region next = map->regions[i];
        if (last.end == next.base && last.kind == next.kind && last.owner == next.owner)
            map->regions[kept].end = next.end;
        else
            map->regions[++kept] = next;
        /*@ assert \forall integer a, level; is_claimed_in(*map, kept + 1, a, level) ==>
                is_claimed_in(\at(*map, LoopCurrent), \at(kept, LoopCurrent) + 1, a, level) ||
                is_claimed_by(next, a, level); */
        /*@ assert \forall integer a, level;
                is_claimed_by(next, a, level) ==> is_claimed_by(map->regions[kept], a, level); */
        /*@ assert \forall integer a, level;
                is_claimed_by(next, a, level) ==> is_claimed_in(*map, kept + 1, a, level); */
        /*@ assert \forall integer a, level;
                is_claimed_in(\at(*map, LoopCurrent), \at(kept, LoopCurrent) + 1, a, level) ==>
                is_claimed_in(*map, kept + 1, a, level); */
        /*@ assert \forall integer a, level; is_claimed_in(\at(*map, Pre), i + 1, a, level) <==>
                is_claimed_in(\at(*map, Pre), i, a, level) || is_claimed_by(next, a, level); */
    }
    if (map->count > 0)
        map->count = kept + 1;
}

/* Decides which of two regions gets a piece that both claim. */
typedef void resolve_t(struct region *present, const struct region *added);

/*@ requires \valid(present) && \valid_read(added);
    assigns present->kind;
    ensures present->kind == \max(\old(present->kind), added->kind); */
static void higher_kind_wins(struct region *present, const struct region *added)
{
    if (added->kind > present->kind)
        present->kind = added->kind;
}

/*@ requires \valid(present) && \valid_read(added);
    assigns present->owner;
    ensures present->owner == 
            (\old(present->owner) != \null ? \old(present->owner) : added->owner); */
static void first_owner_wins(struct region *present, const struct region *added)
{
    if (!present->owner)
        present->owner = added->owner;
}

/*@ predicate is_given(struct region added, integer a, integer level, resolve_t *resolve) =
        added.base <= a < added.end &&
        (resolve == &first_owner_wins ? level == NOT_FREE
                                      : 0 < added.kind && level <= added.kind); */
/*@ requires \valid(map) && is_in_order(*map) && added.base < added.end <= PHYS_LIMIT;
    requires resolve == &higher_kind_wins || resolve == &first_owner_wins;
    requires resolve == &first_owner_wins ==> added.owner != \null;
    assigns *map;
    ensures is_in_order(*map);
    ensures keeps(\old(*map), *map);
    ensures \forall integer a, level; 0 < level && is_given(added, a, level, resolve) ==>
            is_claimed(*map, a, level); */
/*
 *   table    |--- usable ---|      |- acpi -|
 *   added            |------ reserved ------------|
 *   result   |usable |---------- reserved --------|
 *
 * Goes through the pieces of [base, end). If a piece lies in a region, `resolve` says who gets it.
 * If it lies in a hole, it is added as it is.
 */
static void add_region(struct memmap *map, struct region added, resolve_t *resolve)
{
    split_at(map, added.base);
    split_at(map, added.end);
    /*@ loop invariant is_in_order(*map);
        loop invariant keeps(\at(*map, Pre), *map) && added.base <= cursor;
        loop invariant \forall integer a, level; 0 < level && a < cursor &&
            is_given(added, a, level, resolve) ==> is_claimed(*map, a, level);
        loop assigns cursor, *map;
        loop variant PHYS_LIMIT - cursor; */
    for (phys_t cursor = added.base; cursor < added.end;) {
        make_room(map);
        size_t index = find_region(map, cursor);
        struct region piece = added;
        piece.base = cursor;
        if (index < map->count && map->regions[index].base <= cursor) {
            //@ calls higher_kind_wins, first_owner_wins;
            resolve(&map->regions[index], &added);
            cursor = map->regions[index].end;
            continue;
        }
        if (index < map->count && map->regions[index].base < added.end)
            piece.end = map->regions[index].base;
        insert_region(map, index, piece);
        cursor = piece.end;
    }
    merge_neighbours(map);
}

/*@ assigns \nothing;
    ensures \result <= REGION_BAD; */
static enum region_kind kind_of_type(uint32_t type)
{
    switch (type) {
    case 1:
        return REGION_USABLE;
    case 3:
        return REGION_ACPI;
    case 4:
        return REGION_NVS;
    case 5:
        return REGION_BAD;
    default:
        return REGION_RESERVED;
    }
}

/*@ requires \valid(map) && is_in_order(*map);
    assigns *map;
    ensures is_in_order(*map);
    ensures keeps(\old(*map), *map);
    ensures \result <==> 0 < length_bytes && base + length_bytes <= UINT64_MAX + 1; */
bool memmap_add_entry(struct memmap *map, phys_t base, uint64_t length_bytes, uint32_t type)
{
    if (length_bytes == 0)
        return false;
    bool wraps = length_bytes - 1 > UINT64_MAX - base;
    if (base < PHYS_LIMIT) {
        struct region added = {base, PHYS_LIMIT, kind_of_type(type), NULL};
        if (length_bytes < PHYS_LIMIT - base)
            added.end = base + length_bytes;
        add_region(map, added, higher_kind_wins);
    }
    return !wraps;
}

/*@ requires \valid(map) && is_in_order(*map);
    assigns *map;
    ensures is_in_order(*map);
    ensures keeps(\old(*map), *map); */
/*
 * Called from the strongest kind down. So if two kinds share a frame, the whole frame goes to the
 * stronger kind before the weaker kind is rounded.
 */
static void round_outward(struct memmap *map, enum region_kind kind)
{
    /*@ loop invariant is_in_order(*map);
        loop invariant keeps(\at(*map, Pre), *map);
        loop assigns i, *map; */
    for (size_t i = 0; i < map->count;) {
        struct region rounded = map->regions[i];
        if (rounded.kind != kind) {
            i++;
            continue;
        }
        rounded.base = round_down(rounded.base);
        rounded.end = round_up(rounded.end);
        add_region(map, rounded, higher_kind_wins);
        i = find_region(map, rounded.end);
    }
}

/*@ requires \valid(map) && is_in_order(*map);
    assigns *map;
    ensures is_in_order(*map);
    ensures keeps_kinds(\old(*map), *map); */
static void round_usable_inward(struct memmap *map)
{
    /*@ loop invariant is_in_order(*map);
        loop invariant keeps_kinds(\at(*map, Pre), *map) && i <= map->count;
        loop assigns i, *map;
        loop variant i; */
    for (size_t i = map->count; i-- > 0;) {
        struct region region = map->regions[i];
        if (region.kind != REGION_USABLE)
            continue;
        region.base = round_up(region.base);
        region.end = round_down(region.end);
        map->regions[i] = region;
        /*@ assert \forall integer a, level; 0 < level <= REGION_BAD &&
                is_claimed(\at(*map, LoopCurrent), a, level) ==>
                \exists integer j; 0 <= j < map->count && j != i &&
                    is_claimed_by(map->regions[j], a, level); */
        if (region.base >= region.end)
            remove_region(map, i);
    }
}

/*@ requires \valid_read(map) && is_in_order(*map);
    assigns \nothing;
    ensures !\result ==> \forall integer i; 0 <= i < map->count ==>
            map->regions[i].kind != REGION_USABLE ==>
            map->regions[i].base % FRAME_BYTES == 0 && map->regions[i].end % FRAME_BYTES == 0; */
/* True if a region that is not usable begins or ends inside a frame. */
static bool has_cut_frame(const struct memmap *map)
{
    /*@ loop invariant 0 <= i <= map->count;
        loop invariant \forall integer j; 0 <= j < i ==>
            map->regions[j].kind != REGION_USABLE ==>
            map->regions[j].base % FRAME_BYTES == 0 && map->regions[j].end % FRAME_BYTES == 0;
        loop assigns i;
        loop variant map->count - i; */
    for (size_t i = 0; i < map->count; i++)
        if (map->regions[i].kind != REGION_USABLE &&
            (map->regions[i].base % FRAME_BYTES != 0 || map->regions[i].end % FRAME_BYTES != 0))
            return true;
    return false;
}

/*@ requires \valid(map) && is_in_order(*map);
    assigns *map;
    ensures is_in_order(*map);
    ensures keeps_kinds(\old(*map), *map); */
/*
 * One round is enough, except if the table is full and has no usable memory: then join_nearest may
 * give a cut frame to a kind that was rounded before. Each round leaves fewer of them, because
 * whole frames need no further place in the table.
 */
void memmap_round(struct memmap *map)
{
    /*@ loop invariant is_in_order(*map);
        loop invariant keeps(\at(*map, Pre), *map);
        loop assigns *map; */
    do {
        /*@ loop invariant is_in_order(*map);
            loop invariant keeps(\at(*map, Pre), *map);
            loop invariant REGION_USABLE <= kind <= REGION_BAD;
            loop assigns kind, *map;
            loop variant kind; */
        for (int kind = REGION_BAD; kind > REGION_USABLE; kind--)
            round_outward(map, (enum region_kind)kind);
    } while (has_cut_frame(map));
    round_usable_inward(map);
}

/*@ requires \valid(map) && is_in_order(*map) && owner != \null;
    assigns *map;
    ensures is_in_order(*map);
    ensures keeps(\old(*map), *map);
    ensures \forall integer a; base <= a < end && a < PHYS_LIMIT ==>
            is_claimed(*map, a, NOT_FREE); */
void memmap_reserve(struct memmap *map, phys_t base, phys_t end, const char *owner)
{
    if (end > PHYS_LIMIT)
        end = PHYS_LIMIT;
    if (base >= end)
        return;
    struct region added = {round_down(base), round_up(end), REGION_RESERVED, owner};
    add_region(map, added, first_owner_wins);
}

/*@ requires \valid_read(region);
    assigns \nothing;
    ensures \result <==> is_free(*region); */
bool region_is_free(const struct region *region)
{
    return region->kind == REGION_USABLE && !region->owner;
}

/*@ requires \valid_read(map) && is_in_order(*map) && \valid(cursor) && \valid(range);
    requires \separated(map, cursor, range);
    assigns *cursor, *range;
    ensures \result ==> 0 < *cursor <= map->count && is_free(map->regions[*cursor - 1]) &&
            range->first == map->regions[*cursor - 1].base >> FRAME_SHIFT &&
            range->end == map->regions[*cursor - 1].end >> FRAME_SHIFT;
    ensures \forall integer i; \old(*cursor) <= i < *cursor - (\result ? 1 : 0) ==>
            !is_free(map->regions[i]);
    ensures !\result ==> *cursor >= map->count; */
bool memmap_next_free(const struct memmap *map, size_t *cursor, struct frame_range *range)
{
    /*@ loop invariant \at(*cursor, Pre) <= *cursor;
        loop invariant \at(*cursor, Pre) <= map->count ==> *cursor <= map->count;
        loop invariant \forall integer i; \at(*cursor, Pre) <= i < *cursor ==>
            !is_free(map->regions[i]);
        loop assigns *cursor;
        loop variant map->count - *cursor; */
    while (*cursor < map->count) {
        struct region region = map->regions[(*cursor)++];
        if (region_is_free(&region)) {
            range->first = region.base >> FRAME_SHIFT;
            range->end = region.end >> FRAME_SHIFT;
            return true;
        }
    }
    return false;
}

/*@ requires \valid_read(map) && is_in_order(*map);
    assigns \nothing;
    ensures \result > 0 ==> \result + size_bytes <= limit &&
            \exists integer i; 0 <= i < map->count && is_free(map->regions[i]) &&
                map->regions[i].base <= \result &&
                \result + size_bytes <= map->regions[i].end; */
phys_t memmap_find_top(const struct memmap *map, phys_t size_bytes, phys_t limit)
{
    if (size_bytes > PHYS_LIMIT) /* rounding up could make it 0 */
        return 0;
    size_bytes = round_up(size_bytes);
    limit = round_down(limit);
    /*@ loop invariant i <= map->count;
        loop assigns i;
        loop variant i; */
    for (size_t i = map->count; i-- > 0;) {
        struct region region = map->regions[i];
        phys_t end = region.end < limit ? region.end : limit;
        if (region_is_free(&region) && end > region.base && end - region.base >= size_bytes)
            return end - size_bytes;
    }
    return 0;
}

const char *region_kind_name(enum region_kind kind)
{
    switch (kind) {
    case REGION_USABLE:
        return "usable";
    case REGION_ACPI:
        return "acpi";
    case REGION_NVS:
        return "nvs";
    case REGION_RESERVED:
        return "reserved";
    case REGION_BAD:
        return "bad";
    }
    return "unknown";
}
