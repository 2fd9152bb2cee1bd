# SPDX-License-Identifier: Apache-2.0
CHECKS += check-golden
check-golden: $(BUILD)/virtopo
	@mkdir -p $(RESULTS)
	$(Q)tests/golden/run.sh $(BUILD)/virtopo $(RESULTS)/$@
.PHONY: check-golden
