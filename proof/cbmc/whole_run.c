/* The whole free run around a frame, from any right state of the buddy. */

#include "buddy_state.h"
#include "mm/free.c"

uint32_t tree_run_first(const struct tree *tree, uint32_t frame)
{
    claim(tree_has(tree, frame));
    return (uint32_t)run_around(tree_bits, frame).first;
}

uint32_t tree_run_end(const struct tree *tree, uint32_t frame)
{
    claim(tree_has(tree, frame));
    return (uint32_t)run_around(tree_bits, frame).end;
}

bool range_find(const struct buddy_range *of, uint32_t frame, uint32_t *first)
{
    claim(of == &range && frame >= range.first && frame < range.end);
    *first = any32();
    return (live_frames() >> frame & 1) != 0;
}

/* However many pieces the run has, and wherever they are, all of it is found. */
void prove_whole_run(void)
{
    make_state();
    uint32_t frame = any_frame();
    struct frame_range run;
    assume(frame >= range.first && frame < range.end);
    bool is_free = free_whole_run(&buddy, &range, frame, &run);
    claim(is_free == ((free_frames() >> frame & 1) != 0));
    if (is_free) {
        struct frame_range whole = run_around(free_frames(), frame);
        claim(run.first == range.origin + whole.first && run.end == range.origin + whole.end);
    }
    REACHED();
}
