/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The VLANs of a port of a virtual switch. With `tag` alone it is an access port: what leaves
 * the guest is in that VLAN, and the guest sees no tags. With `trunk` the guest's frames have
 * their own tags, of which those listed pass; `tag` is then the VLAN of frames without one.
 */
#ifndef CONFIG_VLAN_H
#define CONFIG_VLAN_H

#include <stdbool.h>

#include "config/schema/schema.h"

#define VLAN_LAST 4094

struct vlan_id {
    long long id;
    const struct document_node *source;
};

struct vlan_setting {
    long long tag;     /* 0: none */
    struct list trunk; /* struct vlan_id */
};

/* An item of a `trunk`. */
extern const struct schema vlan_id_schema;

/* Whether there is any. */
bool vlan_is_set(const struct vlan_setting *vlan);
/* Whether the trunk lets it pass. */
bool vlan_has(const struct vlan_setting *vlan, long long id);

#endif
