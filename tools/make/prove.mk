# The proofs of the core (docs/proof.md), with provers of two Debians in build/prove.

.PHONY: prove prove-faults test-proof
prove: setup ## prove the core, and print what is proved and how far (ONLY="mm/bits.h tree", FRESH=1, RENEW=1)
	@python3 tools/prove/run.py $(if $(FRESH),--fresh) $(if $(RENEW),--table docs/proof.md) $(ONLY)

prove-faults: setup ## plant faults in the core, and see if the proofs find them (ONLY=NAME, TOOL=CBMC)
	@python3 tools/prove/faults.py $(TOOL:%=--tool %) $(ONLY)

test-proof: setup ## prove a part of the core, in at most three minutes; left out where the provers cannot be had
	@python3 tests/prove/signals.py
	@python3 tools/prove/run.py --quick
