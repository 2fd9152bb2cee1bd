# SPDX-License-Identifier: Apache-2.0
CHECKS += check-golden-good
check-golden-good: $(BUILD)/virtopo $(BUILD)/tests/golden/yaml_check
	@mkdir -p $(RESULTS)
	$(Q)tests/golden/good.sh $^ $(RESULTS)/$@

$(BUILD)/tests/golden/yaml_check: tests/golden/yaml_check.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $< $(PKG_LIBS)
.PHONY: check-golden-good
