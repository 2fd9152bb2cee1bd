/* SPDX-License-Identifier: Apache-2.0 */
#include "config/network/vlan.h"

#include <stddef.h>

#include "util/memory.h"

static const struct field id_fields[] = {
    {.key = "id",
     .type = FIELD_INTEGER,
     .offset = offsetof(struct vlan_id, id),
     .flags = FIELD_REQUIRED,
     .min = 1,
     .max = VLAN_LAST,
     .change = FIELD_CHANGE_LIVE,
     .summary = "The VLAN's number",
     .example = "40",
     .also = "vlan tag number"},
};

const struct schema vlan_id_schema = {
    .name = "VLAN of a trunk",
    .size = sizeof(struct vlan_id),
    .fields = id_fields,
    .field_count = ARRAY_SIZE(id_fields),
    .source_offset = offsetof(struct vlan_id, source),
    .short_form_text = "write [40, 41]",
    .scalar_key = "id",
};

bool vlan_is_set(const struct vlan_setting *vlan)
{
    return vlan->tag || vlan->trunk.count;
}

bool vlan_has(const struct vlan_setting *vlan, long long id)
{
    const struct vlan_id *ids = vlan->trunk.items;

    for (size_t i = 0; i < vlan->trunk.count; i++) {
        if (ids[i].id == id)
            return true;
    }
    return false;
}
