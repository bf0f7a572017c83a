/* Looks at a small machine's memory through the allocator's queries, and says how it is shown. */

#include "stage.h"

#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "kernel/machine/machine.h"
#include "kernel/view/view_grid.h"
#include "mm/bits.h"

_Static_assert(sizeof(struct stage) <= MACHINE_STAGE_BYTES, "a stage has its room");
_Static_assert(STAGE_ORDER_MAX == MACHINE_STAGE_ORDER_MAX, "all that may be one has its cells");

struct stage *stage_of_machine(void)
{
    struct machine_stage place;
    if (!machine_find_stage(&place))
        return NULL;
    struct stage *stage = place.memory;
    if (!stage->name) {
        stage->first = place.first;
        stage->order = place.order;
        stage->name = machine_simulated();
        view_owners_init(&stage->owners);
        stage_look(stage, machine_shown());
        textbook_start(&stage->textbook, place.order);
    }
    return stage;
}

struct view_naming stage_naming(void)
{
    struct machine_stage place;
    if (!machine_find_stage(&place))
        return (struct view_naming){0};
    return (struct view_naming){place.first, place.first + ((pfn_t)1 << place.order)};
}

unsigned stage_node_order(const struct stage *stage, unsigned node)
{
    return stage->order - bits_highest(node);
}

struct frame_range stage_node_frames(const struct stage *stage, unsigned node)
{
    unsigned order = stage_node_order(stage, node);
    pfn_t first = (node << order) - stage_frame_count(stage);
    return (struct frame_range){first, first + ((pfn_t)1 << order)};
}

struct frame_range stage_numbers(const struct stage *stage, struct frame_range range)
{
    range = view_clip(range,
                      (struct frame_range){stage->first, stage->first + stage_frame_count(stage)});
    if (range.first >= range.end)
        return (struct frame_range){0};
    return (struct frame_range){range.first - stage->first, range.end - stage->first};
}

/* ---- looking --------------------------------------------------------------------------------- */

static void look_at_frame(struct stage *stage, const struct mm *mm, unsigned number)
{
    struct stage_frame *frame = &stage->now.frames[number];
    pfn_t pfn = stage->first + number;
    struct frame_range part;
    struct mm_block block;
    enum buddy_holder holder;
    *frame = (struct stage_frame){.state = STAGE_NONE};
    if (mm_find_address(mm, pfn << FRAME_SHIFT, &block)) {
        frame->state = STAGE_USED;
        frame->owner = (uint8_t)view_owners_add(&stage->owners, block.owner, false,
                                                (uint64_t)1 << FRAME_SHIFT);
        part = view_frames_between(block.base, block.base + block.size_bytes);
    } else if (buddy_find_part(&mm->buddy, pfn, &holder, &part)) {
        frame->state = STAGE_FREE;
        frame->holder = (uint8_t)holder;
    } else {
        return;
    }
    frame->joins = part.first < pfn && number > 0;
    frame->length = frame->joins ? 0 : (uint16_t)(part.end - pfn);
}

void stage_look(struct stage *stage, const struct mm *mm)
{
    view_owners_hold(&stage->owners, machine_shown() != machine_manager());
    view_owners_reset(&stage->owners);
    for (unsigned number = 0; number < stage_frame_count(stage); number++)
        look_at_frame(stage, mm, number);
    for (unsigned node = 1; node < 2 * stage_frame_count(stage); node++) {
        pfn_t first = stage->first + stage_node_frames(stage, node).first;
        struct buddy_summary sum = buddy_sum_up(&mm->buddy, first, stage_node_order(stage, node));
        stage->now.nodes[node] =
            (struct stage_counts){(uint16_t)sum.head, (uint16_t)sum.longest, (uint16_t)sum.tail};
    }
    mm_get_totals(mm, &stage->totals);
}

void stage_keep_before(struct stage *stage)
{
    stage->before = stage->now;
}

bool stage_has_changed(const struct stage *stage, unsigned node)
{
    return memcmp(&stage->before.nodes[node], &stage->now.nodes[node],
                  sizeof(struct stage_counts)) != 0;
}

unsigned stage_find_changed(const struct stage *stage, struct frame_range block, unsigned order,
                            unsigned *count)
{
    unsigned found = 0;
    *count = 0;
    for (unsigned node = stage_node(stage, order, (unsigned)block.first);
         node <= stage_node(stage, order, (unsigned)block.end - 1); node++) {
        if (!stage_has_changed(stage, node))
            continue;
        found = found ? found : node;
        ++*count;
    }
    return found;
}

void stage_clear_marks(struct stage *stage)
{
    memset(&stage->marks, 0, sizeof stage->marks);
}

/* ---- what is shown --------------------------------------------------------------------------- */

const struct stage_frame *stage_frame_at(const struct stage *stage, unsigned frame)
{
    return stage->marks.is_past ? &stage->before.frames[frame] : &stage->now.frames[frame];
}

static bool is_before_update(const struct stage *stage, unsigned node)
{
    return stage->marks.past_order > 0 && stage_node_order(stage, node) >= stage->marks.past_order;
}

const struct stage_counts *stage_counts_at(const struct stage *stage, unsigned node)
{
    bool is_past = stage->marks.is_past || is_before_update(stage, node);
    return is_past ? &stage->before.nodes[node] : &stage->now.nodes[node];
}

bool stage_is_old(const struct stage *stage, unsigned node)
{
    return !stage->marks.is_past && is_before_update(stage, node) &&
           memcmp(&stage->before.nodes[node], &stage->now.nodes[node],
                  sizeof(struct stage_counts)) != 0;
}

static bool is_full(const struct stage *stage, unsigned node)
{
    return stage_counts_at(stage, node)->longest == 1u << stage_node_order(stage, node);
}

static bool has_memory(const struct stage *stage, unsigned node)
{
    struct frame_range frames = stage_node_frames(stage, node);
    for (pfn_t i = frames.first; i < frames.end; i++)
        if (stage->now.frames[i].state != STAGE_NONE)
            return true;
    return false;
}

/* True if the node is drawn as a free buddy, or as a part of one. */
static bool is_in_buddy(const struct stage *stage, unsigned node)
{
    uint8_t kind = stage->marks.kinds[node];
    if (kind != STAGE_BY_COUNTS)
        return kind == STAGE_FULL || kind == STAGE_INNER;
    return is_full(stage, node);
}

static enum stage_kind kind_by_counts(const struct stage *stage, unsigned node)
{
    if (stage->marks.kinds[node] == STAGE_PART && is_full(stage, node))
        return STAGE_SPLIT;
    if (stage->marks.kinds[node] != STAGE_BY_COUNTS)
        return (enum stage_kind)stage->marks.kinds[node];
    if (is_full(stage, node))
        return node > 1 && is_in_buddy(stage, node / 2) ? STAGE_INNER : STAGE_FULL;
    if (stage_counts_at(stage, node)->longest > 0)
        return STAGE_PART;
    return has_memory(stage, node) ? STAGE_TAKEN : STAGE_BLANK;
}

/* While the counts of a block's own buddies are old, these are no free buddies any more. */
enum stage_kind stage_kind_of(const struct stage *stage, unsigned node)
{
    enum stage_kind kind = kind_by_counts(stage, node);
    unsigned first = (unsigned)stage_node_frames(stage, node).first;
    bool is_free = stage_frame_at(stage, first)->state == STAGE_FREE;
    return kind == STAGE_FULL && !is_free ? STAGE_PART : kind;
}

const char *stage_name_frames(char text[STAGE_WORDS_MAX], struct frame_range numbers)
{
    if (numbers.end - numbers.first == 1)
        format_text(text, STAGE_WORDS_MAX, "frame %u", (unsigned)numbers.first);
    else
        format_text(text, STAGE_WORDS_MAX, "frames %u to %u", (unsigned)numbers.first,
                    (unsigned)numbers.end - 1);
    return text;
}
