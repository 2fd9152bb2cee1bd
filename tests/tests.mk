# SPDX-License-Identifier: Apache-2.0
# What needs no virtual machine: `make check` runs every target in CHECKS, stops at nothing, and
# ends with "N passed, N failed".
#
#   check-unit, check-unit-ROOM   cmocka programs, tests/unit/ROOM/test_*.c
#   check-asan                    the same and the fuzzers' corpus, with sanitizers and leak check
#   check-fuzz, fuzz              tests/fuzz/fuzz.mk
#   check-layering check-format check-spdx check-clang, fmt
#
# A file tests/*/*.mk can add more: `CHECKS += check-x`. Such a target may leave a line "PASSED
# FAILED" (two numbers) in $(RESULTS)/check-x; without it, it counts as one test.

RESULTS := $(BUILD)/results
CHECKS  := check-layering check-format check-spdx check-clang check-unit check-asan

# A room and those to its right, in link order. Not so for cmd, which has no unit tests.
RIGHT_util      := util
RIGHT_config    := config $(RIGHT_util)
RIGHT_templates := templates $(RIGHT_config)
RIGHT_engine    := engine $(RIGHT_util)
RIGHT_host      := host templates config engine util
RIGHT_network   := network $(RIGHT_host)
RIGHT_provision := provision $(RIGHT_network)

UNIT_ROOMS   := util config templates engine host network provision
CMOCKA_LIBS  := $(shell pkg-config --libs cmocka 2>/dev/null || echo -lcmocka)
TEST_SOURCES := $(wildcard tests/unit/*/*.c tests/fuzz/*.c)
TEST_OBJECTS := $(TEST_SOURCES:%.c=$(BUILD)/%.o)

unit_programs = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/$(1)/test_*.c))
# Other .c files of the folder are linked to each of its programs.
unit_helpers  = $(patsubst %.c,$(BUILD)/%.o,$(filter-out tests/unit/$(1)/test_%, \
                  $(wildcard tests/unit/$(1)/*.c)))
UNIT_PROGRAMS := $(foreach r,$(UNIT_ROOMS),$(call unit_programs,$(r)))

# The room's own archive is linked whole: a call to the left fails here, used or not.
# UNIT_LDFLAGS_test_x adds to one program's link (-Wl,--wrap=…).
define unit_rule
$(call unit_programs,$(1)): $(BUILD)/tests/unit/$(1)/%: $(BUILD)/tests/unit/$(1)/%.o \
        $(call unit_helpers,$(1)) $(RIGHT_$(1):%=$(BUILD)/lib%.a)
	$(if $(Q),@echo "  LD    $$@")
	$(Q)$(CC) $(LDFLAGS_ALL) $$(UNIT_LDFLAGS_$$*) -o $$@ $$(filter %.o,$$^) \
	  -Wl,--whole-archive $(BUILD)/lib$(1).a -Wl,--no-whole-archive \
	  $(patsubst %,$(BUILD)/lib%.a,$(filter-out $(1),$(RIGHT_$(1)))) $(PKG_LIBS) $(CMOCKA_LIBS)
endef

# Programs, name of the check. What does not build is a failed test, the others run.
run_unit = mkdir -p $(RESULTS); $(MAKE) $(if $(Q),-s) --no-print-directory -k $(1) >&2; \
           BUILT=$$? MAKE='$(MAKE)' tests/unit/run.sh $(RESULTS)/$(2) $(BUILD)/tests/unit $(1)
$(foreach r,$(UNIT_ROOMS),$(if $(call unit_programs,$(r)),$(eval $(call unit_rule,$(r)))))

# Also for a room without tests: it says so and fails.
$(UNIT_ROOMS:%=check-unit-%): check-unit-%:
	+@$(call run_unit,$(call unit_programs,$*),$@)

check-unit:
	+@$(call run_unit,$(UNIT_PROGRAMS),$@)

check-asan:
	+@mkdir -p $(RESULTS); \
	$(MAKE) --no-print-directory BUILD=$(BUILD)/asan SANITIZE=address,undefined OPT='-O1 -g' \
	  -k check-unit check-fuzz; status=$$?; \
	cat $(BUILD)/asan/results/check-unit $(BUILD)/asan/results/check-fuzz \
	  >$(RESULTS)/check-asan; exit $$status

check-layering:
	@mkdir -p $(RESULTS)
	@tests/layering.sh --self-test && tests/layering.sh . && echo "2 0" >$(RESULTS)/$@

# Each release of clang-format lays out differently: one of them decides. Without it nothing is
# checked, and nothing counted.
CLANG_FORMAT := $(firstword $(foreach f,clang-format-14 clang-format,$(shell command -v $(f))))
check-format:
	@mkdir -p $(RESULTS)
	@case "$$($(or $(CLANG_FORMAT),echo none) --version)" in \
	*'version 14.'*) tests/tracked.sh .c .h | xargs -r $(CLANG_FORMAT) --dry-run -Werror ;; \
	*) echo "check-format: not checked: clang-format 14 decides, and it is not here"; \
	   echo "0 0" >$(RESULTS)/$@ ;; \
	esac

fmt:
	@tests/tracked.sh .c .h | xargs -r $(CLANG_FORMAT) -i

check-spdx:
	@tests/spdx.sh

# One stamp a file, so that only what changed is read again.
CLANG_STAMPS := $(patsubst %.c,$(BUILD)/clang/%.ok,$(SOURCES) $(TEST_SOURCES))
$(BUILD)/clang/%.ok: %.c
	@mkdir -p $(@D)
	$(Q)clang $(filter-out -fsanitize% -fno-sanitize%,$(CFLAGS_ALL)) -fsyntax-only \
	  -MMD -MP -MF $(@:.ok=.d) -MT $@ $<
	@touch $@
check-clang:
	+@$(MAKE) $(if $(Q),-s) --no-print-directory -k $(CLANG_STAMPS)

-include $(wildcard tests/*/*.mk)
-include $(TEST_OBJECTS:.o=.d) $(CLANG_STAMPS:.ok=.d)

check:
	+@MAKE='$(MAKE)' tests/check.sh $(RESULTS) $(CHECKS)

.SECONDARY: $(TEST_OBJECTS)
.PHONY: check $(UNIT_ROOMS:%=check-unit-%) check-unit check-asan check-layering check-format fmt check-spdx check-clang
