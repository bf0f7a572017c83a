/*
 * Lab 5: a binary tree over the arena. Its leaves are words of 64 bits, one for each frame; 1 means
 * free. If all frames of a node are free, or all are taken, the nodes below it are not looked at,
 * and are corrected only when the search enters the node. So even a long change goes down only two
 * paths. The kernel's mm/tree.c is also such a tree.
 */

#include "docs/labs/5-exact/lab.h"

#define LEAF_FRAMES 64u

struct node {
    uint32_t head; /* free frames at its start */
    uint32_t longest; /* in its longest free run */
    uint32_t tail; /* at its end */
};

static struct node *nodes; /* 1 is the root; 2n and 2n + 1 are the halves of n */
static uint64_t *words;
static uint32_t *lengths; /* of the block that begins at the frame; 0: none does */
static uint32_t frame_total;
static uint32_t leaf_count; /* a power of two */

static uint32_t leaves_for(uint32_t frame_count)
{
    uint32_t leaves = 1;
    while (leaves * LEAF_FRAMES < frame_count)
        leaves *= 2;
    return leaves;
}

size_t lab_table_bytes(uint32_t frame_count)
{
    uint32_t leaves = leaves_for(frame_count);
    return leaves * sizeof *words + 2 * leaves * sizeof *nodes + frame_count * sizeof *lengths;
}

/* ---- nodes ----------------------------------------------------------------------------------- */

static void fill(uint32_t node, uint32_t size, bool is_free)
{
    uint32_t length = is_free ? size : 0;
    nodes[node] = (struct node){length, length, length};
    if (size == LEAF_FRAMES)
        words[node - leaf_count] = is_free ? UINT64_MAX : 0;
}

static void sum_up_word(uint32_t node)
{
    uint64_t word = words[node - leaf_count];
    uint32_t longest = 0;
    for (uint64_t rest = word; rest != 0; rest &= rest >> 1)
        longest++;
    if (longest == LEAF_FRAMES)
        fill(node, LEAF_FRAMES, true);
    else
        nodes[node] = (struct node){(uint32_t)__builtin_ctzll(~word), longest,
                                    (uint32_t)__builtin_clzll(~word)};
}

static void sum_up_halves(uint32_t node, uint32_t half)
{
    struct node left = nodes[2 * node];
    struct node right = nodes[2 * node + 1];
    struct node sum = {left.head, left.tail + right.head, right.tail};
    if (left.head == half)
        sum.head += right.head;
    if (right.tail == half)
        sum.tail += left.tail;
    if (sum.longest < left.longest)
        sum.longest = left.longest;
    if (sum.longest < right.longest)
        sum.longest = right.longest;
    nodes[node] = sum;
}

/* The bits [first, end) of a word; first < end. */
static uint64_t bits_between(uint32_t first, uint32_t end)
{
    return UINT64_MAX >> (LEAF_FRAMES - (end - first)) << first;
}

/* Frees or takes [first, end) of the node's frames, which count from 0. */
static void set(uint32_t node, uint32_t size, uint32_t first, uint32_t end, bool is_free)
{
    uint32_t half = size / 2;
    if (first == 0 && end == size) {
        fill(node, size, is_free);
        return;
    }
    if (size == LEAF_FRAMES) {
        words[node - leaf_count] ^= bits_between(first, end);
        sum_up_word(node);
        return;
    }
    if (nodes[node].longest == 0 || nodes[node].longest == size) {
        fill(2 * node, half, nodes[node].longest != 0);
        fill(2 * node + 1, half, nodes[node].longest != 0);
    }
    if (first < half)
        set(2 * node, half, first, end < half ? end : half, is_free);
    if (end > half)
        set(2 * node + 1, half, first > half ? first - half : 0, end - half, is_free);
    sum_up_halves(node, half);
}

/* ---- the lab --------------------------------------------------------------------------------- */

void lab_init(void *tables, uint32_t frame_count)
{
    frame_total = frame_count;
    leaf_count = leaves_for(frame_count);
    words = tables;
    nodes = (struct node *)(words + leaf_count);
    lengths = (uint32_t *)(nodes + 2 * leaf_count);
    for (uint32_t frame = 0; frame < frame_count; frame++)
        lengths[frame] = 0;
    fill(1, leaf_count * LEAF_FRAMES, false);
    set(1, leaf_count * LEAF_FRAMES, 0, frame_count, true);
}

/* The first `count` free frames in a row in a word; there are so many. */
static uint32_t find_in_word(uint64_t word, uint32_t count)
{
    while (--count > 0)
        word &= word >> 1;
    return (uint32_t)__builtin_ctzll(word);
}

/* The root has a long enough run, so it is in the left half, the middle or the right half. */
static uint32_t find(uint32_t count)
{
    uint32_t node = 1;
    uint32_t first = 0;
    for (uint32_t size = leaf_count * LEAF_FRAMES; nodes[node].longest != size; size /= 2) {
        if (size == LEAF_FRAMES)
            return first + find_in_word(words[node - leaf_count], count);
        struct node left = nodes[2 * node];
        node *= 2;
        if (left.longest >= count)
            continue;
        first += size / 2;
        if (left.tail + nodes[node + 1].head >= count)
            return first - left.tail;
        node++;
    }
    return first;
}

uint32_t lab_alloc(uint32_t count)
{
    if (count == 0 || count > nodes[1].longest)
        return LAB_NONE;
    uint32_t first = find(count);
    lengths[first] = count;
    set(1, leaf_count * LEAF_FRAMES, first, first + count, false);
    return first;
}

bool lab_free(uint32_t first)
{
    if (first >= frame_total || lengths[first] == 0)
        return false;
    set(1, leaf_count * LEAF_FRAMES, first, first + lengths[first], true);
    lengths[first] = 0;
    return true;
}

uint32_t lab_largest(void)
{
    return nodes[1].longest;
}
