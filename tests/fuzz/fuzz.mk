# SPDX-License-Identifier: Apache-2.0
# Fuzzers: every tests/fuzz/fuzz_NAME.c is one; its line "/* rooms: … */" says what to link, in
# link order. `make check-fuzz` replays tests/fuzz/corpus/NAME/* with the normal compiler; `make
# fuzz` searches with clang's libFuzzer for FUZZ_SECONDS each. A crash found there goes into the
# corpus together with its cure.
CHECKS += check-fuzz

FUZZ_SECONDS ?= 30
FUZZ_NAMES   := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
fuzz_archives = $(patsubst %,$(BUILD)/lib%.a,$(shell \
                  sed -n 's|^/\* rooms: \(.*\) \*/$$|\1|p' tests/fuzz/fuzz_$(1).c))

define fuzz_rule
$(BUILD)/tests/fuzz/replay_$(1): $(BUILD)/tests/fuzz/fuzz_$(1).o $(BUILD)/tests/fuzz/replay.o \
        $(call fuzz_archives,$(1))
	$(Q)$(CC) $(LDFLAGS_ALL) -o $$@ $$^ $(PKG_LIBS)
$(BUILD)/tests/fuzz/search_$(1): $(BUILD)/tests/fuzz/fuzz_$(1).o $(call fuzz_archives,$(1))
	$(Q)$(CC) $(LDFLAGS_ALL) -fsanitize=fuzzer -o $$@ $$^ $(PKG_LIBS)
endef
$(foreach n,$(FUZZ_NAMES),$(eval $(call fuzz_rule,$(n))))

FUZZ_REPLAYS := $(FUZZ_NAMES:%=$(BUILD)/tests/fuzz/replay_%)
FUZZ_SEARCHES := $(FUZZ_NAMES:%=$(BUILD)/tests/fuzz/search_%)

check-fuzz:
	+@mkdir -p $(RESULTS); $(MAKE) $(if $(Q),-s) --no-print-directory -k $(FUZZ_REPLAYS) >&2; \
	BUILT=$$? MAKE='$(MAKE)' tests/fuzz/replay.sh $(RESULTS)/$@ $(FUZZ_REPLAYS)

fuzz:
	+@$(MAKE) --no-print-directory BUILD=$(BUILD)/fuzz CC=clang OPT='-O1 -g' \
	  SANITIZE=fuzzer-no-link,address,undefined fuzz-search

fuzz-search: $(FUZZ_SEARCHES)
	@status=0; for name in $(FUZZ_NAMES); do \
	  mkdir -p $(BUILD)/found/$$name; echo "== $$name"; \
	  $(BUILD)/tests/fuzz/search_$$name -max_total_time=$(FUZZ_SECONDS) -timeout=10 \
	    -print_final_stats=1 -verbosity=0 -artifact_prefix=$(BUILD)/found/$$name- \
	    $(BUILD)/found/$$name tests/fuzz/corpus/$$name || status=1; \
	done; exit $$status

.PHONY: check-fuzz fuzz fuzz-search
