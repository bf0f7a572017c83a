# For those who work on Ashlar: long runs, how good the tests are, what is renewed before a release.

.PHONY: fuzz fuzz-merge soak soak-kernel coverage mutants planted \
	docs-machines screenshots check-tag
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

# Pictures, quiz and past are left out: their tests take half of the time, and mm/ has its own.
MUTANT_TESTS = $(filter-out $(addprefix $(BUILD)/host64/,test_view% test_stage test_quiz test_past), \
	$(call host_tests,host64))

# FILE="mm/mm.c mm/pool.c" tries only the mutants of these files, SAMPLE=100 so many of all.
mutants: setup $(foreach build,mutants/host mutants/reach host64,$(call host_programs,$(build))) ## break mm/ here and there, and see if the host tests notice
	@tools/mutants.py --plain "gcc $(PLAIN_CFLAGS) -O2" \
		--sanitized "$(HOST_CC) $(SANITIZED) $(STRICT) $(COSTLY) -g -fno-omit-frame-pointer $(PLAIN_CFLAGS)" \
		--explained tests/mutants.txt $(if $(SAMPLE),--sample $(SAMPLE)) \
		$(patsubst $(BUILD)/host64/%,--program %,$(MUTANT_TESTS)) \
		--program "check_maps tests/maps" $(FILE)

planted: setup ## plant a dozen bugs in mm/, and see if the model finds each (SECONDS=10 for each)
	@python3 tools/planted.py $(or $(SECONDS),10)

docs-machines: $(ELF) $(ISO) $(BIOS_IMAGE) | setup ## boot it on many machines, and renew the table in docs/machines.md
	@$(MACHINES_RUN) --renew

screenshots: $(ELF) $(WEB)/ashlar.html | setup ## take the documents' pictures anew, and the tour's into build/tour (ONLY="view zoom", of the kernel's screen)
	@python3 tools/screenshots.py $(ELF) docs/pictures $(ONLY)
	@[ -n "$(ONLY)" ] || python3 tools/tour_pictures.py $(ELF) $(BUILD)/tour
	@[ -n "$(ONLY)" ] || node tools/web/screenshots.mjs $(BUILD)/npm $(WEB) docs/pictures $(BUILD)/tour/phone

check-tag: ## see that TAG=v... names the version in VERSION, before a release
	@[ "$$TAG" = "v$(VERSION)" ] || { echo "check-tag: the tag is \"$$TAG\", VERSION says $(VERSION)" >&2; exit 1; }
