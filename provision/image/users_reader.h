/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of image_users_read(): what pools say, what domains say, and the files below those
 * that neither says more of. */
#ifndef PROVISION_USERS_READER_H
#define PROVISION_USERS_READER_H

#include "config/names.h"
#include "provision/image/image_users.h"

struct users_reader {
    struct site_host *host;
    virConnectPtr connection;
    enum users_look look;
    const char *except; /* a folder, or NULL */
    char *store;        /* the store's folder as users_path() has it; owned */
    struct image_users *users;
    struct names
        told;    /* files of which it is known what they stand on, as users_path() has it */
    char **kept; /* the keys of `told`; owned */
    size_t kept_count;
    char **folders; /* of pools; owned */
    size_t folder_count;
};

/* Takes `by`. */
void users_add(struct image_users *users, const char *path, char *by, bool layer);
void users_unknown(struct image_users *users, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* What a file stands on is among the users, or it is nothing. */
void users_told(struct users_reader *r, const char *path);
bool users_is_told(const struct users_reader *r, const char *path);
bool users_is_below(const char *path, const char *folder);
/* A path as it is compared: on this machine without links, else without "//" and "..". The
 * caller frees it. */
char *users_path(bool local, const char *path);
/* The file that a header of the file `of` names as its backing file: a path, "file:…" or
 * "json:…". NULL: none on this host; or not understood, then *unclear. The caller frees it. */
char *users_backing(const char *of, const char *name, bool *unclear);

int users_read_pools(struct users_reader *r, struct error **err) MUST_CHECK;
int users_read_domains(struct users_reader *r, struct error **err) MUST_CHECK;
/* A file that `by` is on: what it stands on, as far down as its headers say, which only this
 * machine's can be asked. `is_qcow2`: it is said to have such a header. */
void users_follow(struct users_reader *r, const char *path, bool is_qcow2, const char *by);

#endif
