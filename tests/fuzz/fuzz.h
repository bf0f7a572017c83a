#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

/*
 * A target is one file, fuzz_NAME.c, that defines fuzz_name and fuzz_one. From it are made: a
 * fuzzer (entry.c, `make fuzz`), a test that replays the inputs kept in corpus/NAME (replay.c,
 * `make test-host`), and, for those named in the Makefile, long random runs (tests/long/random.c).
 */

#include <stddef.h>
#include <stdint.h>

/* NAME, for the folder of kept inputs. */
extern const char fuzz_name[];

/* Requests and frees since the program began, for those who count. */
extern uint64_t fuzz_step_count;

/*
 * Does what the input says, from a fresh start, and frees all that it took. Any bytes are an
 * input. Returns NULL, or a sentence that says what was wrong.
 */
const char *fuzz_one(const uint8_t *data, size_t size_bytes);

/* ---- reading an input: zeros follow its end -------------------------------------------------- */

struct fuzz_input {
    const uint8_t *next;
    const uint8_t *end;
};

static inline uint32_t fuzz_byte(struct fuzz_input *input)
{
    return input->next < input->end ? *input->next++ : 0;
}

static inline uint32_t fuzz_word(struct fuzz_input *input)
{
    uint32_t low = fuzz_byte(input);
    return low | fuzz_byte(input) << 8;
}

/* 1 to 2^bits, small numbers as often as large ones. */
static inline uint32_t fuzz_length(struct fuzz_input *input, unsigned bits)
{
    uint32_t mask = (1u << fuzz_byte(input) % (bits + 1)) - 1;
    return 1 + (fuzz_word(input) & mask);
}

#endif
