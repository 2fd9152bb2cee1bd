# SPDX-License-Identifier: Apache-2.0
# How fast, side by side with a raw script: `make bench`, with BENCH="--json" or others of its
# options (tests/bench/README.md).
bench: $(BUILD)/virtopo
	@tests/bench/bench.py $(BUILD)/virtopo $(BENCH)
.PHONY: bench

$(BUILD)/tests/bench/overlays: $(BUILD)/tests/bench/overlays.o $(BELOW)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(PKG_LIBS)
bench: $(BUILD)/tests/bench/overlays
