# The benchmarks: the allocator beside a textbook's, and the search for slow calls.

# All of mm/ but what makes sense of a firmware's map, and the pool.
BENCH_MM := $(filter-out mm/memmap.c mm/pool.c,$(wildcard mm/*.c))
BENCH_C := $(filter-out tests/bench/climb.c,$(wildcard tests/bench/*.c)) $(BENCH_MM)
BENCH_WORST_C := $(wildcard tests/bench/worst*.c) \
	$(addprefix tests/bench/,climb.c clocks.c port.c targets.c) $(BENCH_MM)
BITS ?= 64
ROUNDS ?= 5

BENCH_FILES := $(BENCH_C) $(wildcard tests/bench/*.h mm/*.h)

$(BUILD)/bench64: $(BENCH_FILES) $(FLAGS) | setup
	@mkdir -p $(@D)
	@$(HOST_CC) $(BENCH_CFLAGS) $(BENCH_C) -lm -o $@

$(BUILD)/bench-worst: $(BENCH_WORST_C) $(wildcard tests/bench/*.h mm/*.h) $(FLAGS) | setup
	@mkdir -p $(@D)
	@$(HOST_CC) $(BENCH_CFLAGS) $(BENCH_WORST_C) -o $@

$(BUILD)/bench32: $(BENCH_FILES) $(FLAGS) $(BUILD)/host32/flags.mk
	@$(HOST32_CC) $(BENCH_CFLAGS) $(BENCH_C) $(HOST32_LIBS) -lm -o $@
