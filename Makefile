# Ashlar. `make run` and `make test` install what is missing and do the rest; `make help` lists the
# targets.
# Everything made goes to build/.

BUILD := build
ELF := $(BUILD)/ashlar.elf
ISO := $(BUILD)/ashlar.iso
MAP := $(BUILD)/ashlar.map

.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# ---- the kernel --------------------------------------------------------------------------------

# Asked for when the first file is compiled, since `make setup` may have to install it first.
CROSS = $(eval CROSS := $$(shell tools/cross.sh))$(CROSS)
NM = $(patsubst %gcc,%nm,$(firstword $(CROSS)))

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror
REPRODUCIBLE := -ffile-prefix-map=$(CURDIR)=.
CFLAGS := -std=c11 -O2 -g -I. $(WARNINGS) $(REPRODUCIBLE) -MMD -MP
KERNEL_CFLAGS := $(CFLAGS) -ffreestanding -march=i486 -mgeneral-regs-only -fno-omit-frame-pointer \
	-fno-optimize-sibling-calls -fno-stack-protector -fno-pic -fno-asynchronous-unwind-tables
KERNEL_LDFLAGS := -static -nostdlib -no-pie -T linker.ld -Wl,--build-id=sha1 -Wl,-z,noexecstack \
	-Wl,--no-warn-rwx-segments

KERNEL_C := $(sort $(wildcard boot/*.c mm/*.c kernel/*.c drivers/*.c drivers/video/*.c \
	drivers/videoport/*.c))
KERNEL_ASM := $(sort $(wildcard boot/*.asm))
KERNEL_OBJECTS := $(KERNEL_ASM:%=$(BUILD)/kernel/%.o) $(KERNEL_C:%=$(BUILD)/kernel/%.o) \
	$(BUILD)/kernel/font.c.o

.PHONY: all
all: $(ELF) ## build the kernel

$(BUILD)/kernel/%.c.o: %.c Makefile | setup
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CROSS) $(KERNEL_CFLAGS) -c $< -o $@

$(BUILD)/kernel/font.c.o: $(BUILD)/font.c Makefile | setup
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CROSS) $(KERNEL_CFLAGS) -c $< -o $@

$(BUILD)/kernel/%.asm.o: %.asm Makefile | setup
	@mkdir -p $(@D)
	@echo "  NASM  $<"
	@nasm -f elf32 -Werror -MD $(@:.o=.d) -MT $@ -o $@ $<

$(BUILD)/font.c: tools/font.py | setup
	@mkdir -p $(@D)
	@echo "  FONT  $@"
	@python3 tools/font.py --output $@

# Linked twice: the names of the functions are known after the first time. See tools/symbols.py.
$(BUILD)/symbols-none.asm:
	@mkdir -p $(@D)
	@python3 tools/symbols.py < /dev/null > $@

$(BUILD)/symbols-all.asm: $(BUILD)/nameless.elf tools/symbols.py
	@$(NM) -n $< | python3 tools/symbols.py > $@

$(BUILD)/symbols-%.o: $(BUILD)/symbols-%.asm
	@nasm -f elf32 -o $@ $<

$(BUILD)/nameless.elf: $(KERNEL_OBJECTS) $(BUILD)/symbols-none.o linker.ld $(BUILD)/includes.checked
	@$(CROSS) $(KERNEL_LDFLAGS) $(KERNEL_OBJECTS) $(BUILD)/symbols-none.o -lgcc -o $@

$(ELF): $(BUILD)/nameless.elf $(BUILD)/symbols-all.o
	@echo "  LINK  $@"
	@$(CROSS) $(KERNEL_LDFLAGS) -Wl,-Map=$(MAP) $(KERNEL_OBJECTS) $(BUILD)/symbols-all.o -lgcc -o $@

# Who may know whom: a folder that includes what it may not fails the build.
$(BUILD)/includes.checked: tools/check_includes.py $(KERNEL_C) \
		$(wildcard */*.h */*/*.h */*/*/*.h) | setup
	@mkdir -p $(@D)
	@python3 tools/check_includes.py
	@touch $@

-include $(KERNEL_OBJECTS:.o=.d)

# ---- the image ---------------------------------------------------------------------------------

.PHONY: iso usb
iso: $(ISO) ## build the image that boots from CD and USB

$(ISO): $(ELF) iso/grub.cfg tools/make_iso.sh
	@echo "  ISO   $@"
	@tools/make_iso.sh $(ELF) iso/grub.cfg $@

usb: $(ISO) ## say how to write the image to a USB stick
	@echo "Find the stick's device with lsblk, unmount it, and write the image over all that is on it:"
	@echo "  sudo dd if=$(ISO) of=/dev/DEVICE bs=4M conv=fsync status=progress"

# ---- running -----------------------------------------------------------------------------------

.PHONY: run debug gdb
run: $(ELF) ## start the system in QEMU, in a window or in the terminal
	@tools/run.sh $(ELF) $(ARGS)

debug: $(ELF) ## start it and wait for a debugger on port 1234
	@tools/run.sh $(ELF) -s -S $(ARGS)

gdb: $(ELF) ## attach gdb to `make debug`, and stop at kmain
	gdb $(ELF) -ex 'target remote localhost:1234' -ex 'hbreak kmain' -ex continue

# ---- host tests --------------------------------------------------------------------------------

PURE_C := $(sort $(wildcard mm/*.c boot/*.c kernel/view*.c drivers/videoport/*.c)) kernel/format.c \
	kernel/line.c kernel/options.c kernel/parse.c kernel/terminal.c drivers/video/canvas.c
TEST_C := $(sort $(wildcard tests/host/test_*.c))
PLAIN_CFLAGS := $(filter-out -O2 -g,$(CFLAGS)) -Itests/host
HOST_CFLAGS := $(filter-out -O2,$(CFLAGS)) -O1 -Itests/host -fno-omit-frame-pointer \
	-fsanitize=address,undefined -fno-sanitize-recover=all
HOST_CC ?= gcc

host_objects = $(PURE_C:%=$(BUILD)/$(1)/%.o) $(BUILD)/$(1)/font.c.o \
	$(BUILD)/$(1)/tests/host/fake_port.c.o
host_tests = $(TEST_C:tests/host/%.c=$(BUILD)/$(1)/%)

# $(1) folder, $(2) compiler and its flags, $(3) libraries
define host_rules
$(BUILD)/$(1)/%.c.o: %.c Makefile | setup-test
	@mkdir -p $$(@D)
	@$(2) $$(HOST_CFLAGS) -c $$< -o $$@

$(BUILD)/$(1)/font.c.o: $(BUILD)/font.c Makefile | setup-test
	@mkdir -p $$(@D)
	@$(2) $$(HOST_CFLAGS) -c $$< -o $$@

$(BUILD)/$(1)/libpure.a: $(call host_objects,$(1))
	@rm -f $$@
	@ar rcs $$@ $$^

$(BUILD)/$(1)/test_%: $(BUILD)/$(1)/tests/host/test_%.c.o $(BUILD)/$(1)/libpure.a
	@echo "  LINK  $$@"
	@$(2) $$(HOST_CFLAGS) $$^ $(3) -o $$@

$(BUILD)/$(1)/check_maps: $(BUILD)/$(1)/tests/host/check_maps.c.o $(BUILD)/$(1)/libpure.a
	@$(2) $$(HOST_CFLAGS) $$^ -o $$@

.SECONDARY: $(TEST_C:%=$(BUILD)/$(1)/%.o)
-include $(patsubst %.o,%.d,$(call host_objects,$(1))) $(TEST_C:%=$(BUILD)/$(1)/%.d) $(BUILD)/$(1)/tests/host/check_maps.c.d
endef

$(BUILD)/host32/flags.mk: tools/host32.sh tools/cross.sh | setup-test
	@tools/host32.sh
	@touch $@

ifneq ($(filter test-host $(BUILD)/host32/%,$(MAKECMDGOALS)),)
-include $(BUILD)/host32/flags.mk
endif

$(eval $(call host_rules,host64,$$(HOST_CC),-lcmocka))
$(eval $(call host_rules,host32,$$(HOST32_CC) $$(HOST32_CFLAGS),$$(HOST32_LIBS)))

# The same once more without sanitizers: counting what runs, and as quick as it gets.
$(BUILD)/coverage/%: HOST_CFLAGS := $(PLAIN_CFLAGS) -O0 --coverage
$(BUILD)/mutants/%: HOST_CFLAGS := $(PLAIN_CFLAGS) -O2
$(eval $(call host_rules,coverage/host,gcc,-lcmocka))
$(eval $(call host_rules,mutants/host,gcc,-lcmocka))

MAPS ?= tests/maps

.PHONY: test test-host test-maps test-qemu
test: setup-test ## run all tests
	@python3 tools/run_stages.py "$(MAKE) test-host" "$(MAKE) test-maps" "$(MAKE) test-qemu"

test-host: $(call host_tests,host64) $(call host_tests,host32) ## run the host tests, in 64 and 32 bits
	@python3 tools/run_cmocka.py $^

test-maps: $(BUILD)/host64/check_maps ## hold real firmware maps against what must come out (MAPS=DIR)
	@$< $(MAPS)

test-qemu: $(ELF) $(ISO) ## boot the kernel and the image in QEMU and try everything
	@python3 tests/qemu/run.py --elf $(ELF) --iso $(ISO)

# ---- how good the tests are --------------------------------------------------------------------

host_programs = $(call host_tests,$(1)) $(BUILD)/$(1)/check_maps

.PHONY: coverage mutants setup-coverage setup-mutants
coverage: setup-coverage $(call host_programs,coverage/host) ## show what of mm/ the host tests reach
	@python3 tools/coverage.py $(BUILD)/coverage tests/coverage.txt \
		$(call host_tests,coverage/host) "$(BUILD)/coverage/host/check_maps tests/maps"

# FILE="mm/mm.c mm/pool.c" tries the mutants of these files alone, SAMPLE=100 so many of all.
mutants: setup-mutants $(call host_programs,mutants/host) $(call host_programs,host64) ## break mm/ here and there, and see if the host tests notice
	@tools/mutants.py --plain "gcc $(PLAIN_CFLAGS) -O2" --sanitized "$(HOST_CC) $(HOST_CFLAGS)" \
		--explained tests/mutants.txt $(if $(SAMPLE),--sample $(SAMPLE)) \
		$(patsubst tests/host/%.c,--program %,$(TEST_C)) --program "check_maps tests/maps" $(FILE)

setup-coverage:
	@tools/setup.sh coverage

setup-mutants:
	@tools/setup.sh mutants

# ---- the rest ----------------------------------------------------------------------------------

BENCH_C := $(wildcard tests/bench/*.c) mm/buddy.c mm/quick.c mm/span.c

.PHONY: bench view lint screenshot setup setup-test clean help
bench: $(ELF) $(BUILD)/bench ## measure the allocator against others, and count its instructions
	@$(BUILD)/bench 5
	@timeout 300 qemu-system-i386 -kernel $(ELF) -m 1G -icount shift=0 -display none -serial stdio \
		-device isa-debug-exit,iobase=0xf4,iosize=4 -append 'console=serial run=bench;exit' \
		| grep ^bench

$(BUILD)/bench: $(BENCH_C) $(wildcard tests/bench/*.h mm/*.h) Makefile | setup-test
	@mkdir -p $(@D)
	@$(HOST_CC) -std=c11 -O2 -I. $(WARNINGS) $(BENCH_C) -lm -o $@

$(BUILD)/render_view: $(BUILD)/host64/tools/render_view.c.o $(BUILD)/host64/libpure.a
	@$(HOST_CC) $(HOST_CFLAGS) $^ -o $@

MACHINE ?= tests/maps/maps/macbookpro11-1-16g.e820

view: $(BUILD)/render_view ## draw the screen of the machine MACHINE=FILE.e820, into build/view.ppm
	@ASAN_OPTIONS=detect_leaks=0 $< 1024 768 $(MACHINE) $(BUILD)/view.ppm

lint: ## check the sources with clang-format, clang-tidy and cppcheck
	@tools/lint.sh

screenshot: $(ELF) ## take the README's picture anew, into build/
	@python3 tools/screenshot.py $(ELF) $(BUILD)/screenshot.png

setup: ## install what building and running needs
	@tools/setup.sh build

setup-test:
	@tools/setup.sh all

clean: ## remove everything made
	rm -rf $(BUILD)

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12
