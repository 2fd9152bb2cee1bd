/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who uses the files of a host's store: read from the headers of overlays and the definitions
 * of domains, of all clusters and of everybody else, and not from any list that is kept. What
 * cannot be looked at counts as a user of everything.
 */
#ifndef PROVISION_IMAGE_USERS_H
#define PROVISION_IMAGE_USERS_H

#include "host/site.h"

struct image_user {
    char *path; /* the file that is used */
    char *by;   /* "node web of lab", "domain x", "volume a of pool b" */
    bool layer; /* an image of the store is made on it: that one may be unused itself */
};

struct image_users {
    struct image_user *items;
    size_t count;
    bool local;    /* paths are those of this machine: links are followed */
    char *unknown; /* what could not be looked at; NULL: all is known */
};

enum users_look {
    USERS_GLANCE, /* as libvirt's lists have it, for people */
    USERS_FRESH,  /* before something is removed: pools are read anew */
};

/* `except` (or NULL): a folder whose overlays, and the domains on them, do not count, as they
 * go. Images that are layers on others count as their users. */
int image_users_read(struct site_host *host, virConnectPtr connection, enum users_look look,
                     const char *except, struct image_users *ret,
                     struct error **err) MUST_CHECK;
void image_users_done(struct image_users *users);
#define auto_image_users __attribute__((cleanup(image_users_done)))

/* The next user of a file after `user` (NULL: the first), or NULL. */
const struct image_user *image_users_next(const struct image_users *users, const char *path,
                                          const struct image_user *user);
bool image_users_has(const struct image_users *users, const char *path);

/* The images of the store that nothing uses but others of these; none where not all users are
 * known. By index of survey.store.volumes; the caller frees it. */
bool *image_users_unused(const struct site_host *host, const struct image_users *users);

#endif
