/* SPDX-License-Identifier: Apache-2.0 */
/* The part of image_users.h that is about domains. */
#ifndef PROVISION_IMAGE_USERS_DOMAIN_H
#define PROVISION_IMAGE_USERS_DOMAIN_H

#include "provision/image/image_users.h"

/* Every file that the definition of a domain names, and the files below those, as far as they
 * can be told: a running one lists its chains, and on this machine headers can be read. */
int image_users_read_domains(struct site_host *host, virConnectPtr connection,
                             const char *except, struct image_users *users,
                             struct error **err) MUST_CHECK;
/* Takes `by`. */
void image_users_add(struct image_users *users, const char *path, char *by, bool layer);

#endif
