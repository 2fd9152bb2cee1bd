# SPDX-License-Identifier: Apache-2.0
# Real clusters on test hosts (tests/host): `make e2e`, some of it with TESTS="quickstart daytwo",
# more at a time with JOBS=N. Needs root and what tests/host and tests/guest need.
e2e: $(BUILD)/virtopo
	@tests/e2e/run.sh $(BUILD)/virtopo $(BUILD)/e2e $(TESTS)

# A full Debian guest with the real cloud-init. Slow: its image is made, and it boots emulated.
e2e-distro: $(BUILD)/virtopo
	@tests/e2e/run.sh $(BUILD)/virtopo $(BUILD)/e2e distro/distro

.PHONY: e2e e2e-distro
