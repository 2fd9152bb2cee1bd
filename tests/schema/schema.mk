# SPDX-License-Identifier: Apache-2.0
# The JSON Schema of the file, by a validator that is not ours.
CHECKS += check-schema
check-schema: $(BUILD)/virtopo
	@mkdir -p $(RESULTS)
	$(Q)python3 tests/schema/check.py $(BUILD)/virtopo . $(RESULTS)/$@
.PHONY: check-schema
