/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/domain_part.h"

void platform_xml_write_os(struct xmlwriter *w, const struct domain_template *t)
{
    xml_open(w, "os");
    xml_open(w, "type");
    xml_attribute(w, "arch", t->arch);
    xml_attribute(w, "machine", t->machine);
    xml_text(w, "hvm");
    xml_close(w);
    xml_close(w);
}

void platform_xml_write_features(struct xmlwriter *w, const struct domain_template *t)
{
    xml_open(w, "features");
    xml_empty(w, "acpi", NULL);
    if (domain_is_x86(t))
        xml_empty(w, "apic", NULL);
    xml_close(w);
}

void platform_xml_write_behaviour(struct xmlwriter *w, const struct domain_template *t)
{
    xml_open(w, "clock");
    xml_attribute(w, "offset", "utc");
    if (domain_is_x86(t)) {
        xml_empty(w, "timer", "name", "rtc", "tickpolicy", "catchup", NULL);
        xml_empty(w, "timer", "name", "pit", "tickpolicy", "delay", NULL);
        xml_empty(w, "timer", "name", "hpet", "present", "no", NULL);
    }
    xml_close(w);
    xml_element(w, "on_poweroff", "destroy");
    xml_element(w, "on_reboot", "restart");
    xml_element(w, "on_crash", "destroy");
    if (domain_is_x86(t)) {
        xml_open(w, "pm");
        xml_empty(w, "suspend-to-mem", "enabled", "no", NULL);
        xml_empty(w, "suspend-to-disk", "enabled", "no", NULL);
        xml_close(w);
    }
}
