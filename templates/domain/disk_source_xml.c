/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/domain_part.h"

#include <string.h>

static void write_host(struct xmlwriter *w, const char *name, long long port)
{
    xml_open(w, "host");
    xml_attribute(w, "name", name);
    if (port)
        xml_attributef(w, "port", "%lld", port);
    xml_close(w);
}

static void write_auth(struct xmlwriter *w, const struct disk_auth *auth, const char *type)
{
    if (!auth->user)
        return;
    xml_open(w, "auth");
    xml_attribute(w, "username", auth->user);
    xml_open(w, "secret");
    xml_attribute(w, "type", type);
    xml_attribute(w, "uuid", auth->uuid);
    xml_attribute(w, "usage", auth->usage);
    xml_close(w);
    xml_close(w);
}

static void write_nfs(struct xmlwriter *w, const struct disk_nfs *nfs)
{
    xml_attribute(w, "protocol", "nfs");
    xml_attribute(w, "name", nfs->path);
    write_host(w, nfs->server, 0);
    if (nfs->user || nfs->group) {
        xml_open(w, "identity");
        xml_attribute(w, "user", nfs->user);
        xml_attribute(w, "group", nfs->group);
        xml_close(w);
    }
}

static void write_iscsi(struct xmlwriter *w, const struct disk_iscsi *iscsi)
{
    xml_attribute(w, "protocol", "iscsi");
    xml_attributef(w, "name", "%s/%lld", iscsi->target, iscsi->lun);
    write_host(w, iscsi->server, iscsi->port ? iscsi->port : 3260);
    if (iscsi->initiator) {
        xml_open(w, "initiator");
        xml_empty(w, "iqn", "name", iscsi->initiator, NULL);
        xml_close(w);
    }
    write_auth(w, &iscsi->auth, "iscsi");
}

static void write_rbd(struct xmlwriter *w, const struct disk_rbd *rbd)
{
    xml_attribute(w, "protocol", "rbd");
    xml_attributef(w, "name", "%s/%s", rbd->pool, rbd->image);
    for (size_t i = 0; i < rbd->servers.count; i++) {
        const char *colon = strchr(rbd->servers.items[i], ':');
        auto_free char *name =
            colon ? xstrndup(rbd->servers.items[i], (size_t)(colon - rbd->servers.items[i]))
                  : xstrdup(rbd->servers.items[i]);

        xml_open(w, "host");
        xml_attribute(w, "name", name);
        xml_attribute(w, "port", colon ? colon + 1 : NULL);
        xml_close(w);
    }
    if (rbd->config)
        xml_empty(w, "config", "file", rbd->config, NULL);
    write_auth(w, &rbd->auth, "ceph");
}

void disk_source_xml_write(struct xmlwriter *w, const struct disk_source *source)
{
    xml_open(w, "source");
    if (source->kind == DISK_SOURCE_NFS)
        write_nfs(w, &source->nfs);
    else if (source->kind == DISK_SOURCE_ISCSI)
        write_iscsi(w, &source->iscsi);
    else if (source->kind == DISK_SOURCE_RBD)
        write_rbd(w, &source->rbd);
    xml_close(w);
}
