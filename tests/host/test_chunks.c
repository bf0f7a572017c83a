/* Chunks of memory by their numbers: every number leads to the chunk that was given that number. */

#include "mm/chunks.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

#define GIVEN_MAX 2200 /* two levels of directories, in 32 and in 64 bits */

static struct chunks chunks;
static void *given[GIVEN_MAX];
static size_t given_count;

static int start_empty(void **state)
{
    (void)state;
    memset(&chunks, 0xA5, sizeof chunks);
    chunks_init(&chunks);
    return 0;
}

static int release(void **state)
{
    (void)state;
    while (given_count > 0)
        free(given[--given_count]);
    return 0;
}

/* Filled with ones, as nobody promises that memory is clean. */
static void *give(void)
{
    void *chunk = malloc(CHUNK_BYTES);
    memset(chunk, 0xFF, CHUNK_BYTES);
    return given[given_count++] = chunk;
}

static void first_chunk_needs_no_directory(void **state)
{
    (void)state;
    assert_int_equal(chunks.count, 0);
    void *chunk = give();
    assert_true(chunks_add(&chunks, chunk));
    assert_int_equal(chunks.count, 1);
    assert_ptr_equal(chunks_at(&chunks, 0), chunk);
}

/* The chunk's first bytes are its number, so that a directory in its place would show. */
static void every_number_leads_to_its_chunk(void **state)
{
    (void)state;
    size_t directory_count = 0;
    while (given_count < GIVEN_MAX) {
        void *chunk = give();
        if (chunks_add(&chunks, chunk))
            *(size_t *)chunk = chunks.count - 1;
        else
            directory_count++;
    }
    assert_int_equal(chunks.count, GIVEN_MAX - directory_count);
    assert_int_equal(chunks.height, 2);
    assert_int_equal(directory_count, 1 + (chunks.count + CHUNKS_FANOUT - 1) / CHUNKS_FANOUT);
    for (size_t number = 0; number < chunks.count; number++)
        assert_int_equal(*(size_t *)chunks_at(&chunks, number), number);
}

/*
 * Three levels of directories. A chunk that may become one of them needs memory of its own. The
 * others are told apart by their addresses alone.
 */
static void full_directories_lead_to_every_chunk(void **state)
{
    (void)state;
    static void *places[CHUNKS_FANOUT * (CHUNKS_FANOUT + 2)];
    const size_t count = sizeof places / sizeof *places;
    while (chunks.count < count) {
        size_t number = chunks.count;
        bool may_be_directory = number == 1 || number % CHUNKS_FANOUT == 0;
        void *chunk = may_be_directory ? give() : &places[number];
        if (chunks_add(&chunks, chunk))
            places[number] = chunk;
        else
            assert_true(may_be_directory);
    }
    assert_int_equal(chunks.height, 3);
    for (size_t number = 0; number < count; number++)
        assert_ptr_equal(chunks_at(&chunks, number), places[number]);
}

int main(void)
{
#define RULE(rule) cmocka_unit_test_setup_teardown(rule, start_empty, release)
    const struct CMUnitTest tests[] = {
        RULE(first_chunk_needs_no_directory),
        RULE(every_number_leads_to_its_chunk),
        RULE(full_directories_lead_to_every_chunk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
