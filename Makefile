# SPDX-License-Identifier: Apache-2.0
# virtopo: `make` builds, `make test` proves, `make demo` shows, `make help` lists the rest.
MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

BUILD  ?= build
PREFIX ?= /usr/local
CC     ?= gcc
ifeq ($(origin CC),default)
CC := gcc
endif
OPT    ?= -O2 -g
V      ?= 0
Q      := $(if $(filter 1,$(V)),,@)

# The rooms, from the ground up; a room may include itself and those before it, except that
# engine and templates/config do not know each other (tests/layering.sh).
ROOMS  := util config templates engine host network provision cmd
LIBS   := libvirt libvirt-qemu yaml-0.1 libxml-2.0 jansson libarchive libcurl libcrypto libssh
PKG_CFLAGS := $(shell pkg-config --cflags $(LIBS) 2>/dev/null)
PKG_LIBS   := $(shell pkg-config --libs $(LIBS) 2>/dev/null)
VERSION    := $(shell cat VERSION)

WARN   := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
          -Wno-missing-field-initializers -Werror
ifneq ($(SANITIZE),)
SAN    := -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
endif
CFLAGS_ALL := -std=c17 -D_GNU_SOURCE -DVIRTOPO_VERSION='"$(VERSION)"' -I. -pthread \
              $(OPT) $(WARN) $(SAN) $(PKG_CFLAGS) $(CFLAGS)
LDFLAGS_ALL := -pthread $(SAN) $(LDFLAGS)

room_sources = $(wildcard $(1)/*.c) $(wildcard $(1)/*/*.c)
SOURCES  := $(foreach r,$(ROOMS),$(call room_sources,$(r)))
OBJECTS  := $(SOURCES:%.c=$(BUILD)/%.o)
ARCHIVES := $(ROOMS:%=$(BUILD)/lib%.a)

all: $(BUILD)/virtopo

$(BUILD)/%.o: %.c VERSION
	@mkdir -p $(@D)
	$(if $(Q),@echo "  CC    $<")
	$(Q)$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

define room_rule
$(BUILD)/lib$(1).a: $(patsubst %.c,$(BUILD)/%.o,$(call room_sources,$(1)))
	@mkdir -p $$(@D)
	$(Q)rm -f $$@; $(AR) rcs $$@ $$^
endef
AR ?= ar
$(foreach r,$(ROOMS),$(eval $(call room_rule,$(r))))

# cmd/ holds main(); what it calls comes from the rooms below, highest first.
BELOW = $(foreach r,provision network host engine templates config util,$(BUILD)/lib$(r).a)
$(BUILD)/virtopo: $(patsubst %.c,$(BUILD)/%.o,$(call room_sources,cmd)) $(BELOW)
	$(if $(Q),@echo "  LD    $@")
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(PKG_LIBS)

include install.mk
-include tests/tests.mk
include tools/tools.mk

-include $(OBJECTS:.o=.d)

clean:
	rm -rf $(BUILD)
.PHONY: all clean
