# Programs for this machine: host tests, fuzzers, long runs; each in a folder of its own flags.

# What knows no device, and is compiled into the host tests as it is.
PURE_C := $(sort $(wildcard mm/*.c boot/*.c kernel/lib/*.c kernel/cpu/cpu_features.c kernel/cpu/mtrr.c kernel/memory/managed.c kernel/past/past.c kernel/bios/extended.c \
	kernel/machine/map_text*.c kernel/view/*.c kernel/stage/*.c kernel/quiz/quiz_*.c kernel/log/scrollback.c kernel/screen/scroll.c kernel/screen/terminal.c kernel/check/model*.c kernel/show/tour_script.c kernel/show/tour_words.c \
	drivers/pc/mouse_protocol.c drivers/acpi/acpi*.c drivers/video/canvas/*.c drivers/video/adapter/*.c drivers/videoport/*/*.c))
# The shell, its commands and the console, above tests/fuzz/fake_kernel.c and a serial line that is an array.
SHELL_C := $(sort $(wildcard kernel/commands/*.c)) kernel/shell/shell.c kernel/memory/block_line.c kernel/log/console.c \
	tests/fuzz/fake_kernel.c tests/host/fake_console.c
TEST_C := $(sort $(wildcard tests/host/test_*.c))
FUZZ_C := $(sort $(wildcard tests/fuzz/fuzz_*.c))
LONG_NAMES := buddy mm

host_objects = $(PURE_C:%=$(BUILD)/$(1)/%.o) $(SHELL_C:%=$(BUILD)/$(1)/%.o) $(GENERATED:%=$(BUILD)/$(1)/%.o) \
	$(BUILD)/$(1)/tests/host/arena.c.o $(BUILD)/$(1)/tests/host/arena_calls.c.o \
	$(BUILD)/$(1)/tests/host/arena_fronts.c.o \
	$(BUILD)/$(1)/tests/host/explore.c.o $(BUILD)/$(1)/tests/host/rule.c.o \
	$(BUILD)/$(1)/tests/host/fake_port.c.o
host_tests = $(TEST_C:tests/host/%.c=$(BUILD)/$(1)/%) \
	$(FUZZ_C:tests/fuzz/fuzz_%.c=$(BUILD)/$(1)/replay_%)
long_tests = $(BUILD)/$(1)/exhaustive $(LONG_NAMES:%=$(BUILD)/$(1)/random_%)

# $(1) folder, $(2) compiler and its flags, $(3) libraries
define host_rules
$(BUILD)/$(1)/%.c.o: %.c $$(FLAGS) | setup
	@mkdir -p $$(@D)
	@$(2) $$(HOST_CFLAGS) -c $$< -o $$@

$(GENERATED:%=$(BUILD)/$(1)/%.o): $(BUILD)/$(1)/%.o: $(BUILD)/% $$(FLAGS) | setup
	@mkdir -p $$(@D)
	@$(2) $$(HOST_CFLAGS) -c $$< -o $$@

$(BUILD)/$(1)/libpure.a: $(call host_objects,$(1))
	@rm -f $$@
	@ar rcs $$@ $$^

$(BUILD)/$(1)/test_%: $(BUILD)/$(1)/tests/host/test_%.c.o $(BUILD)/$(1)/libpure.a
	@echo "  LINK  $$@"
	@$(2) $$(HOST_CFLAGS) $$^ $(3) -o $$@

$(BUILD)/$(1)/replay_%: $(BUILD)/$(1)/tests/fuzz/fuzz_%.c.o $(BUILD)/$(1)/tests/fuzz/replay.c.o \
		$(BUILD)/$(1)/libpure.a
	@echo "  LINK  $$@"
	@$(2) $$(HOST_CFLAGS) $$^ $(3) -o $$@

$(BUILD)/$(1)/random_%: $(BUILD)/$(1)/tests/fuzz/fuzz_%.c.o $(BUILD)/$(1)/tests/long/random.c.o \
		$(BUILD)/$(1)/libpure.a
	@echo "  LINK  $$@"
	@$(2) $$(HOST_CFLAGS) $$^ $(3) -o $$@

$(BUILD)/$(1)/exhaustive: $(BUILD)/$(1)/tests/long/exhaustive.c.o $(BUILD)/$(1)/libpure.a
	@echo "  LINK  $$@"
	@$(2) $$(HOST_CFLAGS) $$^ $(3) -o $$@

$(BUILD)/$(1)/check_maps: $(BUILD)/$(1)/tests/host/check_maps.c.o $(BUILD)/$(1)/libpure.a
	@$(2) $$(HOST_CFLAGS) $$^ -o $$@

.SECONDARY: $(patsubst %,$(BUILD)/$(1)/%.o,$(TEST_C) $(wildcard tests/fuzz/*.c tests/long/*.c))
-include $(patsubst %.o,%.d,$(call host_objects,$(1))) $(patsubst %,$(BUILD)/$(1)/%.d,$(TEST_C) \
	tests/host/check_maps.c $(wildcard tests/fuzz/*.c tests/long/*.c))
endef

$(BUILD)/host32/flags.mk: tools/host32.sh tools/cross.sh | setup
	@tools/host32.sh
	@touch $@

HOST32_GOALS := test-host $(BUILD)/host32/% $(BUILD)/bench32 $(if $(filter 32,$(BITS)),bench)

ifneq ($(filter $(HOST32_GOALS),$(MAKECMDGOALS)),)
include $(BUILD)/host32/flags.mk
endif

$(eval $(call host_rules,host64,$$(HOST_CC) $(SANITIZED) $$(STRICT) $(COSTLY),-lcmocka -lm))
$(eval $(call host_rules,host32,$$(HOST32_CC) $(SANITIZED) $$(STRICT) $(COSTLY) $$(HOST32_CFLAGS),$$(HOST32_LIBS) -lm))
$(eval $(call host_rules,long,$$(HOST_CC) -O2 $(COSTLY),))
$(eval $(call host_rules,fuzz,clang $(SANITIZED) $(COSTLY) -fsanitize=fuzzer-no-link,))

# The same once more without sanitizers and costly assertions: counting what runs, and as quick as it gets.
$(eval $(call host_rules,coverage/host,gcc -O0 --coverage,-lcmocka -lm))
$(eval $(call host_rules,mutants/host,gcc -O2 -g0,-lcmocka -lm))
$(eval $(call host_rules,mutants/reach,gcc -O0 --coverage $(COSTLY),-lcmocka -lm))

# Fronts with threads, as ThreadSanitizer sees them; it does not go together with the others.
THREADS := $(BUILD)/threads/test_front
THREADS_C := tests/host/test_front.c kernel/check/model.c $(filter-out mm/ledger% mm/memmap.c mm/mm.c mm/pool.c, \
	$(sort $(wildcard mm/*.c)))

$(THREADS): $(THREADS_C) $(wildcard mm/*.h tests/host/*.h) $(FLAGS) | setup
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(HOST_CC) $(PLAIN_CFLAGS) -O1 -g -fsanitize=thread $(THREADS_C) -lcmocka -o $@

# ---- fuzzers ---------------------------------------------------------------------------------

TARGET ?= $(FUZZ_C:tests/fuzz/fuzz_%.c=%)

$(BUILD)/fuzz/fuzz_%: $(BUILD)/fuzz/tests/fuzz/fuzz_%.c.o $(BUILD)/fuzz/tests/fuzz/entry.c.o \
		$(BUILD)/fuzz/libpure.a
	@echo "  LINK  $@"
	@clang $(SANITIZED) -fsanitize=fuzzer $(HOST_CFLAGS) $^ -o $@

# ---- all that the host tests are -------------------------------------------------------------

host_programs = $(call host_tests,$(1)) $(BUILD)/$(1)/check_maps

$(BUILD)/render_view: $(BUILD)/host64/tools/render_view.c.o $(BUILD)/host64/libpure.a
	@$(HOST_CC) $(SANITIZED) $(HOST_CFLAGS) $^ -o $@
