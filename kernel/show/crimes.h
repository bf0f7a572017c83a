#ifndef KERNEL_CRIMES_H
#define KERNEL_CRIMES_H

/*
 * What drivers and firmware do wrong, done on purpose: each crime is caught, reported in a line,
 * explained where its block is, and undone. The picture of it stays until display_release.
 */

#include "kernel/view/view_marks.h"
#include "mm/mm.h"

/* Writes a line for each crime there is. */
void crimes_list(void);

/* "all", then the names of the crimes; NULL behind the last. */
const char *crimes_word(size_t index);

/*
 * Commits a crime by its name, or, by the name "all", those that the system survives, one after the
 * other. False if there is none of that name.
 */
bool crimes_commit(const char *name);

/* ---- the scene of a crime (crime_scene.c) ---------------------------------------------------- */

/*
 * What all crimes have in common: memory to commit them with, where the picture shows it, and the
 * picture with its explanation, which stays on the screen when the crime is long undone.
 */

#define CRIME_OWNER "criminal"
#define CRIME_EXPLANATION_MAX 240

struct crime_scene {
    const char *crime; /* its name */
    struct mm_block block;
    unsigned char *address; /* of the block; NULL: there is none */
    struct phys_range shown; /* where the crime was; the block at the start */
    char explanation[CRIME_EXPLANATION_MAX]; /* of a crime that has no other */
};

/* Some cells of what the picture shows, two frames where there is none. */
uint64_t crime_block_bytes(void);

/* As mm_alloc, for CRIME_OWNER, in that window. */
enum mm_status crime_take_in(struct phys_range window, uint64_t size_bytes, uint64_t align_bytes,
                             struct mm_block *block);

/* The same below that limit, in the part of RAM that is shown if there is room for it. */
enum mm_status crime_take(phys_t limit, uint64_t size_bytes, uint64_t align_bytes,
                          struct mm_block *block);

/* The same with an address, below 4 GiB; false, and a line that says so, if there is none. Freed by
   pool_free. */
bool crime_take_mapped(uint64_t size_bytes, struct mm_block *block, unsigned char **address);

/*
 * Begins a crime: nothing is marked. With block_bytes > 0 it gets a block, as by crime_take_mapped;
 * false if there is none.
 */
bool crime_begin(struct crime_scene *scene, const char *crime, uint64_t block_bytes);

/* Frees all blocks, mapped or not, that were taken since then and are still held. */
void crime_free_all(void);

/* The marks of the picture to come. */
void crime_mark(phys_t base, phys_t end, enum view_mark_look look);
void crime_mark_window(phys_t base, phys_t end);

/* There will be no picture. */
void crime_forget_marks(void);

/*
 * Writes the explanation, and shows memory as it is at this moment, with the marks and the
 * explanation at scene->shown. Memory may change from then on.
 */
void crime_show(const struct crime_scene *scene, const char *explanation);

/*
 * Crimes with files of their own. Each writes what was caught, and returns true if it was: then its
 * caller shows it, and calls crime_free_all.
 */
bool crimes_commit_lying_map(struct crime_scene *scene);
bool crimes_commit_exhaustion(struct crime_scene *scene);
bool crimes_commit_fragmentation(struct crime_scene *scene);

#endif
