/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/user_net_xml.h"

#include <stdlib.h>
#include <string.h>

#include "templates/xmlreader.h"
#include "templates/xmlwriter.h"

#define QEMU_URI "http://libvirt.org/schemas/domain/qemu/1.0"
#define NET_PREFIX "virtopo-"

static bool has_forwards(const struct domain_nic *nic)
{
    return nic->is_user && (nic->ssh_port || (nic->forwards && nic->forwards->count));
}

/* "user,id=virtopo-ua-net0,hostfwd=tcp:127.0.0.1:2222-:22" */
static char *netdev(const struct domain_nic *nic)
{
    struct buffer out = {0};

    buffer_printf(&out, "user,id=" NET_PREFIX "%s", nic->alias);
    if (nic->ssh_port)
        buffer_printf(&out, ",hostfwd=tcp:127.0.0.1:%u-:22", nic->ssh_port);
    if (nic->forwards)
        list_each(struct port_forward, *nic->forwards, f)
            buffer_printf(&out, ",hostfwd=%s:%s:%u-:%u", port_protocol_words[f->protocol],
                          f->address, f->host_port, f->port);
    return buffer_take(&out);
}

static void write_argument(struct xmlwriter *w, const char *value)
{
    xml_open(w, "qemu:arg");
    xml_attribute(w, "value", value);
    xml_close(w);
}

static void write_device(struct xmlwriter *w, const struct domain_nic *nic)
{
    xml_open(w, "qemu:device");
    xml_attribute(w, "alias", nic->alias);
    xml_open(w, "qemu:frontend");
    xml_open(w, "qemu:property");
    xml_attribute(w, "name", "netdev");
    xml_attribute(w, "type", "string");
    xml_attributef(w, "value", NET_PREFIX "%s", nic->alias);
    xml_close(w);
    xml_close(w);
    xml_close(w);
}

void user_net_xml_write(struct xmlwriter *w, const struct domain_template *t)
{
    size_t count = 0;

    for (size_t i = 0; i < t->nic_count; i++)
        count += has_forwards(&t->nics[i]);
    if (count == 0)
        return;
    xml_open(w, "qemu:commandline");
    xml_attribute(w, "xmlns:qemu", QEMU_URI);
    for (size_t i = 0; i < t->nic_count; i++) {
        auto_free char *value = has_forwards(&t->nics[i]) ? netdev(&t->nics[i]) : NULL;

        if (!value)
            continue;
        write_argument(w, "-netdev");
        write_argument(w, value);
    }
    xml_close(w);
    xml_open(w, "qemu:override");
    xml_attribute(w, "xmlns:qemu", QEMU_URI);
    for (size_t i = 0; i < t->nic_count; i++) {
        if (has_forwards(&t->nics[i]))
            write_device(w, &t->nics[i]);
    }
    xml_close(w);
}

/* "tcp:127.0.0.1:2222-:22" as a file has it, or NULL. */
static char *forward_text(const char *option)
{
    char protocol[4], address[PORT_ADDRESS] = "";
    unsigned host_port, port;
    int end = 0;
    struct port_forward f = {0};

    if (sscanf(option, "%3[a-z]::%u-:%u%n", protocol, &host_port, &port, &end) != 3)
        end = 0;
    if (!end && sscanf(option, "%3[a-z]:%45[0-9.]:%u-:%u%n", protocol, address, &host_port,
                       &port, &end) != 4)
        return NULL;
    if (!end || option[end] || host_port > 65535 || port > 65535)
        return NULL;
    f.protocol = strcmp(protocol, "udp") == 0 ? PORT_UDP : PORT_TCP;
    f.host_port = (uint16_t)host_port;
    f.port = (uint16_t)port;
    snprintf(f.address, sizeof f.address, "%s", address);
    return port_forward_text(&f);
}

static void read_netdev(char *value, struct domain_view_nic *ret)
{
    char *rest = NULL;

    for (char *part = strtok_r(value, ",", &rest); part; part = strtok_r(NULL, ",", &rest)) {
        char *text = strncmp(part, "hostfwd=", 8) == 0 ? forward_text(part + 8) : NULL;

        if (text)
            vector_push(ret->forwards, ret->forward_count, text);
    }
}

void user_net_read(xmlNodePtr domain, const char *alias, struct domain_view_nic *ret)
{
    xmlNodePtr line = xmlreader_child_ns(domain, QEMU_URI, "commandline");
    auto_free char *start = xasprintf("user,id=" NET_PREFIX "%s,", alias);

    for (xmlNodePtr n = xmlreader_child(line, "arg"); n; n = xmlreader_next(n)) {
        auto_free char *value = xmlreader_attribute(n, "value");

        if (value && strncmp(value, start, strlen(start)) == 0)
            read_netdev(value, ret);
    }
}
