# Ashlar. `make run` and `make test` install what is missing and do the rest; `make help` lists the
# targets.
# Everything made goes to build/.

BUILD := build
ELF := $(BUILD)/ashlar.elf
ISO := $(BUILD)/ashlar.iso
BIOS_IMAGE := $(BUILD)/ashlar-bios.img
MAP := $(BUILD)/ashlar.map

.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# Nothing is written outside of build/: python would put what it compiled beside the scripts.
export PYTHONDONTWRITEBYTECODE := 1

# ---- the kernel --------------------------------------------------------------------------------

# Asked for when the first file is compiled, since `make setup` may have to install it first.
CROSS = $(eval CROSS := $$(shell tools/cross.sh))$(CROSS)
NM = $(patsubst %gcc,%nm,$(firstword $(CROSS)))

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror
# The shell's name for this folder, because make would split one with blanks into words.
REPRODUCIBLE := -ffile-prefix-map="$$PWD"=.
CFLAGS := -std=c11 -O2 -g -I. $(WARNINGS) $(REPRODUCIBLE) -MMD -MP
KERNEL_CFLAGS := $(CFLAGS) -ffreestanding -march=i486 -mgeneral-regs-only -fno-omit-frame-pointer \
	-fno-optimize-sibling-calls -freg-struct-return -fno-stack-protector -fno-pic -fno-asynchronous-unwind-tables
KERNEL_LDFLAGS := -static -nostdlib -no-pie -Wl,--build-id=sha1 -Wl,-z,noexecstack \
	-Wl,--no-warn-rwx-segments

# Of mm/, what only other kernels call: see docs/porting.md.
MM_UNUSED := $(patsubst %,mm/%.c,bands front many remove split)
KERNEL_C := $(filter-out $(MM_UNUSED),$(sort $(wildcard boot/*.c mm/*.c kernel/*.c drivers/*.c \
	drivers/video/*.c drivers/videoport/*.c)))
KERNEL_ASM := $(sort $(wildcard boot/*.asm))
KERNEL_OBJECTS := $(KERNEL_ASM:%=$(BUILD)/kernel/%.o) $(KERNEL_C:%=$(BUILD)/kernel/%.o) \
	$(BUILD)/kernel/font.c.o $(BUILD)/kernel/machines.c.o

.PHONY: all
all: $(ELF) ## build the kernel, and say how much room its image has left
	@python3 tools/left.py $(ELF)

# What runs once, at the boot, is compiled to be small.
$(BUILD)/kernel/boot/%: KERNEL_CFLAGS += -Os

$(BUILD)/kernel/%.c.o: %.c Makefile | setup
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CROSS) $(KERNEL_CFLAGS) -c $< -o $@

$(BUILD)/kernel/font.c.o: $(BUILD)/font.c Makefile | setup
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CROSS) $(KERNEL_CFLAGS) -c $< -o $@

$(BUILD)/kernel/machines.c.o: $(BUILD)/machines.c Makefile | setup
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

$(BUILD)/machines.c: tools/machines.py kernel/machines.txt $(wildcard tests/maps/maps/*.e820) | setup
	@mkdir -p $(@D)
	@echo "  MAPS  $@"
	@python3 tools/machines.py kernel/machines.txt tests/maps/maps $@

# Linked twice: the names of the functions are known after the first time. See tools/symbols.py.
$(BUILD)/symbols-none.asm: | setup
	@mkdir -p $(@D)
	@python3 tools/symbols.py < /dev/null > $@

$(BUILD)/symbols-all.asm: $(BUILD)/nameless.elf tools/symbols.py
	@$(NM) -n $< | python3 tools/symbols.py > $@

$(BUILD)/symbols-%.o: $(BUILD)/symbols-%.asm
	@nasm -f elf32 -o $@ $<

$(BUILD)/nameless.elf: $(KERNEL_OBJECTS) $(BUILD)/symbols-none.o linker.ld $(BUILD)/includes.checked
	@$(CROSS) $(KERNEL_LDFLAGS) -T linker.ld $(KERNEL_OBJECTS) $(BUILD)/symbols-none.o -lgcc -o $@

$(ELF): $(BUILD)/nameless.elf $(BUILD)/symbols-all.o
	@echo "  LINK  $@"
	@$(CROSS) $(KERNEL_LDFLAGS) -T linker.ld -Wl,-Map=$(MAP) $(KERNEL_OBJECTS) $(BUILD)/symbols-all.o -lgcc -o $@

# Who may know whom: a folder that includes what it may not fails the build.
$(BUILD)/includes.checked: tools/check_includes.py $(KERNEL_C) \
		$(wildcard $(patsubst %,%/*.h,boot mm kernel drivers drivers/* drivers/*/*)) | setup
	@mkdir -p $(@D)
	@python3 tools/check_includes.py
	@touch $@

-include $(KERNEL_OBJECTS:.o=.d)

# ---- the example -------------------------------------------------------------------------------

# A kernel of its own around mm/, without the pool: see docs/porting.md.
EXAMPLE := $(BUILD)/example.elf
EXAMPLE_OBJECTS := $(BUILD)/kernel/tests/example/boot.asm.o \
	$(patsubst %,$(BUILD)/kernel/%.o,tests/example/kernel.c \
		$(filter-out mm/pool.c $(MM_UNUSED),$(sort $(wildcard mm/*.c))))

.PHONY: example
example: $(EXAMPLE) ## build the smallest kernel that uses mm/

$(EXAMPLE): $(EXAMPLE_OBJECTS) tests/example/linker.ld
	@echo "  LINK  $@"
	@$(CROSS) $(KERNEL_LDFLAGS) -T tests/example/linker.ld \
		$(EXAMPLE_OBJECTS) -lgcc -o $@

-include $(EXAMPLE_OBJECTS:.o=.d)

# ---- drivers for the tests -----------------------------------------------------------------------

# Miniports that know NT's headers alone, in three ways: linked into a kernel, the same for sources
# without annotations, and as binaries for modules.
DRIVERS := kit vesa
DRIVER_ELFS := $(DRIVERS:%=$(BUILD)/%.elf) $(BUILD)/kit-rtd.elf
DRIVER_BINARIES := $(DRIVERS:%=$(BUILD)/drivers/%.sys) $(BUILD)/drivers/kit-packed.sys
DRIVER_CFLAGS := -std=c11 -O2 -ffreestanding -march=i486 -mgeneral-regs-only -fshort-wchar -DDBG=1 -Wall -Wextra \
	-Wno-multichar -Werror -Idrivers/videoport/include $(REPRODUCIBLE)
LINKED_CFLAGS := $(filter-out -W% -I.,$(KERNEL_CFLAGS)) $(DRIVER_CFLAGS)
MINGW := i686-w64-mingw32-

.PHONY: drivers
drivers: $(DRIVER_ELFS) $(DRIVER_BINARIES) ## build the test miniports, linked in and as .sys

$(BUILD)/linked/tests/drivers/%.o: tests/drivers/%.c Makefile | setup
	@mkdir -p $(@D)
	@$(CROSS) $(LINKED_CFLAGS) -c $< -o $@

$(BUILD)/linked/tests/drivers/%-rtd.o: tests/drivers/%.c Makefile | setup
	@mkdir -p $(@D)
	@$(CROSS) $(LINKED_CFLAGS) -mrtd -DNTAPI= -c $< -o $@

$(BUILD)/linked/%-entry.o: tests/drivers/linked.c kernel/drivers.h Makefile | setup
	@mkdir -p $(@D)
	@$(CROSS) $(KERNEL_CFLAGS) -DDRIVER_NAME='"$*"' -c $< -o $@

$(BUILD)/%.elf: $(BUILD)/linked/tests/drivers/%.o $(BUILD)/linked/%-entry.o $(BUILD)/nameless.elf
	@echo "  LINK  $@"
	@$(CROSS) $(KERNEL_LDFLAGS) -T linker.ld $(KERNEL_OBJECTS) $(BUILD)/symbols-none.o \
		$(filter %.o,$^) -lgcc -o $@

$(BUILD)/drivers/%-imports.o: tests/drivers/imports.c drivers/videoport/exports.h \
		$(wildcard drivers/videoport/include/*.h) Makefile | setup
	@mkdir -p $(@D)
	@$(MINGW)gcc -std=c11 -I. -ffreestanding -D$* -c $< -o $@

# An import library's names lose their sizes again: binaries ask for plain ones. dlltool leaves
# temporary files behind.
$(BUILD)/drivers/lib%.a: $(BUILD)/drivers/%-imports.o
	@{ echo 'LIBRARY "$(LIBRARY_NAME_$*)"'; echo EXPORTS; \
		$(MINGW)nm -u $< | sed 's/^ *U _//'; } > $(@:.a=.def)
	@TMPDIR=$(@D) $(MINGW)dlltool -k -d $(@:.a=.def) -l $@

LIBRARY_NAME_VIDEOPRT := VIDEOPRT.SYS
LIBRARY_NAME_NTOSKRNL := ntoskrnl.exe
IMPORT_LIBRARIES := $(BUILD)/drivers/libVIDEOPRT.a $(BUILD)/drivers/libNTOSKRNL.a

DRIVER_LDFLAGS := -nostdlib -s -Wl,--subsystem,native -Wl,--entry,_DriverEntry@8 -Wl,--image-base,0x10000 \
	-Wl,--dynamicbase -Wl,--enable-reloc-section

$(BUILD)/drivers/%.sys: tests/drivers/%.c $(IMPORT_LIBRARIES)
	@echo "  SYS   $@"
	@$(MINGW)gcc $(DRIVER_CFLAGS) $(DRIVER_LDFLAGS) $< $(IMPORT_LIBRARIES) -o $@

# As NT's own linkers packed them: sections 32 bytes apart, in the file and in memory.
$(BUILD)/drivers/%-packed.sys: tests/drivers/%.c $(IMPORT_LIBRARIES)
	@echo "  SYS   $@"
	@$(MINGW)gcc $(DRIVER_CFLAGS) $(DRIVER_LDFLAGS) -Wl,--section-alignment,32 -Wl,--file-alignment,32 $< \
		$(IMPORT_LIBRARIES) -o $@

# ---- a loader for the tests ----------------------------------------------------------------------

LOADER := $(BUILD)/a20_off.elf

$(LOADER): $(BUILD)/kernel/tests/loader/a20_off.asm.o
	@echo "  LINK  $@"
	@$(CROSS) -static -nostdlib -no-pie -Wl,--build-id=none -Wl,-z,noexecstack -Wl,-N -Wl,-Ttext=0x400000 -Wl,-estart $< -o $@

# ---- the images --------------------------------------------------------------------------------

.PHONY: iso image usb
iso: $(ISO) ## build the image that boots from CD and USB, by BIOS and UEFI
image: $(BIOS_IMAGE) ## build the small image for old PCs: floppy, USB, hard disk or CD

$(ISO): $(ELF) iso/grub.cfg tools/make_iso.sh
	@echo "  ISO   $@"
	@tools/make_iso.sh $(ELF) iso/grub.cfg $@

$(BIOS_IMAGE): $(ELF) iso/grub.cfg tools/make_bios_image.py
	@echo "  IMAGE $@"
	@python3 tools/make_bios_image.py $(ELF) iso/grub.cfg $@

usb: $(ISO) $(BIOS_IMAGE) ## say how to write them to a USB stick
	@tools/usb.sh $(ISO) $(BIOS_IMAGE)

# ---- running -----------------------------------------------------------------------------------

.PHONY: run debug gdb
run: $(ELF) ## start the system in QEMU, in a window or in the terminal
	@tools/run.sh $(ELF) $(ARGS)

debug: $(ELF) ## start it and wait for a debugger on port 1234
	@tools/run.sh $(ELF) -s -S $(ARGS)

gdb: $(ELF) ## attach gdb to `make debug`, and stop at kmain
	gdb $(ELF) -ex 'target remote localhost:1234' -ex 'hbreak kmain' -ex continue

# ---- host tests --------------------------------------------------------------------------------

PURE_C := $(sort $(wildcard mm/*.c boot/*.c kernel/view*.c kernel/model*.c drivers/videoport/*.c)) \
	drivers/acpi.c drivers/acpi_sleep.c drivers/acpi_table.c drivers/mouse_protocol.c \
	kernel/command_line.c kernel/cpu_features.c kernel/explain.c kernel/explain_words.c kernel/format.c kernel/line.c kernel/managed.c kernel/map_text.c kernel/map_text_forms.c kernel/module_line.c kernel/mtrr.c kernel/options.c kernel/options_badram.c kernel/parse.c kernel/piece.c kernel/terminal.c \
	kernel/tour_script.c kernel/tour_words.c kernel/wrap.c \
	drivers/video/canvas.c drivers/video/edid.c drivers/video/line_spans.c drivers/video/palette.c drivers/video/pixel_format.c
# The shell and its commands, above tests/fuzz/fake_kernel.c and a console that is none.
SHELL_C := $(sort $(wildcard kernel/commands*.c)) kernel/shell.c kernel/block_line.c tests/fuzz/fake_kernel.c \
	tests/host/fake_console.c
TEST_C := $(sort $(wildcard tests/host/test_*.c))
FUZZ_C := $(sort $(wildcard tests/fuzz/fuzz_*.c))
LONG_NAMES := buddy mm
HOST_CFLAGS := $(filter-out -O2,$(CFLAGS)) -Itests/host -fno-omit-frame-pointer
SANITIZED := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
PLAIN_CFLAGS := $(filter-out -O2 -g $(REPRODUCIBLE),$(CFLAGS)) -Itests/host
HOST_CC ?= gcc
# GCC's stricter check of array bounds, also of arrays at a structure's end.
STRICT = $(if $(findstring clang,$(shell $(HOST_CC) --version)),,-fsanitize=bounds-strict)

host_objects = $(PURE_C:%=$(BUILD)/$(1)/%.o) $(SHELL_C:%=$(BUILD)/$(1)/%.o) $(BUILD)/$(1)/font.c.o \
	$(BUILD)/$(1)/machines.c.o \
	$(BUILD)/$(1)/tests/host/arena.c.o $(BUILD)/$(1)/tests/host/arena_calls.c.o \
	$(BUILD)/$(1)/tests/host/explore.c.o $(BUILD)/$(1)/tests/host/rule.c.o \
	$(BUILD)/$(1)/tests/host/fake_port.c.o
host_tests = $(TEST_C:tests/host/%.c=$(BUILD)/$(1)/%) \
	$(FUZZ_C:tests/fuzz/fuzz_%.c=$(BUILD)/$(1)/replay_%)
long_tests = $(BUILD)/$(1)/exhaustive $(LONG_NAMES:%=$(BUILD)/$(1)/random_%)

# $(1) folder, $(2) compiler and its flags, $(3) libraries
define host_rules
$(BUILD)/$(1)/%.c.o: %.c Makefile | setup
	@mkdir -p $$(@D)
	@$(2) $$(HOST_CFLAGS) -c $$< -o $$@

$(BUILD)/$(1)/font.c.o: $(BUILD)/font.c Makefile | setup
	@mkdir -p $$(@D)
	@$(2) $$(HOST_CFLAGS) -c $$< -o $$@

$(BUILD)/$(1)/machines.c.o: $(BUILD)/machines.c Makefile | setup
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

$(eval $(call host_rules,host64,$$(HOST_CC) $(SANITIZED) $$(STRICT),-lcmocka))
$(eval $(call host_rules,host32,$$(HOST32_CC) $(SANITIZED) $$(STRICT) $$(HOST32_CFLAGS),$$(HOST32_LIBS)))
$(eval $(call host_rules,long,$$(HOST_CC) -O2,))
$(eval $(call host_rules,fuzz,clang $(SANITIZED) -fsanitize=fuzzer-no-link,))

# The same once more without sanitizers: counting what runs, and as quick as it gets.
$(eval $(call host_rules,coverage/host,gcc -O0 --coverage,-lcmocka))
$(eval $(call host_rules,mutants/host,gcc -O2 -g0,-lcmocka))

MAPS ?= tests/maps

.PHONY: test test-host test-threads test-maps test-portable test-docs test-qemu test-machines docs-machines test-fresh
test: setup ## run all tests
	@python3 tools/run_stages.py "$(MAKE) test-host" "$(MAKE) test-maps" \
		"$(MAKE) test-portable" "$(MAKE) test-docs" "$(MAKE) test-labs" "$(MAKE) test-qemu" \
		"$(MAKE) test-machines QUICK=1" "$(MAKE) test-web"

# Fronts with threads, as ThreadSanitizer sees them; it does not go together with the others.
THREADS := $(BUILD)/threads/test_front
THREADS_C := tests/host/test_front.c $(filter-out mm/ledger.c mm/memmap.c mm/mm.c mm/pool.c, \
	$(sort $(wildcard mm/*.c)))

$(THREADS): $(THREADS_C) $(wildcard mm/*.h tests/host/*.h) Makefile | setup
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(HOST_CC) $(PLAIN_CFLAGS) -O1 -g -fsanitize=thread $(THREADS_C) -lcmocka -o $@

test-host: $(call host_tests,host64) $(call host_tests,host32) $(THREADS) ## run the host tests, in 64 and 32 bits
	@python3 tools/run_cmocka.py $^

test-threads: $(THREADS) ## run those with threads only, under ThreadSanitizer
	@python3 tools/run_cmocka.py $^

test-maps: $(BUILD)/host64/check_maps ## hold real firmware maps against what must come out (MAPS=DIR)
	@$< $(MAPS)

test-portable: setup ## compile mm/ for other machines and as C++, and run it big-endian
	@python3 tests/portable/run.py

test-docs: $(ELF) | setup ## check the documents, and replay what the chapters show (RENEW=1: make it so)
	@python3 tests/docs/run.py --elf $(ELF) $(if $(RENEW),--renew)

test-qemu: $(ELF) $(ISO) $(BIOS_IMAGE) $(EXAMPLE) $(DRIVER_ELFS) $(DRIVER_BINARIES) $(LOADER) ## boot all that was built in QEMU and try everything
	@python3 tests/qemu/run.py --elf $(ELF) --iso $(ISO) --image $(BIOS_IMAGE) --example $(EXAMPLE) --drivers $(BUILD)

MACHINES_RUN := python3 tests/machines/run.py --elf $(ELF) --iso $(ISO) --image $(BIOS_IMAGE)

test-machines: $(ELF) $(ISO) $(BIOS_IMAGE) | setup ## boot it on many machines (QUICK=1: some; ONLY=PART: those so named)
	@$(MACHINES_RUN) $(if $(QUICK),--quick) $(ONLY)

test-fresh: setup ## try what a new user types on a minimal Debian, in build/fresh (SUITE=trixie, ONLY=PART)
	@MIRROR="$(MIRROR)" python3 tests/fresh/run.py $(SUITE:%=--suite %) $(if $(ONLY),"$(ONLY)")

docs-machines: $(ELF) $(ISO) $(BIOS_IMAGE) | setup ## the same, and renew the table in docs/machines.md
	@$(MACHINES_RUN) --renew

# ---- labs ------------------------------------------------------------------------------------------

# What is linked to a student's file, or to a solution: on the host and in the kernel.
LAB_PARTS := $(sort $(wildcard tests/labs/*.c tests/labs/runner/*.c))
LAB_KERNEL_PARTS := $(sort $(wildcard tests/labs/kernel/*.c tests/labs/judge.c tests/labs/contract_*.c \
	tests/labs/allocator_*.c))
LAB_JUDGES := $(patsubst tests/labs/grade_%.c,$(BUILD)/labs/judge_%,$(wildcard tests/labs/grade_*.c))
LAB_HOST := $(LAB_PARTS:%=$(BUILD)/host64/%.o) $(BUILD)/host64/libpure.a $(LAB_JUDGES)
LAB_KERNEL := $(LAB_KERNEL_PARTS:%=$(BUILD)/kernel/%.o) $(BUILD)/nameless.elf
LAB_ENVIRONMENT = LAB_HOST_CC="$(HOST_CC) $(SANITIZED) $(STRICT) -std=c11 -g" LAB_HOST_OBJECTS=$(BUILD)/host64 LAB_JUDGES=$(BUILD)/labs \
	LAB_KERNEL_CC="$(CROSS) $(filter-out -W% -MMD -MP -I. $(REPRODUCIBLE),$(KERNEL_CFLAGS))" LAB_KERNEL_OBJECTS=$(BUILD)/kernel \
	LAB_KERNEL_LD="$(CROSS) $(KERNEL_LDFLAGS) -T linker.ld $(KERNEL_OBJECTS) $(BUILD)/symbols-none.o"

# A judge knows the rules of one lab. No student's code is ever in it.
$(BUILD)/labs/judge_%: $(patsubst %,$(BUILD)/host64/tests/labs/%.c.o,grader shrink student watch crash grade_%) \
		$(BUILD)/host64/libpure.a
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(HOST_CC) $(SANITIZED) $(filter %.o,$^) $(filter %.a,$^) -o $@

$(patsubst %,$(BUILD)/labs/judge_%,2 3 4 5): $(BUILD)/labs/judge_%: $(BUILD)/host64/tests/labs/frames.c.o \
	$(BUILD)/host64/tests/labs/judge.c.o $(BUILD)/host64/tests/labs/contract_%.c.o

.PHONY: lab test-labs
# The name of a file that somebody handed in is no command: neither of make's nor of the shell's.
unexport FILE
LAB_FILE = '$(subst ','\'',$(value FILE))'

# That points are missing is no failure of make.
lab: setup $(LAB_HOST) $(LAB_KERNEL) ## grade a lab (LAB=3, FILE=PATH, RUN=1 to try it in the kernel, UNSAFE=1 without a sandbox)
	@$(LAB_ENVIRONMENT) python3 tools/lab.py "$(LAB)" --file $(LAB_FILE) $(if $(RUN),--run) $(if $(UNSAFE),--unsafe) || [ $$? = 1 ]

test-labs: setup $(LAB_HOST) $(LAB_KERNEL) ## see that every lab grades right
	@$(LAB_ENVIRONMENT) python3 tests/labs/run.py $(ONLY)

-include $(LAB_PARTS:%=$(BUILD)/host64/%.d) $(LAB_KERNEL_PARTS:%=$(BUILD)/kernel/%.d)

# ---- the web page ----------------------------------------------------------------------------------

WEB := $(BUILD)/web
WEB_SOURCES := $(wildcard web/* tools/web/*.mjs package-lock.json README.md docs/*.md docs/*.png docs/*/*.md docs/*/*.png docs/*/*/*.md)

.PHONY: web test-web
web: $(WEB)/ashlar.html ## build the system as a web page, into build/web

$(WEB)/ashlar.html: $(ELF) $(WEB_SOURCES) | setup
	@echo "  WEB   $(WEB)"
	@node tools/web/build.mjs $(ELF) $(BUILD)/npm $(WEB)

test-web: $(WEB)/ashlar.html | setup ## try the web page in a browser (ONLY=server, "one file" or failures)
	@node tests/web/run.mjs $(BUILD)/npm $(WEB) $(ELF) $(if $(ONLY),"$(ONLY)")

# ---- long runs -------------------------------------------------------------------------------

TARGET ?= $(FUZZ_C:tests/fuzz/fuzz_%.c=%)

$(BUILD)/fuzz/fuzz_%: $(BUILD)/fuzz/tests/fuzz/fuzz_%.c.o $(BUILD)/fuzz/tests/fuzz/entry.c.o \
		$(BUILD)/fuzz/libpure.a
	@echo "  LINK  $@"
	@clang $(SANITIZED) -fsanitize=fuzzer $(HOST_CFLAGS) $^ -o $@

.PHONY: fuzz fuzz-merge soak soak-kernel
fuzz: $(TARGET:%=$(BUILD)/fuzz/fuzz_%) ## look for inputs that go wrong (SECONDS=60 for each, TARGET=NAME)
	@tools/fuzz.sh $(or $(SECONDS),60) $(TARGET)

fuzz-merge: $(TARGET:%=$(BUILD)/fuzz/fuzz_%) ## keep what `make fuzz` found worth keeping, in tests/fuzz/corpus
	@tools/fuzz.sh merge $(TARGET)

soak: $(call long_tests,long) $(call long_tests,host64) ## random and exhaustive tests, long (SECONDS=3600 in all)
	@tools/soak.sh $(or $(SECONDS),3600)

soak-kernel: $(ELF) ## keep the kernel at work, and see that nothing is lost (SECONDS=3600)
	@python3 tests/long/kernel.py $(ELF) $(or $(SECONDS),3600)

# ---- how good the tests are --------------------------------------------------------------------

host_programs = $(call host_tests,$(1)) $(BUILD)/$(1)/check_maps

.PHONY: coverage mutants
coverage: setup $(call host_programs,coverage/host) ## show what of mm/ the host tests reach
	@python3 tools/coverage.py $(BUILD)/coverage tests/coverage.txt \
		$(call host_tests,coverage/host) "$(BUILD)/coverage/host/check_maps tests/maps"

# FILE="mm/mm.c mm/pool.c" tries the mutants of these files alone, SAMPLE=100 so many of all.
mutants: setup $(call host_programs,mutants/host) $(call host_programs,host64) ## break mm/ here and there, and see if the host tests notice
	@tools/mutants.py --plain "gcc $(PLAIN_CFLAGS) -O2" \
		--sanitized "$(HOST_CC) $(SANITIZED) $(STRICT) -g -fno-omit-frame-pointer $(PLAIN_CFLAGS)" \
		--explained tests/mutants.txt $(if $(SAMPLE),--sample $(SAMPLE)) \
		$(patsubst $(BUILD)/host64/%,--program %,$(call host_tests,host64)) \
		--program "check_maps tests/maps" $(FILE)

.PHONY: planted
planted: setup ## plant a dozen bugs in mm/, and see if the model finds each (SECONDS=10 for each)
	@python3 tools/planted.py $(or $(SECONDS),10)

# ---- the rest ----------------------------------------------------------------------------------

# All of mm/ but what makes sense of a firmware's map, and the pool.
BENCH_MM := $(filter-out mm/memmap.c mm/pool.c,$(wildcard mm/*.c))
BENCH_C := $(filter-out tests/bench/climb.c,$(wildcard tests/bench/*.c)) $(BENCH_MM)
BENCH_WORST_C := $(wildcard tests/bench/worst*.c) \
	$(addprefix tests/bench/,climb.c clocks.c port.c targets.c) $(BENCH_MM)
BENCH_CFLAGS := -std=c11 -O2 -I. $(WARNINGS)
BITS ?= 64
ROUNDS ?= 5

.PHONY: bench bench-worst view lint screenshots setup clean help
bench: $(ELF) $(BUILD)/bench$(BITS) ## measure the allocator against its targets (BITS=32, ROUNDS=N)
	@$(BUILD)/bench$(BITS) $(ROUNDS)
	@python3 tests/bench/guest.py $(ELF)

bench-worst: $(BUILD)/bench-worst ## look at random for a state in which a call is slow (SECONDS=600, SEED=N, or STATE="MACHINE: STEPS")
	@$< $(if $(STATE),state "$(STATE)",search $(or $(SECONDS),600) $(SEED))

BENCH_FILES := $(BENCH_C) $(wildcard tests/bench/*.h mm/*.h)

$(BUILD)/bench64: $(BENCH_FILES) Makefile | setup
	@mkdir -p $(@D)
	@$(HOST_CC) $(BENCH_CFLAGS) $(BENCH_C) -lm -o $@

$(BUILD)/bench-worst: $(BENCH_WORST_C) $(wildcard tests/bench/*.h mm/*.h) Makefile | setup
	@mkdir -p $(@D)
	@$(HOST_CC) $(BENCH_CFLAGS) $(BENCH_WORST_C) -o $@

$(BUILD)/bench32: $(BENCH_FILES) Makefile $(BUILD)/host32/flags.mk
	@$(HOST32_CC) $(BENCH_CFLAGS) $(BENCH_C) $(HOST32_LIBS) -lm -o $@

$(BUILD)/render_view: $(BUILD)/host64/tools/render_view.c.o $(BUILD)/host64/libpure.a
	@$(HOST_CC) $(SANITIZED) $(HOST_CFLAGS) $^ -o $@

MACHINE ?= tests/maps/maps/macbookpro11-1-16g.e820

view: $(BUILD)/render_view ## draw the screen of the machine MACHINE=FILE.e820, into build/view.ppm
	@ASAN_OPTIONS=detect_leaks=0 $< 1024 768 $(MACHINE) $(BUILD)/view.ppm

lint: ## check the sources with clang-format, clang-tidy and cppcheck
	@tools/lint.sh

screenshots: $(ELF) $(WEB)/ashlar.html | setup ## take the documents' pictures anew (ONLY="view zoom", of the kernel's screen)
	@python3 tools/screenshots.py $(ELF) docs/pictures $(ONLY)
	@[ -n "$(ONLY)" ] || node tools/web/screenshots.mjs $(BUILD)/npm $(WEB) docs/pictures

setup: ## install what building and running needs; each target does that for itself
	@tools/setup.sh $(or $(if $(QUICK),$(MAKECMDGOALS:test-machines=quick-machines),$(MAKECMDGOALS)),all) $(if $(filter 32,$(BITS)),bench32)

clean: ## remove everything made
	rm -rf $(BUILD)

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12
