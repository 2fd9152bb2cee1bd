/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/storage_xml.h"

#include <inttypes.h>
#include <string.h>

#include "templates/xmlwriter.h"

static void write_permissions(struct xmlwriter *w, const char *mode)
{
    xml_open(w, "permissions");
    xml_element(w, "mode", mode);
    xml_close(w);
}

static void write_bytes(struct xmlwriter *w, const char *element, uint64_t bytes)
{
    xml_open(w, element);
    xml_attribute(w, "unit", "bytes");
    xml_textf(w, "%" PRIu64, bytes);
    xml_close(w);
}

int pool_xml(const char *name, const char uuid[UUID_TEXT], const char *path, char **ret,
             struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    xml_open(&w, "pool");
    xml_attribute(&w, "type", "dir");
    xml_element(&w, "name", name);
    xml_element(&w, "uuid", uuid);
    xml_open(&w, "target");
    xml_element(&w, "path", path);
    write_permissions(&w, "0711");
    xml_close(&w);
    xml_close(&w);
    return xml_finish(&w, ret, err);
}

static void write_target(struct xmlwriter *w, const struct volume_template *t)
{
    xml_open(w, "target");
    xml_empty(w, "format", "type", t->format, NULL);
    if (t->mode)
        write_permissions(w, t->mode);
    /* libvirt's own default is 0.10, which QEMU has to convert for some features */
    if (strcmp(t->format, "qcow2") == 0)
        xml_element(w, "compat", "1.1");
    xml_close(w);
}

int volume_xml(const struct volume_template *t, char **ret, struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    xml_open(&w, "volume");
    xml_element(&w, "name", t->name);
    write_bytes(&w, "capacity", t->capacity);
    /* left out, a raw volume is allocated in full */
    write_bytes(&w, "allocation", 0);
    write_target(&w, t);
    if (t->backing_path) {
        xml_open(&w, "backingStore");
        xml_element(&w, "path", t->backing_path);
        xml_empty(&w, "format", "type", t->backing_format, NULL);
        xml_close(&w);
    }
    xml_close(&w);
    return xml_finish(&w, ret, err);
}
