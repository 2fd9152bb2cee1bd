/* SPDX-License-Identifier: Apache-2.0 */
/* <source> of a <disk>. */
#include <stdlib.h>
#include <string.h>

#include "templates/import/import_part.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

static void import_auth(json_t *object, xmlNodePtr disk, xmlNodePtr source)
{
    static const struct import_row rows[] = {
        {"auth.user", "@username", IMPORT_TEXT},
        {"auth.uuid", "secret@uuid", IMPORT_TEXT},
        {"auth.usage", "secret@usage", IMPORT_TEXT},
        {0},
    };
    xmlNodePtr auth = xmlreader_child(source, "auth");

    import_rows(object, auth ? auth : xmlreader_child(disk, "auth"), rows);
}

static json_t *import_nfs(xmlNodePtr source)
{
    static const struct import_row rows[] = {
        {"server", "host@name", IMPORT_TEXT},
        {"path", "@name", IMPORT_TEXT},
        {"user", "identity@user", IMPORT_TEXT},
        {"group", "identity@group", IMPORT_TEXT},
        {0},
    };
    json_t *nfs = json_object();

    import_rows(nfs, source, rows);
    return json_pack("{s:o}", "nfs", nfs);
}

/* "iqn.2026-01.org.example:disks/1": the unit is behind the last slash. */
static json_t *import_iscsi(xmlNodePtr disk, xmlNodePtr source)
{
    static const struct import_row rows[] = {
        {"server", "host@name", IMPORT_TEXT},
        {"port", "host@port", IMPORT_NUMBER},
        {"initiator", "initiator/iqn@name", IMPORT_TEXT},
        {0},
    };
    json_t *iscsi = json_object();
    auto_free char *name = xmlreader_attribute(source, "name");
    char *slash = name ? strrchr(name, '/') : NULL;

    import_rows(iscsi, source, rows);
    if (json_integer_value(json_object_get(iscsi, "port")) == 3260)
        json_object_del(iscsi, "port");
    if (slash) {
        *slash = '\0';
        import_set(iscsi, "lun", json_integer(xmlreader_number(slash + 1, 0)));
    }
    import_set_text(iscsi, "target", name);
    import_auth(iscsi, disk, source);
    return json_pack("{s:o}", "iscsi", iscsi);
}

static json_t *import_rbd(xmlNodePtr disk, xmlNodePtr source)
{
    json_t *rbd = json_object(), *servers = json_array();
    auto_free char *name = xmlreader_attribute(source, "name");
    auto_free char *config = import_text(source, "config@file");
    char *slash = name ? strchr(name, '/') : NULL;

    if (slash) {
        *slash = '\0';
        import_set_text(rbd, "image", slash + 1);
    }
    import_set_text(rbd, "pool", name);
    import_each(source, "host", n)
    {
        auto_free char *host = xmlreader_attribute(n, "name");
        auto_free char *port = xmlreader_attribute(n, "port");

        if (host)
            json_array_append_new(
                servers, json_sprintf("%s%s%s", host, port ? ":" : "", port ? port : ""));
    }
    import_set(rbd, "servers", servers);
    import_set_text(rbd, "config", config);
    import_auth(rbd, disk, source);
    return json_pack("{s:o}", "rbd", rbd);
}

json_t *import_disk_source(xmlNodePtr disk)
{
    xmlNodePtr source = xmlreader_child(disk, "source");
    auto_free char *file = xmlreader_attribute(source, "file");
    auto_free char *dev = xmlreader_attribute(source, "dev");

    if (file)
        return strncmp(file, "/dev/", 5) == 0 ? json_pack("{s:s}", "file", file)
                                              : json_string(file);
    if (dev)
        return strncmp(dev, "/dev/", 5) == 0 ? json_string(dev)
                                             : json_pack("{s:s}", "block", dev);
    if (xmlreader_is(source, "protocol", "nfs"))
        return import_nfs(source);
    if (xmlreader_is(source, "protocol", "iscsi"))
        return import_iscsi(disk, source);
    return xmlreader_is(source, "protocol", "rbd") ? import_rbd(disk, source) : NULL;
}
