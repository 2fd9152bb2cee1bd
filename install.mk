# SPDX-License-Identifier: Apache-2.0
# make install, make uninstall: the binary and its man page, below DESTDIR and PREFIX.
BINDIR  ?= $(PREFIX)/bin
MANDIR  ?= $(PREFIX)/share/man
INSTALL ?= install

$(BUILD)/virtopo.1: $(BUILD)/virtopo
	$(Q)$(BUILD)/virtopo help --man >$@

man: $(BUILD)/virtopo.1

install: $(BUILD)/virtopo $(BUILD)/virtopo.1
	$(INSTALL) -d '$(DESTDIR)$(BINDIR)' '$(DESTDIR)$(MANDIR)/man1'
	$(INSTALL) -m 755 $(BUILD)/virtopo '$(DESTDIR)$(BINDIR)/virtopo'
	$(INSTALL) -m 644 $(BUILD)/virtopo.1 '$(DESTDIR)$(MANDIR)/man1/virtopo.1'

uninstall:
	rm -f '$(DESTDIR)$(BINDIR)/virtopo' '$(DESTDIR)$(MANDIR)/man1/virtopo.1'

.PHONY: man install uninstall
