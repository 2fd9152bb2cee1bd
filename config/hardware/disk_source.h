/* SPDX-License-Identifier: Apache-2.0 */
/* Where a disk's bytes are when virtopo does not make them. */
#ifndef CONFIG_DISK_SOURCE_H
#define CONFIG_DISK_SOURCE_H

#include "config/schema/schema.h"

enum disk_source_kind {
    DISK_SOURCE_NONE,
    DISK_SOURCE_FILE,
    DISK_SOURCE_BLOCK,
    DISK_SOURCE_NFS,
    DISK_SOURCE_ISCSI,
    DISK_SOURCE_RBD
};

/* Who logs in; the password is in a libvirt secret of the host, never in the file. */
struct disk_auth {
    const char *user;
    const char *uuid, *usage; /* of the secret: one of them */
    const struct document_node *source;
};

struct disk_nfs {
    const char *server, *path, *user, *group;
    const struct document_node *source;
};

struct disk_iscsi {
    const char *server;
    long long port; /* 0: 3260 */
    const char *target;
    long long lun;
    const char *initiator; /* or NULL */
    struct disk_auth auth;
    const struct document_node *source;
};

struct disk_rbd {
    const char *pool, *image;
    struct string_list servers; /* "mon1" or "mon1:6789"; none: those of the configuration */
    const char *config;         /* a ceph.conf on the host, or NULL */
    struct disk_auth auth;
    const struct document_node *source;
};

/* Exactly one of them. */
struct disk_source {
    int kind; /* enum disk_source_kind, worked out when the file is loaded */
    const char *file, *block;
    struct disk_nfs nfs;
    struct disk_iscsi iscsi;
    struct disk_rbd rbd;
    const struct document_node *source;
};

extern const struct schema disk_source_schema, disk_auth_schema, disk_nfs_schema,
    disk_iscsi_schema, disk_rbd_schema;

/* `/srv/a.qcow2` is a file, `/dev/sdb` a block device. */
bool disk_source_short(struct binder *b, const struct document_node *node, void *target);
int disk_source_kind(const struct disk_source *source);
/* What tells one source from another: "file /srv/a.qcow2", "rbd vms/db". */
const char *disk_source_text(struct arena *arena, const struct disk_source *source);

#endif
