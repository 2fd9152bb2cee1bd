/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/copy_xml.h"

#include <string.h>

#include "templates/xmlreader.h"
#include "templates/xmlwriter.h"

static void write_disk(struct xmlwriter *w, const char *path, const char *format,
                       const char *target)
{
    xml_open(w, "disk");
    xml_attribute(w, "type", "file");
    xml_empty(w, "driver", "type", format, NULL);
    xml_empty(w, "source", "file", path, NULL);
    if (target)
        xml_empty(w, "target", "dev", target, "bus", "virtio", NULL);
    xml_close(w);
}

int copy_disk_xml(const char *path, const char *format, char **ret, struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    write_disk(&w, path, format, NULL);
    return xml_finish(&w, ret, err);
}

int copy_domain_xml(const char *name, const char *type, const char *arch, const char *machine,
                    const struct copy_disk *disks, size_t count, char **ret, struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    xml_open(&w, "domain");
    xml_attribute(&w, "type", type);
    xml_element(&w, "name", name);
    xml_open(&w, "memory");
    xml_attribute(&w, "unit", "MiB");
    xml_text(&w, "32");
    xml_close(&w);
    xml_open(&w, "os");
    xml_open(&w, "type");
    xml_attribute(&w, "arch", arch);
    xml_attribute(&w, "machine", machine);
    xml_text(&w, "hvm");
    xml_close(&w);
    xml_close(&w);
    xml_open(&w, "devices");
    for (size_t i = 0; i < count; i++)
        write_disk(&w, disks[i].path, disks[i].format, disks[i].target);
    xml_empty(&w, "memballoon", "model", "none", NULL);
    xml_close(&w);
    xml_close(&w);
    return xml_finish(&w, ret, err);
}

static bool is_below(const char *path, const char *folder)
{
    size_t length = strlen(folder);

    return path && strncmp(path, folder, length) == 0 && path[length] == '/';
}

bool copy_under_way(const char *domain_xml, const char *folder, char **ret_target)
{
    auto_xml xmlDocPtr document = xmlreader_parse(domain_xml, NULL);
    xmlNodePtr root = document ? xmlreader_root(document, "domain", NULL) : NULL;
    xmlNodePtr disk = xmlreader_child(xmlreader_child(root, "devices"), "disk");

    for (; disk; disk = xmlreader_next(disk)) {
        xmlNodePtr mirror = xmlreader_child(disk, "mirror");
        auto_free char *path = xmlreader_child_attribute(mirror, "source", "file");

        if (mirror && is_below(path, folder)) {
            *ret_target = xmlreader_child_attribute(disk, "target", "dev");
            return *ret_target;
        }
    }
    return false;
}
