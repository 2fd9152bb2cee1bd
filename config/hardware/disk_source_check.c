/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of disks that are somebody else's, and of media in CD-ROM drives. */
#include <ctype.h>
#include <string.h>

#include "config/loader.h"

#define HEX "0123456789abcdefABCDEF"

/* A path that is looked for on the host, so nothing here can complete it. */
static void check_host_path(struct loader *l, struct position at, const char *key,
                            const char *path)
{
    if (!path)
        return;
    if (strstr(path, "://"))
        finding_error(l->d, at, "disk-source",
                      "for example { nfs: { server: 10.20.0.1, path: /export/data.qcow2 } }; "
                      "`virtopo explain nodes.disks.source` shows all forms",
                      "%s '%s' is a URL, not a path", key, path);
    else if (*path != '/')
        finding_error(l->d, at, "disk-source",
                      "write the whole path, such as /srv/vm/data.qcow2",
                      "%s '%s' is looked for on the host, where it has no folder to start "
                      "from",
                      key, path);
    else if (!is_clean_path(path))
        finding_error(l->d, at, "disk-source", "write it without them",
                      "%s '%s' has an empty part, '.' or '..' in it", key, path);
}

/* What is in there belongs to virtopo, which removes what it does not know. */
static void check_not_ours(struct loader *l, struct position at, const char *path)
{
    list_each(struct host_entry, l->cluster->hosts, host)
    {
        size_t length = host->dir ? strlen(host->dir) : 0;

        if (path && length && !strncmp(path, host->dir, length) && path[length] == '/')
            finding_error(l->d, at, "disk-source", "move it to another folder",
                          "'%s' is in %s, where virtopo keeps what it makes and removes itself",
                          path, host->dir);
    }
}

/* Where the value of a source stands, in its short form too. */
static struct position source_at(const struct disk_source *source, const char *key)
{
    return document_get(source->source, key) ? document_get(source->source, key)->position
                                             : source->source->position;
}

static bool is_uuid(const char *text)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    size_t i = 0;

    for (; form[i] && text[i]; i++) {
        if (form[i] == '-' ? text[i] != '-' : !strchr(HEX, text[i]))
            return false;
    }
    return !form[i] && !text[i];
}

static void check_auth(struct loader *l, const struct disk_auth *auth)
{
    if (!auth->source || auth->source->kind != DOCUMENT_MAPPING)
        return;
    if (!document_get(auth->source, "uuid") == !document_get(auth->source, "usage"))
        finding_error(l->d, auth->source->key_position, "disk-auth",
                      "the password is in a secret of the host's libvirt (virsh secret-list "
                      "shows both)",
                      "auth needs exactly one of uuid, usage");
    if (auth->uuid && !is_uuid(auth->uuid))
        finding_error(l->d, loader_position(auth->source, "uuid"), "disk-auth",
                      "for example 0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f", "'%s' is not a UUID",
                      auth->uuid);
    if (auth->user && strspn(auth->user, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                         "0123456789_+-") != strlen(auth->user))
        finding_error(l->d, loader_position(auth->source, "user"), "disk-auth",
                      "use letters, digits and _ + -", "'%s' cannot be a user of auth",
                      auth->user);
}

static bool is_server(const char *text)
{
    return text && strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789.-") == strlen(text);
}

static void check_server(struct loader *l, struct position at, const char *key,
                         const char *server)
{
    if (server && !is_server(server))
        finding_error(l->d, at, "disk-server",
                      "write a name or an IPv4 address, without anything around it",
                      "%s '%s' is not a server's name", key, server);
}

static void check_iscsi(struct loader *l, const struct disk_iscsi *iscsi)
{
    const struct {
        const char *key, *name;
    } names[] = {{"target", iscsi->target}, {"initiator", iscsi->initiator}};

    check_server(l, loader_position(iscsi->source, "server"), "server", iscsi->server);
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        if (names[i].name && strncmp(names[i].name, "iqn.", 4) &&
            strncmp(names[i].name, "eui.", 4) && strncmp(names[i].name, "naa.", 4))
            finding_error(l->d, loader_position(iscsi->source, names[i].key), "disk-iscsi",
                          "for example iqn.2026-01.test.lab:disks",
                          "%s '%s' is no iSCSI name: those start with iqn., eui. or naa.",
                          names[i].key, names[i].name);
    }
    if (iscsi->target && strchr(iscsi->target, '/'))
        finding_error(l->d, loader_position(iscsi->source, "target"), "disk-iscsi",
                      "write the number behind it as 'lun'", "target '%s' has a '/' in it",
                      iscsi->target);
    check_auth(l, &iscsi->auth);
}

static void check_rbd(struct loader *l, const struct disk_rbd *rbd)
{
    struct position at = loader_position(rbd->source, "servers");

    for (size_t i = 0; i < rbd->servers.count; i++) {
        const char *colon = strchr(rbd->servers.items[i], ':');
        const char *name =
            colon ? arena_printf(l->arena, "%.*s", (int)(colon - rbd->servers.items[i]),
                                 rbd->servers.items[i])
                  : rbd->servers.items[i];

        if (!*name || !is_server(name) ||
            (colon && (!colon[1] || strspn(colon + 1, "0123456789") != strlen(colon + 1))))
            finding_error(l->d, at, "disk-server", "write mon1 or mon1:6789",
                          "'%s' is not a monitor's name", rbd->servers.items[i]);
    }
    if ((rbd->pool && strchr(rbd->pool, '/')) || (rbd->image && strchr(rbd->image, '/')))
        finding_error(l->d, rbd->source->key_position, "disk-rbd",
                      "write { pool: vms, image: db-data }",
                      "neither pool nor image of a source has a '/' in it");
    check_host_path(l, loader_position(rbd->source, "config"), "config", rbd->config);
    check_auth(l, &rbd->auth);
}

static void check_one_source(struct loader *l, const struct disk_source *source)
{
    const struct document_node *item, *first = NULL;

    if (!source->source || source->source->kind != DOCUMENT_MAPPING)
        return;
    document_each (source->source, i, item) {
        if (!schema_field(&disk_source_schema, item->key))
            continue;
        if (first)
            finding_error(l->d, item->key_position, "disk-source", "remove one of them",
                          "a disk has one source, and this one has %s and %s", first->key,
                          item->key);
        first = first ? first : item;
    }
    if (!first && source->source->count == 0)
        finding_error(l->d, source->source->position, "disk-source",
                      disk_source_schema.short_form_text,
                      "source needs exactly one of file, block, nfs, iscsi, rbd, and has none");
}

void check_disk_source(struct loader *l, const struct disk *disk)
{
    const struct disk_source *source = &disk->from;

    check_one_source(l, source);
    if (source->kind == DISK_SOURCE_NONE)
        return;
    check_host_path(l, source_at(source, "file"), "source", source->file);
    check_host_path(l, source_at(source, "block"), "source", source->block);
    check_not_ours(l, source_at(source, "file"), source->file);
    if (source->kind == DISK_SOURCE_NFS) {
        check_server(l, loader_position(source->nfs.source, "server"), "server",
                     source->nfs.server);
        check_host_path(l, loader_position(source->nfs.source, "path"), "path",
                        source->nfs.path);
    }
    if (source->kind == DISK_SOURCE_ISCSI)
        check_iscsi(l, &source->iscsi);
    if (source->kind == DISK_SOURCE_RBD)
        check_rbd(l, &source->rbd);
    if (!disk_format_name(disk) && (source->file || source->nfs.path))
        finding_error(l->d, loader_position(disk->source, "source"), "disk-format",
                      "add 'format: qcow2' or 'format: raw' (qemu-img info says which)",
                      "the name '%s' does not say what format it has",
                      source->file ? source->file : source->nfs.path);
}

static void check_medium_path(struct loader *l, struct position at, const char *path)
{
    if (path && *path == '/')
        check_host_path(l, at, "source", path);
    else if (path)
        finding_error(l->d, at, "cdrom-medium",
                      "a file that is here goes under 'images' (iso: { file: PATH }), and its "
                      "name to 'image'",
                      "'%s' is looked for on the host, where it has no folder to start from",
                      path);
}

void check_cdroms(struct loader *l, const struct node *node)
{
    auto_names struct names names = {0};

    list_each(struct cdrom, node->cdroms, cdrom)
    {
        struct position at = cdrom->source->kind == DOCUMENT_MAPPING
                                 ? loader_position(cdrom->source, "source")
                                 : cdrom->source->position;
        const struct cdrom *before = cdrom->name ? names_add(&names, cdrom->name, cdrom) : NULL;

        if (before)
            finding_error(l->d, loader_position(cdrom->source, "name"), "cdrom-name",
                          "rename one of them", "CD-ROM drive '%s' is already in %s",
                          cdrom->name, loader_line(l, at, before->source->position));
        if (cdrom->path && cdrom->image_name)
            finding_error(l->d, at, "cdrom-medium", "remove one of them",
                          "a CD-ROM drive has one medium, and this one has a source and an "
                          "image");
        check_medium_path(l, at, cdrom->path);
        check_not_ours(l, at, cdrom->path);
    }
}

struct shared {
    const struct disk *disk;
    const struct node *node;
};

/* One writer, or all of them know of each other, or nobody writes. */
static void check_shared(struct loader *l, struct names *sources, const struct node *node,
                         const struct disk *disk)
{
    const char *text = disk_source_text(l->arena, &disk->from);
    struct position at = loader_position(disk->source, "source");
    struct shared *this = arena_alloc(l->arena, sizeof *this), *before;
    static const char hint[] =
        "say 'shareable: true' in all of them if the file system on it is "
        "made for this, or 'readonly: true'";

    *this = (struct shared){disk, node};
    before = names_add(sources, text, this);
    if (node->count > 1 && !disk->readonly && !disk->shareable)
        finding_error(l->d, at, "disk-shared", hint,
                      "%lld nodes cannot write to the same disk %s", node->count, text);
    else if (before && !(disk->readonly && before->disk->readonly) &&
             !(disk->shareable && before->disk->shareable))
        finding_error(l->d, at, "disk-shared", hint,
                      "%s is also disk '%s' of node '%s' (%s), and only one may write to it",
                      text, before->disk->name ? before->disk->name : "?", before->node->group,
                      loader_line(l, at, loader_position(before->disk->source, "source")));
}

void check_shared_disks(struct loader *l)
{
    auto_names struct names sources = {0};

    for (size_t i = 0; i < l->group_count; i++) {
        const struct node *node = &l->groups[i].base;

        list_each(struct disk, node->disks, disk)
        {
            if (disk_is_foreign(disk))
                check_shared(l, &sources, node, disk);
        }
    }
}
