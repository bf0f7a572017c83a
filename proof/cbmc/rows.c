/*
 * Where the numbers of a block lie: row by row, and all inside the block. The functions that work
 * on a row get the right one. What they do with it is proved by WP.
 */

#include "any.h"
#include "mm/reach.h"

#define DECLARE_STUBS(name, type)                                                                  \
    static bool stub_larger_##name(type *to, const type *a, const type *b, unsigned count);        \
    static void stub_raise_##name(uint32_t *lengths, const type *row, unsigned count);             \
    static bool stub_store_##name(type *row, const uint32_t *lengths, unsigned count);             \
    static void stub_fill_##name(type *row, uint32_t length, unsigned count);

DECLARE_STUBS(bytes, reach_t)
DECLARE_STUBS(halves, uint16_t)
DECLARE_STUBS(words, uint32_t)

#include "mm/reach.c"

static uint32_t memory[3][REACH_BYTES_MAX / 4];
static reach_t *const block = (reach_t *)memory[0];
static const reach_t *const left = (reach_t *)memory[1];
static const reach_t *const right = (reach_t *)memory[2];
static uint32_t lengths[ORDER_MAX + 2];

static unsigned row, count;
static uint32_t length;
static bool answer;

static unsigned size_of(unsigned k)
{
    return k < 8 ? 1 : k < 16 ? 2 : 4;
}

/* Row k has k - 1 numbers, the last row more. Rows of each size begin at a multiple of 4 bytes. */
static unsigned place_of(unsigned k)
{
    unsigned place = 0;
    for (unsigned before = 2; before < k; before++) {
        place += (before - 1) * size_of(before);
        if (size_of(before) != size_of(before + 1))
            place = (place + 3) / 4 * 4;
    }
    return place;
}

static bool is_row(const void *at, const reach_t *reach, unsigned size)
{
    return at == reach + place_of(row) && size == size_of(row);
}

#define DEFINE_STUBS(name, type)                                                                   \
    static bool stub_larger_##name(type *to, const type *a, const type *b, unsigned of)            \
    {                                                                                              \
        claim(is_row(to, block, sizeof *to) && is_row(a, left, sizeof *a));                        \
        claim(is_row(b, right, sizeof *b) && of == count);                                         \
        return answer;                                                                             \
    }                                                                                              \
    static void stub_raise_##name(uint32_t *to, const type *of_row, unsigned of)                   \
    {                                                                                              \
        claim(to == lengths && is_row(of_row, block, sizeof *of_row) && of == count);              \
    }                                                                                              \
    static bool stub_store_##name(type *to, const uint32_t *from, unsigned of)                     \
    {                                                                                              \
        claim(from == lengths && is_row(to, block, sizeof *to) && of == count);                    \
        return answer;                                                                             \
    }                                                                                              \
    static void stub_fill_##name(type *to, uint32_t with, unsigned of)                             \
    {                                                                                              \
        claim(with == length && is_row(to, block, sizeof *to) && of == count);                     \
    }

DEFINE_STUBS(bytes, reach_t)
DEFINE_STUBS(halves, uint16_t)
DEFINE_STUBS(words, uint32_t)

static void make_row(void)
{
    row = (unsigned)any_below(ORDER_MAX + 1);
    count = any_number();
    length = any32();
    answer = any_bool();
    assume(row >= 2);
}

/* Each function calls the one for the size of the row, and returns what that one returns. */
void prove_rows(void)
{
    make_row();
    claim(larger_row(row, block, left, right, count) == answer);
    claim(store_row(row, block, lengths, count) == answer);
    raise_to_row(lengths, row, block, count);
    fill_row(row, block, length, count);
    REACHED();
}

/* The last row ends inside the block, with the numbers from(0) to from(order), and the tail. */
void prove_bounds(void)
{
    unsigned order = (unsigned)any_below(ORDER_MAX + 1);
    assume(order >= LEAF_ORDER);
    size_t bytes = reach_bytes(order);
    claim(place_of(order) + (order + 2) * size_of(order) <= bytes);
    claim(bytes <= REACH_BYTES_MAX && bytes % 4 == 0);
    claim(order != LEAF_ORDER || bytes == REACH_LEAF_BYTES);
    REACHED();
}

/* A number is read from its row. */
void prove_read(void)
{
    uint32_t words[REACH_BYTES_MAX / 4]; /* any */
    const reach_t *reach = (const reach_t *)words;
    make_row();
    unsigned i = (unsigned)any_below(ORDER_MAX + 2);
    const reach_t *at = reach + place_of(row) + i * size_of(row);
    assume(i <= row + 1);
    uint32_t number = row < 8 ? *at : row < 16 ? *(const uint16_t *)at : *(const uint32_t *)at;
    claim(i + 2 > row || reach_kept(reach, i, row) == number);
    claim(row < LEAF_ORDER || reach_from(row, reach, i) == number);
    REACHED();
}

/* A number of a leaf is written to its place, and no other changes. */
void prove_write(void)
{
    uint32_t words[REACH_LEAF_BYTES / 4]; /* any */
    reach_t *reach = (reach_t *)words;
    make_row();
    unsigned i = (unsigned)any_below(LEAF_ORDER);
    unsigned other = (unsigned)any_below(LEAF_ORDER);
    unsigned other_row = (unsigned)any_below(LEAF_ORDER);
    unsigned j = (unsigned)any_below(LEAF_ORDER + 2);
    assume(row < LEAF_ORDER && i + 2 <= row && other + 2 <= other_row && length < 1u << row);
    uint32_t before = reach_kept(reach, other, other_row);
    uint32_t from = reach_from(LEAF_ORDER, reach, j);
    set_kept(reach, i, row, length);
    claim(reach_kept(reach, other, other_row) ==
          (other == i && other_row == row ? length : before));
    claim(reach_from(LEAF_ORDER, reach, j) == from);
    REACHED();
}

/* ---- changes ---- */

#define NUMBERS (ORDER_MAX + 2) /* of the longest row */

/* The larger of each two numbers is stored, and so is a row. Just a change is reported. */
#define DEFINE_PROVE_CHANGES(name, type)                                                           \
    void prove_changes_of_##name(void)                                                             \
    {                                                                                              \
        type to[NUMBERS], a[NUMBERS], b[NUMBERS], before[NUMBERS]; /* any */                       \
        uint32_t from[NUMBERS];                                                                    \
        unsigned numbers = (unsigned)any_below(NUMBERS + 1);                                       \
        bool is_larger = any_bool();                                                               \
        for (unsigned i = 0; i < NUMBERS; i++) {                                                   \
            before[i] = to[i];                                                                     \
            from[i] = is_larger ? bits_larger(a[i], b[i]) : (type)any32();                         \
        }                                                                                          \
        bool changed =                                                                             \
            is_larger ? larger_##name(to, a, b, numbers) : store_##name(to, from, numbers);        \
        bool is_same = true;                                                                       \
        for (unsigned i = 0; i < NUMBERS; i++) {                                                   \
            claim(to[i] == (i < numbers ? from[i] : before[i]));                                   \
            is_same &= to[i] == before[i];                                                         \
        }                                                                                          \
        claim(changed == !is_same);                                                                \
        REACHED();                                                                                 \
    }

DEFINE_PROVE_CHANGES(bytes, reach_t)
DEFINE_PROVE_CHANGES(halves, uint16_t)
DEFINE_PROVE_CHANGES(words, uint32_t)
