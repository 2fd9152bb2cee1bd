# SPDX-License-Identifier: Apache-2.0
# The command line as its users see it: messages to the letter, exit codes, help.
CHECKS += check-cli

check-cli: $(BUILD)/virtopo
	@mkdir -p $(RESULTS)
	@tests/cli/run.sh $(BUILD)/virtopo $(RESULTS)/$@

.PHONY: check-cli
