/*
 * Takes almost all memory, and shows what happens then. The blocks are not mapped. There are at
 * most as many as the ledger has records for: a ledger that grows now would keep the memory that it
 * takes. Nothing else runs meanwhile, and some memory is left.
 */

#include "crimes.h"

#include "kernel/lib/format.h"
#include "kernel/log/console.h"
#include "kernel/memory/memory.h"
#include "kernel/screen/display.h"
#include "kernel/view/view_format.h"

#define KEPT_BYTES (64 * KIB)
#define PIECES_MAX 64u
#define PIECES_MIN 8u
#define PIECE_BYTES 16384u /* where no picture has cells */

static const struct phys_range everywhere = {0, MM_NO_LIMIT};

/* At the last of its free records but these, the ledger would grow. */
static size_t spare_records(void)
{
    size_t free_count = ledger_free_count(&memory_manager()->ledger);
    return free_count > LEDGER_RESERVE + 1 ? free_count - LEDGER_RESERVE - 1 : 0;
}

static uint64_t largest_run(struct phys_range window)
{
    return mm_largest_run(memory_manager(), window.base, window.end);
}

/* ---- exhaustion ----------------------------------------------------------------------------- */

/* Takes all free runs there are, largest first. False if records run out before. */
static bool take_everything(void)
{
    uint64_t bytes;
    while ((bytes = largest_run(everywhere)) > 0) {
        struct mm_block block;
        if (spare_records() == 0 || crime_take_in(everywhere, bytes, 0, &block) != MM_OK)
            return false;
    }
    return true;
}

/* The last run is given back before the request: the kernel is never without any memory. */
static bool ask_for_too_much(const struct mm_block *kept)
{
    struct mm_block block;
    mm_free(memory_manager(), kept->base);
    enum mm_status status = crime_take_in(everywhere, 2 * KEPT_BYTES, 0, &block);
    uint64_t largest_bytes = largest_run(everywhere);
    enum mm_status fitting = crime_take_in(everywhere, largest_bytes, 0, &block);
    if (status != MM_NO_ROOM || largest_bytes != KEPT_BYTES || fitting != MM_OK) {
        console_error("exhaustion went unnoticed: 128K with 64K left, %s; then %s",
                      mm_status_text(status), mm_status_text(fitting));
        return false;
    }
    mm_free(memory_manager(), block.base);
    console_print("inject crime=exhaustion bytes=%llu refused: %s; the longest free run has %llu\n",
                  (number_t)(2 * KEPT_BYTES), mm_status_text(status),
                  (number_t)largest_run(everywhere));
    return true;
}

bool crimes_commit_exhaustion(struct crime_scene *scene)
{
    struct mm_block kept;
    enum mm_status status = crime_take(MM_NO_LIMIT, KEPT_BYTES, 0, &kept);
    if (status != MM_OK) {
        console_error("memory is exhausted already: %s", mm_status_text(status));
        return false;
    }
    scene->shown = (struct phys_range){kept.base, kept.base + KEPT_BYTES};
    if (take_everything())
        return ask_for_too_much(&kept);
    console_error("free memory is in more pieces than the ledger has records for");
    return false;
}

/* ---- fragmentation -------------------------------------------------------------------------- */

struct pieces {
    phys_t base;
    uint64_t piece_bytes; /* a power of two */
    unsigned count; /* likewise */
};

static struct phys_range range_of(const struct pieces *pieces)
{
    return (struct phys_range){pieces->base, pieces->base + pieces->count * pieces->piece_bytes};
}

/* Finds them a place, at a multiple of all of them: whole rows of the picture, or a part of one. */
static bool find_place(struct pieces *pieces)
{
    uint64_t bytes = pieces->count * pieces->piece_bytes;
    struct mm_block block;
    if (bytes > largest_run(everywhere) / 2 ||
        crime_take(MM_NO_LIMIT, bytes, bytes, &block) != MM_OK)
        return false;
    pieces->base = block.base;
    return mm_free(memory_manager(), block.base) == MM_OK;
}

/* A cell of the picture each, as many as there are records for, or as few and small as needed. */
static bool choose_pieces(struct pieces *pieces)
{
    struct frame_range shown;
    pfn_t cell_frames;
    *pieces = (struct pieces){.piece_bytes = PIECE_BYTES, .count = PIECES_MAX};
    if (display_get_zoom(&shown, &cell_frames))
        pieces->piece_bytes = cell_frames << FRAME_SHIFT;
    while (pieces->count > spare_records())
        pieces->count /= 2;
    for (; pieces->piece_bytes >= FRAME_BYTES; pieces->piece_bytes /= 2)
        for (unsigned count = pieces->count; count >= PIECES_MIN; count /= 2) {
            struct pieces fewer = {.piece_bytes = pieces->piece_bytes, .count = count};
            if (!find_place(&fewer))
                continue;
            *pieces = fewer;
            return true;
        }
    return false;
}

/* Fills the range with pieces, one behind the other, since nothing else finds room there. */
static bool take_pieces(const struct pieces *pieces)
{
    uint64_t bytes = pieces->piece_bytes;
    struct mm_block block;
    for (unsigned i = 0; i < pieces->count; i++)
        if (crime_take_in(range_of(pieces), bytes, bytes, &block) != MM_OK)
            return false;
    return true;
}

/* What lies beside the range may be free as well; the first and the last piece are not. */
static void free_every_other(const struct pieces *pieces)
{
    for (unsigned i = 1; i < pieces->count - 1; i += 2) {
        phys_t piece = pieces->base + i * pieces->piece_bytes;
        mm_free(memory_manager(), piece);
        crime_mark(piece, piece + pieces->piece_bytes, VIEW_MARK_REFUSED);
    }
}

static void tell_fragmentation(struct crime_scene *scene, const struct pieces *pieces,
                               uint64_t asked_bytes, enum mm_status status)
{
    uint64_t free_bytes = (pieces->count / 2 - 1) * pieces->piece_bytes;
    struct phys_range shown = range_of(pieces);
    char free_amount[VIEW_AMOUNT_MAX];
    char asked_amount[VIEW_AMOUNT_MAX];
    char piece_amount[VIEW_AMOUNT_MAX];
    console_print("inject crime=fragmentation base=0x%llx end=0x%llx free=%llu bytes=%llu refused: "
                  "%s; the longest free run there has %llu\n",
                  (number_t)shown.base, (number_t)shown.end, (number_t)free_bytes,
                  (number_t)asked_bytes, mm_status_text(status), (number_t)largest_run(shown));
    format_text(scene->explanation, sizeof scene->explanation,
                "%s are free here, but each piece of %s has used neighbours: no run has the %s "
                "that were asked for. Physical blocks cannot be moved together, because devices "
                "know their addresses.",
                view_format_amount(free_amount, free_bytes),
                view_format_amount(piece_amount, pieces->piece_bytes),
                view_format_amount(asked_amount, asked_bytes));
    crime_mark_window(shown.base, shown.end);
    scene->shown = shown;
}

static bool ask_for_a_run(struct crime_scene *scene, const struct pieces *pieces)
{
    uint64_t bytes = pieces->count / 4 * pieces->piece_bytes;
    struct mm_block block;
    enum mm_status status = crime_take_in(range_of(pieces), bytes, 0, &block);
    if (status == MM_NO_ROOM)
        tell_fragmentation(scene, pieces, bytes, status);
    else
        console_error("fragmentation went unnoticed: %llu bytes in pieces of %llu, %s",
                      (number_t)bytes, (number_t)pieces->piece_bytes, mm_status_text(status));
    return status == MM_NO_ROOM;
}

bool crimes_commit_fragmentation(struct crime_scene *scene)
{
    struct pieces pieces;
    if (!choose_pieces(&pieces) || !take_pieces(&pieces)) {
        console_error("no free run to break into pieces");
        return false;
    }
    free_every_other(&pieces);
    return ask_for_a_run(scene, &pieces);
}
