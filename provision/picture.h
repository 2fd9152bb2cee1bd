/* SPDX-License-Identifier: Apache-2.0 */
/* A picture of the file, or of what there is on the hosts. */
#ifndef PROVISION_PICTURE_H
#define PROVISION_PICTURE_H

#include "provision/provision.h"
#include "templates/picture/picture.h"

/* Of the file alone, with the addresses that it gives and those that a first `up` would. */
void provision_picture_file(const struct cluster *cluster, struct picture *ret);
/* Of what there is, by its tags; what the file has beside it is shown as missing. Asks DHCP
 * servers for addresses. */
void provision_picture_live(const struct site *site, struct picture *ret);

#endif
