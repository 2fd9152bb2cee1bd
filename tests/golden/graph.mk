# SPDX-License-Identifier: Apache-2.0
CHECKS += check-golden-graph
check-golden-graph: $(BUILD)/virtopo
	@mkdir -p $(RESULTS)
	$(Q)tests/golden/graph.sh $< $(RESULTS)/$@
.PHONY: check-golden-graph
