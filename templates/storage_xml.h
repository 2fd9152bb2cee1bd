/* SPDX-License-Identifier: Apache-2.0 */
/* Storage pools and volumes as libvirt XML, and what is read back. */
#ifndef TEMPLATES_STORAGE_XML_H
#define TEMPLATES_STORAGE_XML_H

#include <stdint.h>

#include "util/digest.h"
#include "util/error.h"

/* A `dir` pool; the folder gets mode 0711: QEMU may pass, nobody may list. */
int pool_xml(const char *name, const char uuid[UUID_TEXT], const char *path, char **ret,
             struct error **err) MUST_CHECK;

struct volume_template {
    const char *name;
    const char *format;       /* "qcow2" (compat 1.1) or "raw" (sparse) */
    uint64_t capacity;        /* bytes */
    const char *backing_path; /* qcow2 on a backing file, or NULL */
    const char *backing_format;
    const char *mode; /* "0600" */
};
int volume_xml(const struct volume_template *t, char **ret, struct error **err) MUST_CHECK;

struct volume_view {
    char *name, *path, *format, *backing_path, *backing_format;
    uint64_t capacity, allocation, physical; /* bytes; physical 0 when not told */
    char *mtime; /* as libvirt writes it, "1700000000.123456789", or NULL */
};
int volume_view_parse(const char *xml, struct volume_view *ret, struct error **err) MUST_CHECK;
void volume_view_done(struct volume_view *view);
/* The <target><path> of a pool's XML. The caller frees it. */
int pool_view_path(const char *xml, char **ret, struct error **err) MUST_CHECK;

#endif
