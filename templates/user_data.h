/* SPDX-License-Identifier: Apache-2.0 */
/* What user-data says, as JSON, before it is written as YAML. */
#ifndef TEMPLATES_USER_DATA_H
#define TEMPLATES_USER_DATA_H

#include <jansson.h>

#include "templates/cloud_init.h"

/* A new reference. `host_keys`: with the guest's SSH host keys. */
int user_data_build(const struct seed_template *t, bool host_keys, json_t **ret,
                    struct error **err) MUST_CHECK;
/* Merges the file's `cloud_init` into `base`: mappings merge, the lists that hold work to do
 * (runcmd, write_files, users, packages, bootcmd, ssh_authorized_keys) grow, everything else is
 * replaced. */
void user_data_merge(json_t *base, const json_t *over);

#endif
