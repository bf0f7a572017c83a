#ifndef KERNEL_VIEW_OWNERS_H
#define KERNEL_VIEW_OWNERS_H

/*
 * Who holds memory, how much, and what they look like. A name keeps its style as long as the table
 * remembers it, and mostly from one boot to the next. Knows no place of memory or screen.
 */

#include "drivers/video/canvas/canvas.h"

#define VIEW_OWNER_COUNT 48
#define VIEW_OWNER_NAME_MAX 23

/* Whoever has this name holds what does not keep what is written, and has a look of its own. */
#define VIEW_OWNER_BAD "bad"
#define VIEW_OWNER_BAD_LETTER '!'

struct view_owner {
    char name[VIEW_OWNER_NAME_MAX + 1]; /* longer names are told apart by their beginnings */
    uint64_t held_bytes;
    uint8_t style;
    char letter; /* where there are no colours: a capital of its own, as long as there are any */
    bool at_boot; /* a reservation of the map, not a block */
};

/* Entry 0 stands for all whom the table has no room for, and has a style of its own. */
struct view_owners {
    struct view_owner owners[VIEW_OWNER_COUNT];
    size_t count;
    size_t last; /* found last: neighbours often have the same owner */
    size_t held_count; /* while they are held: so many entries stay; 0: they are not */
};

void view_owners_init(struct view_owners *owners);

/* Forgets the amounts, not the names: a snapshot begins. */
void view_owners_reset(struct view_owners *owners);

/*
 * Before snapshots of the past: the owners that are known stay in the table and keep their looks,
 * and names that are new are forgotten at the next snapshot. So a snapshot looks the same whichever
 * one was drawn before it. With false, that ends.
 */
void view_owners_hold(struct view_owners *owners, bool is_held);

/*
 * Enters bytes held by `name`; returns the owner's index. A name that is new when the table is full
 * takes the place of one that holds nothing, or else counts as "others".
 */
size_t view_owners_add(struct view_owners *owners, const char *name, bool at_boot,
                       uint64_t held_bytes);

/* The owners that hold something, most first, as indices into the table. Returns how many. */
size_t view_owners_rank(const struct view_owners *owners, uint8_t ranked[VIEW_OWNER_COUNT]);

/* What stands for owners who have no letter of their own. */
#define VIEW_OWNER_NO_LETTER '#'

/* A style is a colour and, for those who cannot tell by colour, a texture. */
color_t view_style_colour(uint8_t style);

bool view_style_is_bad(uint8_t style);

/* The colour of its letter on a text screen, of sixteen. */
uint8_t view_style_ink(uint8_t style);

/* Fills with a style, at a brightness of `shade` parts of 256. */
void view_style_fill(struct canvas *canvas, struct canvas_rect rect, uint8_t style, unsigned shade);

#endif
