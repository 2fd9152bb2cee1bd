# SPDX-License-Identifier: Apache-2.0
# What a newcomer types, and checks of examples/ and docs/.
help:
	@echo 'make            build $(BUILD)/virtopo'
	@echo 'make demo       from a bare machine to three running guests; make demo-down removes them'
	@echo 'make test       make check, then make e2e'
	@echo 'make check      all tests that need no virtual machine'
	@echo 'make e2e        all tests on real libvirt with real guests, in namespaces (root)'
	@echo 'make deps       install what building, the demo and the tests need'
	@echo 'make install    the program and its man page, below PREFIX=$(PREFIX); make uninstall'
	@echo 'make fmt        put the sources into the format that make check wants'
	@echo 'make docs       write docs/reference.md anew from the tables in the program'
	@echo 'make fuzz       search with the fuzzers for FUZZ_SECONDS each'
	@echo 'Variables: BUILD=folder CC=gcc OPT="-O2 -g" SANITIZE=address,undefined V=1'

deps:
	@tools/deps.sh all

# No prerequisites: what builds is not there before the packages are.
demo:
	+@MAKE='$(MAKE)' BUILD='$(BUILD)' tools/demo.sh up

demo-down:
	+@MAKE='$(MAKE)' BUILD='$(BUILD)' tools/demo.sh down

test:
	+@MAKE='$(MAKE)' tools/test.sh check e2e

CHECKS += check-examples check-docs

check-examples: $(BUILD)/virtopo
	@mkdir -p $(RESULTS)
	@tools/check-examples.sh $(BUILD)/virtopo $(RESULTS)/$@

docs: $(BUILD)/virtopo
	$(BUILD)/virtopo help --reference >docs/reference.md

check-docs: $(BUILD)/virtopo
	@mkdir -p $(RESULTS)
	@tools/check-docs.sh $(BUILD)/virtopo $(RESULTS)/$@

.PHONY: help deps demo demo-down test docs check-examples
