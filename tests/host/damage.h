#ifndef TESTS_HOST_DAMAGE_H
#define TESTS_HOST_DAMAGE_H

/* Damages a value on purpose, to see that a check names what is wrong. */

#include "test.h"

/* Changes the value, expects the sentence from `check`, and changes it back: all is right then. */
#define EXPECT_DAMAGE(check, value, damaged, sentence)                                             \
    do {                                                                                           \
        __typeof__(value) whole = (value);                                                         \
        (value) = (__typeof__(value))(damaged);                                                    \
        const char *broken = (check);                                                              \
        assert_non_null(broken);                                                                   \
        assert_string_equal(broken, sentence);                                                     \
        (value) = whole;                                                                           \
        assert_null(check);                                                                        \
    } while (0)

#endif
