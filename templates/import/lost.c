/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/import/lost.h"

#include <stdlib.h>
#include <string.h>

#include "config/hardware/fragment.h"
#include "templates/import/element.h"
#include "templates/import/import_part.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

struct lost {
    xmlDocPtr document; /* of the fragments while they are made */
    json_t *list;
    json_t *targets;     /* of disks among them */
    xmlNodePtr rendered; /* the devices of the copy */
    const json_t *refused;
};

static bool is_named(xmlNodePtr element, const char *name)
{
    return strcmp((const char *)element->name, name) == 0;
}

void lost_twins(xmlNodePtr element, xmlNodePtr twin)
{
    xmlNodePtr other = element_of(twin->children);

    element->psvi = twin;
    each_element(element, n)
    {
        if (!other)
            return;
        lost_twins(n, other);
        other = element_of(other->next);
    }
}

/* A device that libvirt made up a name for. */
static bool is_tap(xmlNodePtr element)
{
    auto_free char *dev = xmlreader_attribute(element, "dev");

    return is_named(element, "target") && is_named(element->parent, "interface") && dev &&
           (strncmp(dev, "vnet", 4) == 0 || strncmp(dev, "macvtap", 7) == 0);
}

/* Where libvirt put a device, and what it calls it. */
static bool is_placement(xmlNodePtr element)
{
    return is_named(element, "address") || is_named(element, "alias") ||
           is_named(element, "backingStore") || is_tap(element);
}

/* Nobody's secrets leave the host. */
static void drop_passwords(xmlNodePtr element)
{
    xmlUnsetProp(element, BAD_CAST "passwd");
    each_element(element, n) drop_passwords(n);
}

/* A whole element, as it was found. */
static xmlNodePtr whole(xmlNodePtr element, xmlDocPtr document)
{
    xmlNodePtr copy =
        element->psvi ? xmlDocCopyNode((xmlNodePtr)element->psvi, document, 1) : NULL;
    xmlNodePtr next;

    if (copy)
        drop_passwords(copy);
    for (xmlNodePtr n = copy ? element_of(copy->children) : NULL; n; n = next) {
        next = element_of(n->next);
        if (is_placement(n)) {
            xmlUnlinkNode(n);
            xmlFreeNode(n);
        }
    }
    return copy;
}

/* What tells it from others of its name, when it is merged. */
static void keep_identity(xmlNodePtr patch, xmlNodePtr element)
{
    static const char *const names[] = {"name",   "id",   "vcpu", "iothread",
                                        "cellid", "type", "size"};

    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        auto_free char *value = xmlreader_attribute(element->psvi, names[i]);
        bool is_type = strcmp(names[i], "type") == 0 && !is_named(element, "sysinfo");
        bool is_size = strcmp(names[i], "size") == 0 && !is_named(element, "page");

        if (value && !is_type && !is_size && !xmlreader_has(patch, names[i]))
            xmlSetProp(patch, BAD_CAST names[i], BAD_CAST value);
    }
}

static xmlNodePtr patch_of(xmlNodePtr element, xmlNodePtr other, xmlDocPtr document);

static void patch_attributes(xmlNodePtr *patch, xmlNodePtr element, xmlNodePtr other,
                             xmlDocPtr document)
{
    for (xmlAttrPtr a = element->properties; a; a = a->next) {
        const char *name = (const char *)a->name;
        auto_free char *value = xmlreader_attribute(element, name);
        auto_free char *found = xmlreader_attribute(element->psvi, name);

        if (!found || !value || xmlreader_is(other, name, value))
            continue;
        if (!*patch)
            *patch = xmlNewDocNode(document, NULL, element->name, NULL);
        xmlSetProp(*patch, a->name, BAD_CAST found);
    }
}

/* What only `element` has, in as many elements around it as it takes; NULL: nothing. */
static xmlNodePtr patch_of(xmlNodePtr element, xmlNodePtr other, xmlDocPtr document)
{
    xmlNodePtr patch = NULL;

    patch_attributes(&patch, element, other, document);
    each_element(element, n)
    {
        xmlNodePtr piece =
            n->_private ? patch_of(n, n->_private, document) : whole(n, document);

        if (!piece)
            continue;
        if (!patch)
            patch = xmlNewDocNode(document, NULL, element->name, NULL);
        xmlAddChild(patch, piece);
    }
    if (patch)
        keep_identity(patch, element);
    return patch;
}

/* A device that the file could say, had something not been in the way: never past a check. */
static bool is_refused(xmlNodePtr device)
{
    json_t *source;
    bool refused;

    if (is_named(device, "interface"))
        return import_is_nic(device->psvi);
    if (!is_named(device, "disk") || xmlreader_is(device, "device", "lun") ||
        xmlreader_is(device, "device", "floppy"))
        return is_named(device, "controller") || is_named(device, "serial");
    source = import_disk_source(device);
    refused = source != NULL;
    json_decref(source);
    return refused;
}

static bool has_target(xmlNodePtr devices, const char *target)
{
    import_each(devices, "disk", n)
    {
        xmlNodePtr found = n->psvi ? n->psvi : n;

        if (xmlreader_is(xmlreader_child(found, "target"), "dev", target))
            return true;
    }
    return false;
}

/* virtopo gives its disks the first letters of their bus: one that stays XML takes another. */
static void move_target(struct lost *lost, xmlNodePtr disk)
{
    auto_free char *target = import_text(disk, "target@dev");
    size_t length = target ? strlen(target) : 0;

    if (length != 3)
        return;
    for (char letter = target[2]; letter <= 'z'; letter++) {
        target[2] = letter;
        if (!has_target(lost->rendered, target) && !json_object_get(lost->targets, target))
            break;
    }
    json_object_set_new(lost->targets, target, json_true());
    xmlSetProp(xmlreader_child(disk, "target"), BAD_CAST "dev", BAD_CAST target);
}

static xmlNodePtr whole_device(struct lost *lost, xmlNodePtr device)
{
    xmlNodePtr copy = is_refused(device) ? NULL : whole(device, lost->document);

    if (copy && is_named(copy, "disk"))
        move_target(lost, copy);
    return copy;
}

static xmlNodePtr device_patch(struct lost *lost, xmlNodePtr device)
{
    xmlDocPtr document = lost->document;
    xmlNodePtr other = device->_private, patch;
    xmlNodePtr alias = other ? xmlreader_child(other->psvi, "alias") : NULL;
    bool is_single = is_named(device, "memballoon") || is_named(device, "tpm") ||
                     is_named(device, "watchdog") || is_named(device, "iommu") ||
                     is_named(device, "vsock");

    if (!other)
        return whole_device(lost, device);
    /* without a name of ours, it would be one more */
    if (!alias && !is_single)
        return NULL;
    patch = patch_of(device, other, document);
    if (patch && alias)
        xmlAddChild(patch, xmlDocCopyNode(alias, document, 1));
    return patch;
}

/* What the domain is, rather than what it has; sizes that must be whole. */
static bool is_left_alone(xmlNodePtr element)
{
    static const char *const names[] = {"os",          "memory",   "vcpu", "title",
                                        "description", "metadata", NULL};

    return import_has_word(names, (const char *)element->name);
}

/* Keys of the file that an element belongs to. */
static bool is_of(xmlNodePtr element, const json_t *refused)
{
    static const struct {
        const char *element, *key;
    } rows[] = {
        {"cpu", "cpus"},
        {"cputune", "cpus"},
        {"numatune", "cpus"},
        {"iothreads", "cpus"},
        {"cpu", "memory"},
        {"maxMemory", "memory"},
        {"memtune", "memory"},
        {"numatune", "memory"},
        {"memoryBacking", "memory"},
        {"currentMemory", "memory"},
        {"sysinfo", "smbios"},
        {"sysinfo", "fw_cfg"},
        {"disk", "disks"},
        {"disk", "cdroms"},
        {"interface", "networks"},
        {"filesystem", "shares"},
        {"hostdev", "devices"},
        {"channel", "channels"},
        {"memballoon", "balloon"},
        {"redirdev", "usb"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        if (is_named(element, rows[i].element) && json_object_get(refused, rows[i].key))
            return true;
    }
    return json_object_get(refused, (const char *)element->name) != NULL;
}

static void add_text(json_t *list, xmlNodePtr patch)
{
    xmlBufferPtr buffer = xmlBufferCreate();
    char *text;

    xmlReconciliateNs(patch->doc, patch);
    xmlNodeDump(buffer, patch->doc, patch, 0, 1);
    text = xasprintf("%s\n", (const char *)xmlBufferContent(buffer));
    json_array_append_new(list, json_string(text));
    free(text);
    xmlBufferFree(buffer);
    xmlFreeNode(patch);
}

static void add_devices(struct lost *lost, xmlNodePtr devices)
{
    each_element(devices, n)
    {
        xmlNodePtr patch = is_of(n, lost->refused) ? NULL : device_patch(lost, n);

        if (patch)
            add_text(lost->list, patch);
    }
}

json_t *lost_fragments(xmlNodePtr original, xmlNodePtr copy, const json_t *refused)
{
    struct lost lost = {.document = xmlNewDoc(BAD_CAST "1.0"),
                        .list = json_array(),
                        .targets = json_object(),
                        .rendered = xmlreader_child(copy, "devices"),
                        .refused = refused};

    each_element(original, n)
    {
        xmlNodePtr patch = NULL;

        if (is_named(n, "devices"))
            add_devices(&lost, n);
        else if (!is_left_alone(n) && !is_of(n, refused))
            patch =
                n->_private ? patch_of(n, n->_private, lost.document) : whole(n, lost.document);
        if (patch)
            add_text(lost.list, patch);
    }
    xmlFreeDoc(lost.document);
    json_decref(lost.targets);
    return lost.list;
}
