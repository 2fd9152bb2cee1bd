# SPDX-License-Identifier: Apache-2.0
CHECKS += check-golden-domain
check-golden-domain: $(BUILD)/virtopo
	@mkdir -p $(RESULTS)
	$(Q)tests/golden/domain.sh $< $(RESULTS)/$@
.PHONY: check-golden-domain
