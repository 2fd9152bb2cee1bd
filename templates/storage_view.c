/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/storage_xml.h"

#include <stdlib.h>

#include "templates/xmlreader.h"

int volume_view_parse(const char *xml, struct volume_view *ret, struct error **err)
{
    auto_xml xmlDocPtr document = xmlreader_parse(xml, err);
    xmlNodePtr root = document ? xmlreader_root(document, "volume", err) : NULL;
    xmlNodePtr target = xmlreader_child(root, "target");
    xmlNodePtr backing = xmlreader_child(root, "backingStore");

    if (!root)
        return -1;
    *ret = (struct volume_view){
        .name = xmlreader_child_text(root, "name"),
        .path = xmlreader_child_text(target, "path"),
        .format = xmlreader_child_attribute(target, "format", "type"),
        .backing_path = xmlreader_child_text(backing, "path"),
        .backing_format = xmlreader_child_attribute(backing, "format", "type"),
        .capacity = xmlreader_bytes(xmlreader_child(root, "capacity"), "bytes"),
        .allocation = xmlreader_bytes(xmlreader_child(root, "allocation"), "bytes"),
        .physical = xmlreader_bytes(xmlreader_child(root, "physical"), "bytes"),
        .mtime = xmlreader_child_text(xmlreader_child(target, "timestamps"), "mtime"),
    };
    return 0;
}

void volume_view_done(struct volume_view *view)
{
    free(view->name);
    free(view->path);
    free(view->format);
    free(view->backing_path);
    free(view->backing_format);
    free(view->mtime);
    *view = (struct volume_view){0};
}

int pool_view_path(const char *xml, char **ret, struct error **err)
{
    auto_xml xmlDocPtr document = xmlreader_parse(xml, err);
    xmlNodePtr root = document ? xmlreader_root(document, "pool", err) : NULL;
    auto_free char *path = xmlreader_child_text(xmlreader_child(root, "target"), "path");

    if (!root)
        return -1;
    if (!path)
        return error_set(err, ERROR_FAILED, "the storage pool has no folder");
    *ret = TAKE(path);
    return 0;
}
