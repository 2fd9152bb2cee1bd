# SPDX-License-Identifier: Apache-2.0
# Real clusters on test hosts (tests/host): `make e2e`, some of it with TESTS="quickstart daytwo",
# more at a time with JOBS=N. Needs root and what tests/host and tests/guest need.
e2e: $(BUILD)/virtopo
	@tests/e2e/run.sh $(BUILD)/virtopo $(BUILD)/e2e $(TESTS)

# Full guests of the machine's own distribution with the real cloud-init. Slow without KVM: each takes
# minutes to boot. Their image is made first (tests/guest/distro.sh).
e2e-distro: $(BUILD)/virtopo
	@E2E_DISTRO=$$(tests/guest/distro.sh) && export E2E_DISTRO && \
	tests/e2e/run.sh $(BUILD)/virtopo $(BUILD)/e2e distro layers_distro nodes_distro

# An installation by Debian's own installer, over the network: an hour or two without KVM.
e2e-install: $(BUILD)/virtopo
	@tests/e2e/run.sh $(BUILD)/virtopo $(BUILD)/e2e install_debian

.PHONY: e2e e2e-distro e2e-install
