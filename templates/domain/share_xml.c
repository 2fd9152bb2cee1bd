/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/domain_part.h"

static void write_driver(struct xmlwriter *w, const struct share *share)
{
    xml_open(w, "driver");
    xml_attribute(w, "type", share->driver == SHARE_9P ? "path" : "virtiofs");
    if (share->queue)
        xml_attributef(w, "queue", "%lld", share->queue);
    xml_close(w);
}

static void write_binary(struct xmlwriter *w, const struct share *share)
{
    if (!share->xattr && !share->cache)
        return;
    xml_open(w, "binary");
    if (share->xattr)
        xml_attribute(w, "xattr", share->xattr == SWITCH_ON ? "on" : "off");
    if (share->cache)
        xml_empty(w, "cache", "mode", share_caches[share->cache], NULL);
    xml_close(w);
}

/* QEMU is no root on the host: it could not give files away. virtiofs has but one way. */
static const char *access_mode(const struct share *share)
{
    if (share->driver == SHARE_VIRTIOFS)
        return "passthrough";
    return share->access ? share_accesses[share->access] : "mapped";
}

void share_xml_write(struct xmlwriter *w, const struct domain_template *t)
{
    size_t index = 0;

    list_each(struct share, t->node->shares, share)
    {
        xml_open(w, "filesystem");
        xml_attribute(w, "type", "mount");
        xml_attribute(w, "accessmode", access_mode(share));
        write_driver(w, share);
        write_binary(w, share);
        xml_empty(w, "source", "dir", share->source, NULL);
        xml_empty(w, "target", "dir", share->tag, NULL);
        if (share->readonly)
            xml_empty(w, "readonly", NULL);
        domain_write_alias_number(w, "ua-shares", index++);
        xml_close(w);
    }
}
