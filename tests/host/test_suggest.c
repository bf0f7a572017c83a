/* Which word was meant, if another one was typed. */

#include "kernel/lib/suggest.h"

#include "test.h"

static const char *const words[] = {
    "help", "free", "frames", "fragmentation", "buddy",    "at",   "map",         "mode",
    "load", "step", "stress", "memtest",       "selftest", "tour", "double-free", NULL,
};

static const char *word(size_t index)
{
    return words[index];
}

static const char *no_word(size_t index)
{
    (void)index;
    return NULL;
}

static void expect_meant(const char *typed, const char *expected)
{
    const char *meant = suggest_word(typed, word);
    assert_non_null(meant);
    assert_string_equal(meant, expected);
}

static void one_change_in_a_short_word(void **state)
{
    (void)state;
    expect_meant("hlep", "help");
    expect_meant("hel", "help");
    expect_meant("helpp", "help");
    expect_meant("halp", "help");
    expect_meant("elp", "help");
    expect_meant("mpa", "map");
    assert_null(suggest_word("hpel", word));
    assert_null(suggest_word("ha", word));
    assert_null(suggest_word("h", word));
    assert_null(suggest_word("", word));
}

static void two_changes_in_a_longer_word(void **state)
{
    (void)state;
    expect_meant("memtst", "memtest");
    expect_meant("mmetset", "memtest");
    expect_meant("duoble-fre", "double-free");
    assert_null(suggest_word("mtesx", word));
    assert_null(suggest_word("mmetsex", word));
}

static void beginning_of_a_word_is_meant_for_it(void **state)
{
    (void)state;
    expect_meant("frag", "fragmentation");
    expect_meant("self", "selftest");
    expect_meant("str", "stress");
    assert_null(suggest_word("se", word));
}

/* "free" itself is nearer than "frames", and the case of letters is no change. */
static void nearest_word_is_meant(void **state)
{
    (void)state;
    expect_meant("fres", "free");
    expect_meant("frame", "frames");
    expect_meant("AT", "at");
    expect_meant("HELP", "help");
    expect_meant("Lode", "mode");
    expect_meant("DOUBLE-free", "double-free");
}

static void long_texts_are_like_nothing(void **state)
{
    (void)state;
    assert_null(suggest_word("fragmentationfragmentation", word));
    assert_null(suggest_word("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", word));
    assert_null(suggest_word("help", no_word));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_change_in_a_short_word),
        cmocka_unit_test(two_changes_in_a_longer_word),
        cmocka_unit_test(beginning_of_a_word_is_meant_for_it),
        cmocka_unit_test(nearest_word_is_meant),
        cmocka_unit_test(long_texts_are_like_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
