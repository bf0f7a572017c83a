/* Takes and gives back the blocks that hold the past of machines. */

#include "machine_past.h"

#include "kernel/lib/format.h"
#include "kernel/machine/machine.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/paging.h"

/* An entry for each frame of this machine. */
#define ENTRIES_MIN 640u
#define ENTRIES_MAX 4096u
#define SHARE 16 /* of the longest free run: the rest is for what is to be shown */

struct holding {
    struct past *past; /* NULL: there is none */
    uint64_t needed_bytes;
    uint64_t most_bytes; /* that it may take */
};

static struct holding real;
static struct holding simulated;
static struct holding guest;

static struct holding *simulated_holding(void)
{
    return machine_has_guest() ? &guest : &simulated;
}

static struct holding *holding(void)
{
    return machine_simulated() ? simulated_holding() : &real;
}

struct past *machine_past(void)
{
    struct past *past = holding()->past;
    return past && past->source == machine_manager() ? past : NULL;
}

static size_t choose_entry_count(void)
{
    pfn_t frame_count = memory_manager()->buddy.frame_count;
    if (frame_count < ENTRIES_MIN)
        return ENTRIES_MIN;
    return frame_count < ENTRIES_MAX ? (size_t)frame_count : ENTRIES_MAX;
}

bool machine_past_open(void)
{
    size_t entry_count = choose_entry_count();
    struct holding held = {
        .needed_bytes = past_bytes(machine_map(), entry_count),
        .most_bytes = mm_largest_run(memory_manager(), 0, paging_reach()) / SHARE,
    };
    struct mm_request request = {
        .size_bytes = held.needed_bytes, .limit = paging_reach(), .owner = PAST_OWNER};
    void *memory;
    if (held.needed_bytes <= held.most_bytes &&
        pool_alloc(memory_pool(), &request, MM_CACHED, NULL, &memory) == MM_OK)
        held.past = past_open(memory, machine_manager(), machine_map(), entry_count);
    *holding() = held;
    return held.past;
}

const char *machine_past_tell_why(char text[MACHINE_PAST_TEXT_MAX])
{
    char needed[FORMAT_BYTES_MAX];
    char most[FORMAT_BYTES_MAX];
    format_text(text, MACHINE_PAST_TEXT_MAX,
                "the record takes %s, and only a sixteenth of the longest free run, %s, is for it",
                format_bytes(needed, holding()->needed_bytes),
                format_bytes(most, holding()->most_bytes));
    return text;
}

void machine_past_close(void)
{
    struct holding *held = simulated_holding();
    if (held->past)
        pool_free(memory_pool(), held->past);
    *held = (struct holding){0};
}
