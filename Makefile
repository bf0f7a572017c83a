# Ashlar. `make run` and `make test` install what is missing and do the rest; `make help` lists the
# targets. Everything made goes to build/. How things are made stands in tools/make/.

BUILD := build

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# Nothing is written outside of build/: python would put what it compiled beside the scripts.
export PYTHONDONTWRITEBYTECODE := 1

include $(patsubst %,tools/make/%.mk,flags kernel drivers host labs web bench)

# ---- building ----------------------------------------------------------------------------------

.PHONY: all example drivers iso image usb web dist view compile_commands.json
all: $(ELF) ## build the kernel, and say how much room its image has left
	@python3 tools/left.py $(ELF)

example: $(EXAMPLE) ## build the smallest kernel that uses mm/
drivers: $(DRIVER_ELFS) $(DRIVER_BINARIES) ## build the test miniports, linked in and as .sys
iso: $(ISO) ## build the image that boots from CD and USB, by BIOS and UEFI
image: $(BIOS_IMAGE) ## build the small image for old PCs: floppy, USB, hard disk or CD
web: $(WEB)/ashlar.html ## build the system as a web page, into build/web

dist: $(ELF) $(ISO) $(BIOS_IMAGE) $(WEB)/ashlar.html ## put a release into build/dist: images, page, mm/, sums
	@python3 tools/dist.py "$(VERSION)" $(BUILD)/dist $^

usb: $(ISO) $(BIOS_IMAGE) ## say how to write them to a USB stick
	@tools/usb.sh $(ISO) $(BIOS_IMAGE)

MACHINE ?= tests/maps/maps/macbookpro11-1-16g.e820

view: $(BUILD)/render_view ## draw the screen of the machine MACHINE=FILE.e820, into build/view.ppm
	@ASAN_OPTIONS=detect_leaks=0 $< 1024 768 $(MACHINE) $(BUILD)/view.ppm

compile_commands.json: setup ## tell editors how each file is compiled, in build/
	@python3 tools/compile_commands.py $(BUILD)/$@ \
		"$(CROSS) $(KERNEL_CFLAGS)" $(KERNEL_C) $(MM_UNUSED) tests/example/kernel.c $(LAB_KERNEL_PARTS) \
		-- "$(CROSS) $(LINKED_CFLAGS)" $(DRIVERS:%=tests/drivers/%.c) \
		-- "$(CROSS) $(KERNEL_CFLAGS) -DDRIVER_NAME='\"\"'" tests/drivers/linked.c \
		-- "$(HOST_CC) $(BENCH_CFLAGS)" $(wildcard tests/bench/*.c) \
		$(foreach lab,$(LABS),-- "$(HOST_CC) -std=c11 -I. -I$(lab)" $(call lab_files,$(lab))) \
		-- "$(HOST_CC) $(HOST_CFLAGS)" tools/render_view.c \
		$(wildcard $(patsubst %,tests/%/*.c,host fuzz long portable labs labs/runner))

# ---- running -----------------------------------------------------------------------------------

.PHONY: run debug gdb
run: $(ELF) ## start the system in QEMU, in a window or in the terminal
	@tools/run.sh $(ELF) $(ARGS)

debug: $(ELF) ## start it and wait for a debugger on port 1234
	@tools/run.sh $(ELF) -s -S $(ARGS)

gdb: $(ELF) ## attach gdb to `make debug`, and stop at kmain
	gdb $(ELF) -ex 'target remote localhost:1234' -ex 'hbreak kmain' -ex continue

# ---- testing -----------------------------------------------------------------------------------

.PHONY: test test-host test-threads test-maps test-portable test-docs test-labs test-qemu test-machines \
	docs-machines test-fresh test-web test-dist check-tag
JOBS = $(shell nproc)

test: setup ## run all tests
	@python3 tools/run_stages.py $(patsubst %,"$(MAKE) -j$(JOBS) test-%",host maps portable docs labs qemu) \
		"$(MAKE) test-machines QUICK=1" "$(MAKE) test-web"

test-host: $(call host_tests,host64) $(call host_tests,host32) $(THREADS) ## run the host tests, in 64 and 32 bits
	@python3 tools/run_cmocka.py $^

test-threads: $(THREADS) ## run those with threads only, under ThreadSanitizer
	@python3 tools/run_cmocka.py $^

MAPS ?= tests/maps

test-maps: $(BUILD)/host64/check_maps ## hold real firmware maps against what must come out (MAPS=DIR)
	@$< $(MAPS)

test-portable: setup ## compile mm/ for other machines and as C++, and run it big-endian
	@python3 tests/portable/run.py

test-docs: $(ELF) | setup ## check the documents, and replay what the chapters show (RENEW=1: make it so)
	@python3 tests/docs/run.py --elf $(ELF) $(if $(RENEW),--renew)

test-labs: setup $(LAB_HOST) $(LAB_KERNEL) ## see that every lab grades right
	@$(LAB_ENVIRONMENT) python3 tests/labs/run.py $(ONLY)

test-qemu: $(ELF) $(ISO) $(BIOS_IMAGE) $(EXAMPLE) $(DRIVER_ELFS) $(DRIVER_BINARIES) $(LOADER) ## boot all that was built in QEMU and try everything
	@python3 tests/qemu/run.py --elf $(ELF) --iso $(ISO) --image $(BIOS_IMAGE) --example $(EXAMPLE) --drivers $(BUILD)

MACHINES_RUN := python3 tests/machines/run.py --elf $(ELF) --iso $(ISO) --image $(BIOS_IMAGE)

test-machines: $(ELF) $(ISO) $(BIOS_IMAGE) | setup ## boot it on many machines (QUICK=1: some; ONLY=PART: those so named)
	@$(MACHINES_RUN) $(if $(QUICK),--quick) $(ONLY)

docs-machines: $(ELF) $(ISO) $(BIOS_IMAGE) | setup ## the same, and renew the table in docs/machines.md
	@$(MACHINES_RUN) --renew

test-fresh: setup ## try what a new user types on a minimal Debian, in build/fresh (SUITE=trixie, ONLY=PART)
	@MIRROR="$(MIRROR)" python3 tests/fresh/run.py $(SUITE:%=--suite %) $(if $(ONLY),"$(ONLY)")

test-web: $(WEB)/ashlar.html | setup ## try the web page in a browser (ONLY=server, "one file" or failures)
	@node tests/web/run.mjs $(BUILD)/npm $(WEB) $(ELF) $(if $(ONLY),"$(ONLY)")

test-dist: setup ## make the release in two folders, and see that it has the same bits
	@python3 tests/dist/run.py $(BUILD)/release

check-tag: ## see that TAG=v... names the version in VERSION, before a release
	@[ "$$TAG" = "v$(VERSION)" ] || { echo "check-tag: the tag is \"$$TAG\", VERSION says $(VERSION)" >&2; exit 1; }

# ---- long runs, and how good the tests are -------------------------------------------------------

.PHONY: fuzz fuzz-merge soak soak-kernel coverage mutants planted
fuzz: $(TARGET:%=$(BUILD)/fuzz/fuzz_%) ## look for inputs that go wrong (SECONDS=60 for each, TARGET=NAME)
	@tools/fuzz.sh $(or $(SECONDS),60) $(TARGET)

fuzz-merge: $(TARGET:%=$(BUILD)/fuzz/fuzz_%) ## keep what `make fuzz` found worth keeping, in tests/fuzz/corpus
	@tools/fuzz.sh merge $(TARGET)

soak: $(call long_tests,long) $(call long_tests,host64) ## random and exhaustive tests, long (SECONDS=3600 in all)
	@tools/soak.sh $(or $(SECONDS),3600)

soak-kernel: $(ELF) ## keep the kernel at work, and see that nothing is lost (SECONDS=3600)
	@python3 tests/long/kernel.py $(ELF) $(or $(SECONDS),3600)

coverage: setup $(call host_programs,coverage/host) ## show what of mm/ the host tests reach
	@python3 tools/coverage.py $(BUILD)/coverage tests/coverage.txt \
		$(call host_tests,coverage/host) "$(BUILD)/coverage/host/check_maps tests/maps"

# FILE="mm/mm.c mm/pool.c" tries only the mutants of these files, SAMPLE=100 so many of all.
mutants: setup $(call host_programs,mutants/host) $(call host_programs,host64) ## break mm/ here and there, and see if the host tests notice
	@tools/mutants.py --plain "gcc $(PLAIN_CFLAGS) -O2" \
		--sanitized "$(HOST_CC) $(SANITIZED) $(STRICT) -g -fno-omit-frame-pointer $(PLAIN_CFLAGS)" \
		--explained tests/mutants.txt $(if $(SAMPLE),--sample $(SAMPLE)) \
		$(patsubst $(BUILD)/host64/%,--program %,$(call host_tests,host64)) \
		--program "check_maps tests/maps" $(FILE)

planted: setup ## plant a dozen bugs in mm/, and see if the model finds each (SECONDS=10 for each)
	@python3 tools/planted.py $(or $(SECONDS),10)

# ---- the rest ----------------------------------------------------------------------------------

.PHONY: lab bench bench-worst lint screenshots setup clean help
# That points are missing is no failure of make.
lab: setup $(LAB_HOST) $(LAB_KERNEL) ## grade a lab (LAB=3, FILE=PATH, RUN=1 to try it in the kernel, UNSAFE=1 without a sandbox)
	@$(LAB_ENVIRONMENT) python3 tools/lab.py "$(LAB)" --file $(LAB_FILE) $(if $(RUN),--run) $(if $(UNSAFE),--unsafe) || [ $$? = 1 ]

bench: $(ELF) $(BUILD)/bench$(BITS) ## measure the allocator against its targets (BITS=32, ROUNDS=N)
	@$(BUILD)/bench$(BITS) $(ROUNDS)
	@python3 tests/bench/guest.py $(ELF)

bench-worst: $(BUILD)/bench-worst ## look at random for a state in which a call is slow (SECONDS=600, SEED=N, or STATE="MACHINE: STEPS")
	@$< $(if $(STATE),state "$(STATE)",search $(or $(SECONDS),600) $(SEED))

lint: compile_commands.json ## check the sources with clang-format, clang-tidy and cppcheck
	@tools/lint.sh

screenshots: $(ELF) $(WEB)/ashlar.html | setup ## take the documents' pictures anew (ONLY="view zoom", of the kernel's screen)
	@python3 tools/screenshots.py $(ELF) docs/pictures $(ONLY)
	@[ -n "$(ONLY)" ] || node tools/web/screenshots.mjs $(BUILD)/npm $(WEB) docs/pictures

setup: ## install what building and running needs; each target does that for itself
	@tools/setup.sh $(or $(if $(QUICK),$(MAKECMDGOALS:test-machines=quick-machines),$(MAKECMDGOALS)),all) $(if $(filter 32,$(BITS)),bench32)

clean: ## remove everything made
	rm -rf $(BUILD)

help: ## list the targets
	@grep -hE '^[a-z_.-]+:.*## ' Makefile | sed -E 's/^([a-z_.-]+):.*## /\1\t/' | expand -t 12
