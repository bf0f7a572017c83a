/*
 * Short rounds, of which only those count in which each thread had a core to itself: its own time
 * is then nearly all the time that passes.
 */

#define _DEFAULT_SOURCE /* sched_yield, sysconf */

#include "threads.h"

#include <pthread.h>
#include <sched.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "allocator.h"
#include "clocks.h"
#include "mm/front.h"
#include "random.h"
#include "targets.h"

#define THREADS 2
#define FRAMES (4 * GIB_FRAMES)
#define PAIRS 20000
#define MORE_PAIRS 20 /* times as many where they are quicker */
#define BULK 32768 /* frames that a thread takes */
#define ROUNDS 15 /* that count */
#define TRIES 150
#define OWN_TIME 0.95 /* of the time that passes, in a round that counts */

enum load { LOAD_PAIRS, LOAD_BULK, LOAD_RANDOM };

/* ---- locks ----------------------------------------------------------------------------------- */

struct spin_lock {
    alignas(64) unsigned char taken;
    char alone[63]; /* in its cache line */
};

static void pause_briefly(void)
{
#if defined __x86_64__ || defined __i386__
    __builtin_ia32_pause();
#endif
}

static void take_lock(void *context)
{
    struct spin_lock *lock = context;
    while (__atomic_exchange_n(&lock->taken, 1, __ATOMIC_ACQUIRE))
        while (__atomic_load_n(&lock->taken, __ATOMIC_RELAXED))
            pause_briefly();
}

static void leave_lock(void *context)
{
    struct spin_lock *lock = context;
    __atomic_store_n(&lock->taken, 0, __ATOMIC_RELEASE);
}

/* ---- who is held against whom ---------------------------------------------------------------- */

typedef void alloc_t(int thread, uint64_t *first);
typedef void free_t(int thread, uint64_t first);

struct contender {
    int pair_count; /* in a round of them */
    void (*open)(void);
    void (*close)(void);
    void (*pairs)(int thread, int count);
    alloc_t *alloc;
    free_t *free;
};

/* Each contender has a copy, with its calls in line: what the harness costs is in both figures. */
static inline __attribute__((always_inline)) void make_pairs(int thread, int count, alloc_t *alloc,
                                                             free_t *free)
{
    for (int i = 0; i < count; i++) {
        uint64_t first;
        alloc(thread, &first);
        free(thread, first);
    }
}

static void must(bool is_right)
{
    if (!is_right)
        abort();
}

static struct spin_lock textbook_lock;

static void textbook_open(void)
{
    allocator_textbook.open(FRAMES);
}

static void textbook_close(void)
{
    allocator_textbook.close();
}

static void textbook_alloc(int thread, uint64_t *first)
{
    (void)thread;
    take_lock(&textbook_lock);
    must(allocator_textbook.alloc(1, UINT64_MAX, first));
    leave_lock(&textbook_lock);
}

static void textbook_free(int thread, uint64_t first)
{
    (void)thread;
    take_lock(&textbook_lock);
    allocator_textbook.free(first, 1);
    leave_lock(&textbook_lock);
}

static void textbook_pairs(int thread, int count)
{
    make_pairs(thread, count, textbook_alloc, textbook_free);
}

static struct spin_lock buddy_lock;
static struct buddy buddy;
static void *tables;
static struct fronts fronts;
static struct {
    alignas(64) struct front front;
} own[THREADS];

static void fronts_open(void)
{
    struct frame_range range = {0, FRAMES};
    tables = malloc(buddy_table_bytes(range));
    buddy_init(&buddy);
    must(tables && buddy_add_range(&buddy, range, tables) == MM_OK);
    fronts_init(&fronts, &buddy, take_lock, leave_lock, &buddy_lock);
    for (int thread = 0; thread < THREADS; thread++)
        front_open(&own[thread].front, &fronts);
}

static void fronts_close(void)
{
    must(!fronts_check(&fronts));
    for (int thread = 0; thread < THREADS; thread++)
        must(front_close(&own[thread].front) == MM_OK);
    must(buddy.free_count == FRAMES);
    free(tables);
}

static void fronts_alloc(int thread, uint64_t *first)
{
    must(front_alloc(&own[thread].front, 1, first) == MM_OK);
}

static void fronts_free(int thread, uint64_t first)
{
    must(front_free(&own[thread].front, first, 1) == MM_OK);
}

static void fronts_pairs(int thread, int count)
{
    make_pairs(thread, count, fronts_alloc, fronts_free);
}

static const struct contender contenders[] = {
    {PAIRS, textbook_open, textbook_close, textbook_pairs, textbook_alloc, textbook_free},
    {MORE_PAIRS * PAIRS, fronts_open, fronts_close, fronts_pairs, fronts_alloc, fronts_free},
};

/* ---- one round ------------------------------------------------------------------------------- */

struct worker {
    pthread_t thread;
    int number;
    enum load load;
    const struct contender *contender;
    uint64_t random;
    uint64_t *frames;
    double wall_ns;
    double own_ns;
};

static int arrived;
static int released;
static double started_ns; /* when the last thread arrived */

/* Waits until all threads are here for the n-th time. Who has no core then loses time by that. */
static void start_together(struct worker *worker, int n)
{
    if (__atomic_add_fetch(&arrived, 1, __ATOMIC_ACQ_REL) == THREADS * n) {
        started_ns = clocks_wall_ns();
        __atomic_store_n(&released, n, __ATOMIC_RELEASE);
    }
    while (__atomic_load_n(&released, __ATOMIC_ACQUIRE) < n)
        sched_yield();
    worker->own_ns -= clocks_cpu_ns();
    worker->wall_ns -= started_ns;
}

static void stop_clock(struct worker *worker)
{
    worker->wall_ns += clocks_wall_ns();
    worker->own_ns += clocks_cpu_ns();
}

static void work_in_pairs(struct worker *worker)
{
    start_together(worker, 1);
    worker->contender->pairs(worker->number, worker->contender->pair_count);
    stop_clock(worker);
}

/* Fisher and Yates. */
static void shuffle(struct worker *worker)
{
    for (uint64_t i = BULK - 1; i > 0; i--) {
        uint64_t j = random_next(&worker->random) % (i + 1);
        uint64_t frame = worker->frames[i];
        worker->frames[i] = worker->frames[j];
        worker->frames[j] = frame;
    }
}

static void work_in_bulk(struct worker *worker)
{
    start_together(worker, 1);
    for (int i = 0; i < BULK; i++)
        worker->contender->alloc(worker->number, &worker->frames[i]);
    stop_clock(worker);
    if (worker->load == LOAD_RANDOM)
        shuffle(worker);
    start_together(worker, 2);
    for (int i = 0; i < BULK; i++)
        worker->contender->free(worker->number, worker->frames[i]);
    stop_clock(worker);
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    worker->wall_ns = worker->own_ns = 0;
    if (worker->load == LOAD_PAIRS)
        work_in_pairs(worker);
    else
        work_in_bulk(worker);
    return NULL;
}

static struct worker workers[THREADS];

/* Nanoseconds a pair. False if a thread had to wait for a core. */
static bool run_round(const struct contender *contender, enum load load, double *ns)
{
    bool counts = true;
    arrived = released = 0;
    *ns = 0;
    for (int i = 0; i < THREADS; i++) {
        workers[i].number = i;
        workers[i].load = load;
        workers[i].contender = contender;
        must(pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        counts = counts && workers[i].own_ns >= OWN_TIME * workers[i].wall_ns;
        if (workers[i].wall_ns > *ns)
            *ns = workers[i].wall_ns;
    }
    *ns /= load == LOAD_PAIRS ? contender->pair_count : BULK;
    return counts;
}

/* ---- all rounds ------------------------------------------------------------------------------ */

static void print_load(const char *name, enum load load, double limit)
{
    double ns[2][ROUNDS];
    double ratios[ROUNDS];
    double unused;
    size_t rounds = 0;
    char note[100];
    for (int c = 0; c < 2; c++) {
        contenders[c].open();
        run_round(&contenders[c], load, &unused);
    }
    for (int i = 0; i < TRIES && rounds < ROUNDS; i++) {
        bool textbook_counts = run_round(&contenders[0], load, &ns[0][rounds]);
        bool ours_counts = run_round(&contenders[1], load, &ns[1][rounds]);
        ratios[rounds] = ns[1][rounds] / ns[0][rounds];
        rounds += textbook_counts && ours_counts;
    }
    for (int c = 0; c < 2; c++)
        contenders[c].close();
    snprintf(note, sizeof note, "two cores were free in %zu of %d rounds", rounds, ROUNDS);
    if (rounds < ROUNDS) {
        targets_print_skipped(name, limit, note);
        return;
    }
    double textbook_ns = clocks_median(ns[0], ROUNDS);
    snprintf(note, sizeof note, "medians %.1f and %.1f ns a pair", clocks_median(ns[1], ROUNDS),
             textbook_ns);
    targets_print(name, limit, clocks_median(ratios, ROUNDS), "", note);
}

void threads_print_targets(void)
{
    for (int i = 0; i < THREADS; i++) {
        workers[i].random = RANDOM_SEED + (uint64_t)i;
        workers[i].frames = malloc(BULK * sizeof *workers[i].frames);
        must(workers[i].frames);
    }
    print_load("2 threads, pairs, of textbook's", LOAD_PAIRS, 0.05);
    print_load("2 threads, bulk, of textbook's", LOAD_BULK, 0.4);
    print_load("2 threads, random, of textbook's", LOAD_RANDOM, 0.2);
    for (int i = 0; i < THREADS; i++)
        free(workers[i].frames);
}
