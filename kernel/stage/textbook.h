#ifndef KERNEL_TEXTBOOK_H
#define KERNEL_TEXTBOOK_H

/*
 * The textbook's buddy allocator (Knuth, "The Art of Computer Programming", volume 1, section 2.5,
 * algorithms R and S), for at most 256 frames: each block has a power of two of frames, and there
 * is a list of free blocks for each order. It is fed the requests that Ashlar's allocator gets, to
 * be compared.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TEXTBOOK_ORDER_MAX 8
#define TEXTBOOK_FRAMES_MAX (1u << TEXTBOOK_ORDER_MAX)
#define TEXTBOOK_NONE UINT16_MAX

struct textbook_frame {
    uint16_t next; /* of a free block's first frame: the next in its list */
    uint16_t previous;
    uint16_t
        asked; /* of a block in use, at its first frame: the frames that were asked for; else 0 */
    uint8_t order; /* of the block that begins here */
    bool is_first; /* of a block, free or in use */
    bool is_free; /* that block */
    uint8_t owner; /* the caller's number for who has it */
    uint32_t id; /* the caller's name for it */
};

struct textbook_request {
    unsigned count; /* frames, at least 1 */
    unsigned align; /* a power of two; 0 and 1 are the same */
    unsigned lowest; /* the asked frames lie in [lowest, limit) */
    unsigned limit;
    uint32_t id; /* the caller's name for the block, and for who has it */
    uint8_t owner;
};

struct textbook {
    unsigned order; /* of all of memory */
    uint16_t lists[TEXTBOOK_ORDER_MAX + 1]; /* first frame of the first free block, by order */
    struct textbook_frame frames[TEXTBOOK_FRAMES_MAX];
    unsigned free_count;
    unsigned refused; /* requests, since the start, that Ashlar's allocator served */
    struct textbook_request last_refused; /* of them, if there are any */
};

/* Starts with 2^order free frames; the order is at most TEXTBOOK_ORDER_MAX. */
void textbook_start(struct textbook *textbook, unsigned order);

/*
 * Takes a block of the smallest power of two of frames that is enough: of the smallest free blocks
 * that have one inside the window, it splits the first one in its list. *first receives its first
 * frame. False, and nothing changes, if there is none.
 */
bool textbook_take(struct textbook *textbook, const struct textbook_request *request,
                   unsigned *first);

/* Gives the block of that name back, and merges it with its buddies. False if there is none. */
bool textbook_give(struct textbook *textbook, uint32_t id);

/* Frames in blocks beyond those that were asked for. */
unsigned textbook_lost(const struct textbook *textbook);

/* Frames of the largest free block. */
unsigned textbook_largest(const struct textbook *textbook);

#endif
