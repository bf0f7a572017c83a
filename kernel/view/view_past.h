#ifndef KERNEL_VIEW_PAST_H
#define KERNEL_VIEW_PAST_H

/* What happened before a moment of the past, in words. */

#include "kernel/past/past.h"
#include "view_words.h"

#define VIEW_PAST_MAX 200

/* The event before the moment that past->copy is at, in a sentence. */
const char *view_past_tell(char text[VIEW_PAST_MAX], const struct past *past,
                           const struct view_naming *naming);

/* The same as key=value fields. */
const char *view_past_tell_fields(char text[VIEW_PAST_MAX], const struct past *past);

#endif
