/*
 * A fuzz target on random inputs, for as long as one likes: an hour is some hundred million steps.
 *
 *     random_NAME SECONDS [SEED]
 *
 * Each input has a seed of its own, so that a failure repeats: `random_NAME 1 SEED`. What was wrong
 * is written beside the program, as short as it could be made, for replay_NAME and for the corpus.
 */

#include "kernel/lib/random.h"
#include "tests/fuzz/fuzz.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define INPUT_MAX 65536
#define FOUND_MAX 4096

static uint8_t input[INPUT_MAX];
static size_t input_bytes;
static unsigned long long seed;
static char found_path[FOUND_MAX];

/* Some inputs are short: most of what goes wrong at all goes wrong in a small arena at once. */
static void make_input(void)
{
    uint64_t state = RANDOM_SEED ^ seed * 0x9E3779B97F4A7C15u;
    if (state == 0)
        state = 1;
    random_next(&state);
    input_bytes = 1 + random_next(&state) % (1u << (8 + random_next(&state) % 9));
    for (size_t i = 0; i < input_bytes; i++)
        input[i] = (uint8_t)random_next(&state);
}

static void write_found(void)
{
    FILE *file = fopen(found_path, "wb");
    bool is_written = file && fwrite(input, 1, input_bytes, file) == input_bytes;
    if (file)
        fclose(file);
    printf("%s: %zu bytes%s\n", found_path, input_bytes, is_written ? "" : " (not written)");
}

/* Leaves out pieces, half of the input first, as long as something is still wrong. */
static void shorten(void)
{
    static uint8_t whole[INPUT_MAX];
    for (size_t piece = input_bytes / 2; piece > 0; piece /= 2) {
        for (size_t at = 0; at + piece <= input_bytes;) {
            size_t whole_bytes = input_bytes;
            memcpy(whole, input, whole_bytes);
            memmove(input + at, input + at + piece, whole_bytes - at - piece);
            input_bytes -= piece;
            if (fuzz_one(input, input_bytes))
                continue;
            memcpy(input, whole, whole_bytes);
            input_bytes = whole_bytes;
            at += piece;
        }
    }
}

/* A crash in the middle: the input is all there is to save, and it is saved as it is. */
static void on_crash(int number)
{
    signal(number, SIG_DFL);
    printf("crashed: seed %llu\n", seed);
    write_found();
    fflush(stdout);
    raise(number);
}

static bool run_seed(void)
{
    make_input();
    const char *broken = fuzz_one(input, input_bytes);
    if (!broken)
        return true;
    printf("%s: %s (seed %llu, %zu bytes)\n", fuzz_name, broken, seed, input_bytes);
    shorten();
    printf("%s: %s\n", fuzz_name, fuzz_one(input, input_bytes));
    write_found();
    return false;
}

int main(int argument_count, char **arguments)
{
    if (argument_count < 2) {
        fprintf(stderr, "usage: %s SECONDS [SEED]\n", arguments[0]);
        return 2;
    }
    time_t end = time(NULL) + atol(arguments[1]);
    seed = argument_count > 2 ? strtoull(arguments[2], NULL, 0) : (unsigned long long)time(NULL);
    snprintf(found_path, sizeof found_path, "%s.found", arguments[0]);
    signal(SIGABRT, on_crash);
    signal(SIGSEGV, on_crash);
    printf("%s: random inputs, the first seed is %llu\n", fuzz_name, seed);
    fflush(stdout);
    unsigned long long inputs = 0;
    bool is_right = true;
    for (; is_right && (inputs == 0 || time(NULL) < end); seed++, inputs++)
        is_right = run_seed();
    printf("%s: %llu inputs, %llu requests and frees, %s\n", fuzz_name, inputs,
           (unsigned long long)fuzz_step_count, is_right ? "none wrong" : "one wrong");
    return is_right ? 0 : 1;
}
