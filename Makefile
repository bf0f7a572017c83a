# Ashlar. `make run` and `make test` install what is missing and do the rest; `make help` lists the
# targets. Everything made goes to build/. tools/make/ says how things are made; upkeep.mk there has
# the targets for those who work on Ashlar.

BUILD := build

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# Nothing is written outside of build/: python would put what it compiled beside the scripts.
export PYTHONDONTWRITEBYTECODE := 1

include $(patsubst %,tools/make/%.mk,flags kernel drivers host labs web bench upkeep editors prove)

# ---- building ----------------------------------------------------------------------------------

.PHONY: all example drivers driver iso image usb web dist view compile_commands.json
all: $(ELF) ## build the kernel, and say how much room its image has left
	@python3 tools/left.py $(ELF)

example: $(EXAMPLE) ## build the smallest kernel that uses mm/
drivers: $(DRIVER_ELFS) $(DRIVER_BINARIES) ## build the test miniports, linked in and as .sys

driver: $(PLAIN_LIBRARIES) | setup ## build a driver of your own: NAME=foo SOURCES="a.c b.c" (INCLUDE=DIR, DEFINES="A B=1")
	@$(BUILD_DRIVER)

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
	@python3 tools/compile_commands.py $(BUILD)/$@ $(HOW_COMPILED)

# ---- running -----------------------------------------------------------------------------------

.PHONY: run run-driver debug gdb
run: $(ELF) ## start the system in QEMU, in a window or in the terminal (MEMORY=1G: with so much memory)
	@tools/run.sh $(ELF) $(ARGS)

run-driver: $(ELF) | $(filter driver,$(MAKECMDGOALS)) ## start it with the driver build/drivers/NAME.sys (NAME=foo)
	@sys=$(BUILD)/drivers/$(NAME).sys; [ -e "$$sys" ] || sys=$(BUILD)/drivers/$(NAME).SYS; \
		tools/run.sh $(ELF) -initrd "$$sys" $(ARGS)

debug: $(ELF) ## start it and wait for a debugger on port 1234
	@tools/run.sh $(ELF) -s -S $(ARGS)

gdb: $(ELF) ## attach gdb to `make debug`, and stop at kmain
	gdb $(ELF) -ex 'target remote localhost:1234' -ex 'hbreak kmain' -ex continue

# ---- testing -----------------------------------------------------------------------------------

.PHONY: test test-host test-threads test-maps test-portable test-docs test-labs test-qemu test-machines \
	test-fresh test-web test-dist
JOBS = $(shell nproc)

test: setup ## run all tests
	@python3 tools/run_stages.py $(patsubst %,"$(MAKE) -j$(JOBS) test-%",host maps portable docs labs proof qemu) \
		"$(MAKE) test-machines QUICK=1" "$(MAKE) test-web"

test-host: $(call host_tests,host64) $(call host_tests,host32) $(THREADS) ## run the host tests, in 64 and 32 bits
	@python3 tools/run_cmocka.py $^

test-threads: $(THREADS) ## run those with threads only, under ThreadSanitizer
	@python3 tools/run_cmocka.py $^

MAPS ?= tests/maps

test-maps: $(BUILD)/host64/check_maps ## hold real firmware maps against what must come out (MAPS=DIR)
	@$< $(MAPS)

test-portable: setup ## compile mm/ for other machines and as C++, run it big-endian, and compile NT's sources
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

test-fresh: setup ## try what a new user types on a minimal Debian, in build/fresh (SUITE=trixie, ONLY=PART)
	@MIRROR="$(MIRROR)" python3 tests/fresh/run.py $(SUITE:%=--suite %) $(if $(ONLY),"$(ONLY)")

test-web: $(WEB)/ashlar.html | setup ## try the web page in a browser (ONLY=firefox, server, "one file" or failures)
	@node tests/web/run.mjs $(BUILD)/npm $(WEB) $(ELF) $(if $(ONLY),"$(ONLY)")

test-dist: setup ## make the release in two folders, and see that it has the same bits
	@python3 tests/dist/run.py $(BUILD)/release

# ---- the rest ----------------------------------------------------------------------------------

.PHONY: lab bench bench-worst lint setup clean help
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

setup: ## install what building and running needs; each target does that for itself
	@tools/setup.sh $(or $(if $(QUICK),$(MAKECMDGOALS:test-machines=quick-machines),$(MAKECMDGOALS)),all) $(if $(filter 32,$(BITS)),bench32) \
		$(if $(and $(filter driver,$(MAKECMDGOALS)),$(CXX_SOURCES)),driver-c++)

clean: ## remove everything made
	rm -rf $(BUILD)

help: ## list the targets
	@grep -hE '^[a-z_.-]+:.*## ' Makefile tools/make/upkeep.mk tools/make/prove.mk | sed -E 's/^([a-z_.-]+):.*## /\1\t/' | expand -t 12
