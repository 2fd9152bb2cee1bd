/* SPDX-License-Identifier: Apache-2.0 */
/* Attributes that are of no matter when two domains are compared. */
#include <string.h>

#include "templates/import/normal_rule.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

static bool is_named(xmlNodePtr node, const char *name)
{
    return node && node->type == XML_ELEMENT_NODE &&
           strcmp((const char *)node->name, name) == 0;
}

/* NULL stands for anything. */
static bool fits(const char *pattern, const char *text)
{
    return !pattern || strcmp(pattern, text) == 0;
}

/* The terminal or socket that libvirt took, and the port that was free. */
static bool is_chosen(xmlNodePtr element, const char *attribute, const char *value)
{
    bool is_made_up = strstr(value, "/libvirt/qemu/") != NULL;

    if (is_named(element, "source") && strcmp(attribute, "path") == 0)
        return xmlreader_is(element->parent, "type", "pty") || is_made_up;
    if (is_named(element, "source") && strcmp(attribute, "mode") == 0)
        return strcmp(value, "bind") == 0;
    if (is_named(element, "hostdev") && strcmp(attribute, "managed") == 0)
        return xmlreader_is(element, "type", "usb");
    /* said by the port that is there, or needless */
    if (is_named(element, "graphics") && strcmp(attribute, "autoport") == 0)
        return xmlreader_has(element, "port") || xmlreader_has(element, "tlsPort") ||
               xmlreader_is(xmlreader_child(element, "listen"), "type", "socket");
    if (is_named(element, "graphics") &&
        (strcmp(attribute, "port") == 0 || strcmp(attribute, "tlsPort") == 0))
        return xmlreader_is(element, "autoport", "yes");
    if (is_named(element, "source") && strcmp(attribute, "bridge") == 0)
        return xmlreader_is(element->parent, "type", "network");
    return is_named(element, "cid") && strcmp(attribute, "address") == 0 &&
           xmlreader_is(element, "auto", "yes");
}

/* What a card has that says nothing, in KiB. */
static bool is_usual_size(xmlNodePtr element, const char *attribute, const char *value)
{
    bool is_qxl = xmlreader_is(element, "type", "qxl");

    if (!is_named(element, "model") || !is_named(element->parent, "video"))
        return false;
    if (strcmp(attribute, "vram") == 0)
        return strcmp(value, is_qxl ? "65536" : "16384") == 0;
    return is_qxl && ((strcmp(attribute, "ram") == 0 && strcmp(value, "65536") == 0) ||
                      (strcmp(attribute, "vgamem") == 0 && strcmp(value, "16384") == 0));
}

/* NULL stands for any. */
static const struct {
    const char *parent, *element, *attribute, *value;
} dropped[] = {
    {NULL, "domain", "id", NULL},
    {"domain", "vcpu", "placement", "static"},
    {"domain", "cpu", "match", "exact"},
    {"domain", "cpu", "migratable", "on"},
    {"domain", "cpu", "check", NULL},
    {"cpu", "model", "fallback", NULL},
    {"cpu", "topology", "dies", "1"},
    {"cpu", "topology", "clusters", "1"},
    {"cpu", "cache", "level", "3"},
    {"cpu", "feature", "policy", "require"},
    {"domain", "clock", "adjustment", "0"},
    {"domain", "clock", "basis", "utc"},
    {"domain", "clock", "offset", "utc"},
    {"disk", "driver", "name", NULL},
    {"disk", "target", "dev", NULL},
    {"disk", "target", "tray", NULL},
    {"disk", "source", "index", NULL},
    {"devices", "disk", "snapshot", NULL},
    {"interface", "source", "portid", NULL},
    {"virtualport", "parameters", "interfaceid", NULL},
    {"disk", "driver", "type", "raw"},
    {"disk", "driver", "cache", "default"},
    {"disk", "driver", "io", "default"},
    {"disk", "driver", "discard", "default"},
    {"filesystem", "driver", "type", "path"},
    {"graphics", "gl", "enable", "no"},
    {"interface", "driver", "name", "vhost"},
    {"devices", "controller", "index", NULL},
    {"devices", "controller", "ports", NULL},
    {"serial", "target", "port", NULL},
    {"serial", "target", "type", "isa-serial"},
    {"target", "model", "name", "isa-serial"},
    {"devices", "serial", "tty", NULL},
    {"devices", "console", "tty", NULL},
    {"serial", "log", "append", "on"},
    {"console", "log", "append", "on"},
    {"channel", "log", "append", "on"},
    {"channel", "target", "state", NULL},
    {"console", "target", "port", NULL},
    {"devices", "graphics", "listen", NULL},
    {"devices", "graphics", "socket", NULL},
    {"devices", "graphics", "autoport", "yes"},
    {"devices", "graphics", "passwd", NULL},
    {"devices", "graphics", "passwdValidTo", NULL},
    {"devices", "graphics", "connected", NULL},
    {"devices", "graphics", "port", "-1"},
    {"devices", "graphics", "tlsPort", "-1"},
    {"video", "model", "heads", "1"},
    {"video", "model", "primary", "yes"},
    {"devices", "hostdev", "managed", "no"},
    {"devices", "filesystem", "type", "mount"},
    {"devices", "memballoon", "model", "virtio"},
    {"devices", "rng", "model", "virtio"},
    {"vsock", "cid", "auto", NULL},
    {"os", "loader", "secure", "no"},
    {"os", "firmware", "feature", NULL},
    {"backend", "persistent_state", "no", NULL},
    {"devices", "disk", "device", "disk"},
    {"devices", "panic", "model", "isa"},
    {"features", "hyperv", "mode", "custom"},
    {"numatune", "memnode", "mode", "strict"},
    {"numatune", "memory", "mode", "strict"},
};

bool normal_drops_attribute(xmlNodePtr element, const char *attribute, const char *value)
{
    if (is_chosen(element, attribute, value) || is_usual_size(element, attribute, value))
        return true;
    for (size_t i = 0; i < ARRAY_SIZE(dropped); i++) {
        if ((!dropped[i].parent || is_named(element->parent, dropped[i].parent)) &&
            (!dropped[i].element || is_named(element, dropped[i].element)) &&
            fits(dropped[i].attribute, attribute) && fits(dropped[i].value, value))
            return true;
    }
    return false;
}
