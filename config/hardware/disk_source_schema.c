/* SPDX-License-Identifier: Apache-2.0 */
#include "config/cluster.h"

#define TEXT(struct_, key_, flags_, default_, summary_, example_, also_)              \
    {                                                                                 \
        .key = #key_, .type = FIELD_STRING, .offset = offsetof(struct struct_, key_), \
        .flags = flags_, .change = FIELD_CHANGE_RESTART, .default_text = default_,    \
        .summary = summary_, .example = example_, .also = also_                       \
    }

static const struct field auth_fields[] = {
    TEXT(disk_auth, user, FIELD_REQUIRED, NULL, "Who logs in", "libvirt", "username name"),
    TEXT(disk_auth, uuid, 0, NULL, "The UUID of the host's libvirt secret with the password",
         "0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f", "secret_uuid secret"),
    TEXT(disk_auth, usage, 0, NULL, "Or the usage name of that secret (virsh secret-list)",
         "ceph-lab", "secret_usage"),
};

const struct schema disk_auth_schema = {
    .name = "auth",
    .size = sizeof(struct disk_auth),
    .fields = auth_fields,
    .field_count = ARRAY_SIZE(auth_fields),
    .source_offset = offsetof(struct disk_auth, source),
    .short_form_text = "write { user: libvirt, usage: ceph-lab }",
};

#define AUTH_FIELD(struct_)                                                               \
    {                                                                                     \
        .key = "auth", .type = FIELD_STRUCT, .offset = offsetof(struct struct_, auth),    \
        .schema = &disk_auth_schema, .flags = FIELD_NOTE, .change = FIELD_CHANGE_RESTART, \
        .default_text = "no login",                                                       \
        .summary = "Who logs in; the password is in a libvirt secret of the host",        \
        .example = "{ user: libvirt, usage: ceph-lab }"                                   \
    }

static const struct field nfs_fields[] = {
    TEXT(disk_nfs, server, FIELD_REQUIRED, NULL, "The server", "10.20.0.1", "host"),
    TEXT(disk_nfs, path, FIELD_REQUIRED, NULL, "The file on it", "/export/data.qcow2", "file"),
    TEXT(disk_nfs, user, FIELD_NOTE, "QEMU's own", "As which user, by name or as +NUMBER",
         "+1000", "uid"),
    TEXT(disk_nfs, group, FIELD_NOTE, "QEMU's own", "As which group, by name or as +NUMBER",
         "+1000", "gid"),
};

const struct schema disk_nfs_schema = {
    .name = "nfs",
    .size = sizeof(struct disk_nfs),
    .fields = nfs_fields,
    .field_count = ARRAY_SIZE(nfs_fields),
    .source_offset = offsetof(struct disk_nfs, source),
    .short_form_text = "write { server: 10.20.0.1, path: /export/data.qcow2 }",
};

static const struct field iscsi_fields[] = {
    TEXT(disk_iscsi, server, FIELD_REQUIRED, NULL, "The portal", "10.20.0.1", "host portal"),
    {.key = "port",
     .type = FIELD_INTEGER,
     .offset = offsetof(struct disk_iscsi, port),
     .min = 1,
     .max = 65535,
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "3260",
     .summary = "The portal's port",
     .example = "3260"},
    TEXT(disk_iscsi, target, FIELD_REQUIRED, NULL, "The target's name",
         "iqn.2026-01.test.lab:disks", "iqn name"),
    {.key = "lun",
     .type = FIELD_INTEGER,
     .offset = offsetof(struct disk_iscsi, lun),
     .min = 0,
     .max = 16383,
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "0",
     .summary = "The number of the disk in the target",
     .example = "1",
     .also = "unit"},
    TEXT(disk_iscsi, initiator, FIELD_NOTE, "QEMU's own", "What the host calls itself there",
         "iqn.2026-01.test.lab:alpha", "initiator_iqn"),
    AUTH_FIELD(disk_iscsi),
};

const struct schema disk_iscsi_schema = {
    .name = "iscsi",
    .size = sizeof(struct disk_iscsi),
    .fields = iscsi_fields,
    .field_count = ARRAY_SIZE(iscsi_fields),
    .source_offset = offsetof(struct disk_iscsi, source),
    .short_form_text =
        "write { server: 10.20.0.1, target: iqn.2026-01.test.lab:disks, lun: 1 }",
};

static const struct field rbd_fields[] = {
    TEXT(disk_rbd, pool, FIELD_REQUIRED, NULL, "The pool", "vms", NULL),
    TEXT(disk_rbd, image, FIELD_REQUIRED, NULL, "The image in it", "db-data", "name volume"),
    {.key = "servers",
     .type = FIELD_STRINGS,
     .offset = offsetof(struct disk_rbd, servers),
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "those of the configuration",
     .summary = "The monitors, each with or without a port",
     .example = "[10.20.0.1, 10.20.0.2:6789]",
     .also = "hosts monitors mon_host"},
    TEXT(disk_rbd, config, FIELD_NOTE, "/etc/ceph/ceph.conf",
         "A configuration file of Ceph on the host", "/etc/ceph/lab.conf", "conf"),
    AUTH_FIELD(disk_rbd),
};

const struct schema disk_rbd_schema = {
    .name = "rbd",
    .size = sizeof(struct disk_rbd),
    .fields = rbd_fields,
    .field_count = ARRAY_SIZE(rbd_fields),
    .source_offset = offsetof(struct disk_rbd, source),
    .short_form_text = "write { pool: vms, image: db-data }",
};

#define PART(key_, summary_, example_)                                                        \
    {                                                                                         \
        .key = #key_, .type = FIELD_STRUCT, .offset = offsetof(struct disk_source, key_),     \
        .schema = &disk_##key_##_schema, .flags = FIELD_NOTE, .change = FIELD_CHANGE_RESTART, \
        .summary = summary_, .example = example_                                              \
    }

static const struct field source_fields[] = {
    TEXT(disk_source, file, FIELD_NOTE, NULL, "A file on the host", "/srv/vm/data.qcow2",
         "path"),
    TEXT(disk_source, block, FIELD_NOTE, NULL, "A block device of the host", "/dev/vg0/data",
         "dev device"),
    PART(nfs, "A file on an NFS server, which QEMU reads by itself",
         "{ server: 10.20.0.1, path: /export/data.qcow2 }"),
    PART(iscsi, "A disk of an iSCSI target, which QEMU reads by itself",
         "{ server: 10.20.0.1, target: \"iqn.2026-01.test.lab:disks\" }"),
    PART(rbd, "An image of a Ceph cluster", "{ pool: vms, image: db-data }"),
};

const struct schema disk_source_schema = {
    .name = "source",
    .size = sizeof(struct disk_source),
    .fields = source_fields,
    .field_count = ARRAY_SIZE(source_fields),
    .source_offset = offsetof(struct disk_source, source),
    .short_form = disk_source_short,
    .short_form_text =
        "write /srv/vm/data.qcow2, /dev/vg0/data or one of { file: }, { block: }, "
        "{ nfs: }, { iscsi: }, { rbd: }",
    .short_form_schema = "$ref: '#/$defs/value-text'",
    .one_of = "file block nfs iscsi rbd",
};
