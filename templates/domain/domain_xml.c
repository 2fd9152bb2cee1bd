/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/domain_xml.h"

#include <stdlib.h>
#include <string.h>

#include "templates/domain/domain_part.h"
#include "templates/domain/fragment_merge.h"
#include "templates/domain/user_net_xml.h"
#include "templates/xmlreader.h"

bool domain_is_x86(const struct domain_template *t)
{
    return platform_is_x86(t->arch);
}

bool domain_is_kvm(const struct domain_template *t)
{
    return strcmp(t->type, "kvm") == 0;
}

void domain_write_boot_order(struct xmlwriter *w, int order)
{
    if (order <= 0)
        return;
    xml_open(w, "boot");
    xml_attributef(w, "order", "%d", order);
    xml_close(w);
}

void domain_write_alias(struct xmlwriter *w, const char *alias)
{
    if (alias)
        xml_empty(w, "alias", "name", alias, NULL);
}

void domain_write_alias_number(struct xmlwriter *w, const char *stem, size_t number)
{
    xml_open(w, "alias");
    xml_attributef(w, "name", "%s-%zu", stem, number);
    xml_close(w);
}

static void write_head(struct xmlwriter *w, const struct domain_template *t)
{
    xml_element(w, "name", t->name);
    xml_element(w, "uuid", t->uuid);
    if (t->node->platform.title)
        xml_element(w, "title", t->node->platform.title);
    if (t->node->description) {
        xml_open(w, "description");
        xml_text(w, t->node->description);
        xml_close(w);
    }
    if (t->tag || t->node->platform.os_id) {
        xml_open(w, "metadata");
        platform_xml_write_os_id(w, t);
        if (t->tag)
            tag_write(w, t->tag);
        xml_close(w);
    }
    memory_xml_write(w, t);
    cpu_xml_write_count(w, t);
    cputune_xml_write(w, t);
    numa_xml_write_tune(w, t);
    smbios_xml_write_sysinfo(w, t);
    platform_xml_write_os(w, t);
}

static void write_devices(struct xmlwriter *w, const struct domain_template *t)
{
    xml_open(w, "devices");
    xml_element(w, "emulator", t->node->platform.emulator);
    for (size_t i = 0; i < t->disk_count; i++)
        disk_xml_write(w, &t->disks[i]);
    controller_xml_write(w, t);
    share_xml_write(w, t);
    for (size_t i = 0; i < t->nic_count; i++)
        nic_xml_write(w, &t->nics[i]);
    device_xml_write(w, t);
    xml_close(w);
}

static int write_all(const struct domain_template *t, char **ret, struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    xml_open(&w, "domain");
    xml_attribute(&w, "type", t->type);
    write_head(&w, t);
    features_xml_write(&w, t);
    cpu_xml_write(&w, t);
    platform_xml_write_behaviour(&w, t);
    write_devices(&w, t);
    user_net_xml_write(&w, t);
    xml_close(&w);
    return xml_finish(&w, ret, err);
}

int domain_document(const struct domain_template *t, xmlDocPtr *ret, struct error **err)
{
    auto_free char *xml = NULL;

    if (write_all(t, &xml, err) < 0)
        return -1;
    *ret = xmlreader_parse(xml, err);
    if (!*ret)
        return -1;
    list_each(struct fragment, t->node->platform.xml, fragment) fragment_merge(*ret, fragment);
    return 0;
}

/* Without fragments what was written stays as it is, to the byte. */
int domain_xml(const struct domain_template *t, char **ret, struct error **err)
{
    auto_xml xmlDocPtr document = NULL;
    xmlBufferPtr buffer;

    if (t->node->platform.xml.count == 0)
        return write_all(t, ret, err);
    if (domain_document(t, &document, err) < 0)
        return -1;
    buffer = xmlBufferCreate();
    if (!buffer || xmlNodeDump(buffer, document, xmlDocGetRootElement(document), 0, 1) < 0)
        abort();
    *ret = xstrdup((const char *)xmlBufferContent(buffer));
    xmlBufferFree(buffer);
    return 0;
}
