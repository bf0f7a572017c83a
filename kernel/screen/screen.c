/* What is the same for characters and pixels. */

#include "screen.h"

#include "kernel/machine/machine.h"

struct stage *screen_stage(const struct screen *screen)
{
    return screen->grid && screen->has_room_for_stage ? stage_of_machine() : NULL;
}

bool screen_memory_changed(struct screen *screen)
{
    const struct ledger *ledger = &machine_manager()->ledger;
    bool differs = ledger->last_id != screen->drawn_last_id ||
                   ledger_block_count(ledger) != screen->drawn_live_count;
    bool changed = screen->is_stale || (differs && !screen->is_held);
    screen->is_stale = false;
    screen->drawn_last_id = ledger->last_id;
    screen->drawn_live_count = ledger_block_count(ledger);
    return changed;
}

void screen_end_hold(struct screen *screen)
{
    if (!screen->is_held)
        return;
    screen->is_held = false;
    screen->is_stale = true;
    screen->operations->drop_caption(screen);
}
