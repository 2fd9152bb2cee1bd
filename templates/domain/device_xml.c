/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/domain_part.h"

static void write_consoles(struct xmlwriter *w, const struct domain_template *t)
{
    xml_open(w, "serial");
    xml_attribute(w, "type", "pty");
    if (t->console_log)
        xml_empty(w, "log", "file", t->console_log, "append", "on", NULL);
    xml_empty(w, "target", "port", "0", NULL);
    xml_close(w);
    xml_open(w, "console");
    xml_attribute(w, "type", "pty");
    if (t->console_log)
        xml_empty(w, "log", "file", t->console_log, "append", "on", NULL);
    xml_empty(w, "target", "type", "serial", "port", "0", NULL);
    xml_close(w);
    xml_open(w, "channel");
    xml_attribute(w, "type", "unix");
    xml_empty(w, "target", "type", "virtio", "name", "org.qemu.guest_agent.0", NULL);
    xml_close(w);
}

void device_xml_write(struct xmlwriter *w, const struct domain_template *t)
{
    write_consoles(w, t);
    xml_empty(w, "memballoon", "model", "virtio", NULL);
    xml_open(w, "rng");
    xml_attribute(w, "model", "virtio");
    xml_open(w, "backend");
    xml_attribute(w, "model", "random");
    xml_text(w, "/dev/urandom");
    xml_close(w);
    xml_close(w);
}
