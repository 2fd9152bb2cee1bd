# SPDX-License-Identifier: Apache-2.0
# make install, make uninstall: the binary, its man page and the JSON Schema of its file, below
# DESTDIR and PREFIX.
BINDIR  ?= $(PREFIX)/bin
MANDIR  ?= $(PREFIX)/share/man
DATADIR ?= $(PREFIX)/share/virtopo
INSTALL ?= install

$(BUILD)/virtopo.1: $(BUILD)/virtopo
	$(Q)$(BUILD)/virtopo help --man >$@

$(BUILD)/virtopo.schema.json: $(BUILD)/virtopo
	$(Q)$(BUILD)/virtopo schema >$@

man: $(BUILD)/virtopo.1

install: $(BUILD)/virtopo $(BUILD)/virtopo.1 $(BUILD)/virtopo.schema.json
	$(INSTALL) -d '$(DESTDIR)$(BINDIR)' '$(DESTDIR)$(MANDIR)/man1' '$(DESTDIR)$(DATADIR)'
	$(INSTALL) -m 755 $(BUILD)/virtopo '$(DESTDIR)$(BINDIR)/virtopo'
	$(INSTALL) -m 644 $(BUILD)/virtopo.1 '$(DESTDIR)$(MANDIR)/man1/virtopo.1'
	$(INSTALL) -m 644 $(BUILD)/virtopo.schema.json '$(DESTDIR)$(DATADIR)/virtopo.schema.json'

uninstall:
	rm -f '$(DESTDIR)$(BINDIR)/virtopo' '$(DESTDIR)$(MANDIR)/man1/virtopo.1' \
	  '$(DESTDIR)$(DATADIR)/virtopo.schema.json'
	rmdir '$(DESTDIR)$(DATADIR)' 2>/dev/null || :

.PHONY: man install uninstall
