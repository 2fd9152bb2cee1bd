# SPDX-License-Identifier: Apache-2.0
CHECKS += check-golden-import
check-golden-import: $(BUILD)/virtopo
	@mkdir -p $(RESULTS)
	$(Q)tests/golden/import.sh $< $(RESULTS)/$@
.PHONY: check-golden-import
