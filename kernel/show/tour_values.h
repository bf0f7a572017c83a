#ifndef KERNEL_TOUR_VALUES_H
#define KERNEL_TOUR_VALUES_H

/*
 * What {NAME} stands for in the tour's script, on this machine and at this moment:
 *
 *   {1} to {9}       the ids of the blocks that the step took, in their order, until they are freed
 *   {one} and so on  sizes, and {standin}: see tour_words.h
 *   {ask}            a frame more than the largest free run has now
 *   {beside}         the address of a free frame beside the step's first block
 *   {buffer}         the id of the block that is the back buffer, {picture} its address
 *   {mode}           the mode that was set when the tour began, {other} another of the adapter's
 */

#include "tour.h"
#include "tour_words.h"

/* False if there is too little memory for a tour. */
bool tour_values_begin(void);

/* From now on blocks are a new step's. */
void tour_values_begin_step(void);

/* To be called behind each command: the blocks that it took are the step's. */
void tour_values_note_blocks(void);

/* True if the machine has what a step needs. */
bool tour_values_serve(enum tour_need need);

/* Puts values for names; false if one has none. */
bool tour_values_expand(char text[TOUR_TEXT_MAX], const char *pattern);

#endif
