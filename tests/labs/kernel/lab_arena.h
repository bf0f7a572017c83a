#ifndef LABS_ARENA_H
#define LABS_ARENA_H

/*
 * Real memory for a student's allocator, and its decisions in the memory view: the arena is a block
 * of the owner `arena`, and what the student's file hands out of it becomes a block of `student`,
 * at its real place. Frames count from the arena's first one.
 *
 *   | arena | student | student |  arena  | student | arena |
 */

#include "mm/mm.h"

#define LAB_ARENA_OWNER "arena"
#define LAB_ARENA_STUDENT "student"

/* Takes the arena, and gives back the one before. MM_NO_ROOM if there are not so many frames. */
enum mm_status lab_arena_open(uint32_t frame_count);

/* The physical address of frame 0. */
phys_t lab_arena_base(void);

/* Shows the frames [first, end) as a block of the owner's, one of the two. False, with a line on
 * the log, if the manager has no more records; then the picture is not the truth any more. */
bool lab_arena_show(uint32_t first, uint32_t end, const char *owner);

#endif
