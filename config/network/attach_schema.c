/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of networks about where they are attached to the host: devices and VLANs. */
#include <stddef.h>

#include "config/network/network.h"
#include "util/memory.h"

const char *const network_macvtap_words[] = {"bridge", "vepa", "private", "passthrough", NULL};
static const char *const macvtap_notes[] = {
    "guests on the device reach each other and the world outside, but not the host itself",
    "all frames go to the switch outside, which sends back those for other guests",
    "guests on the device do not reach each other",
    "the one guest has the device for itself",
    NULL,
};

static const struct field attach_fields[] = {
    {.key = "forward_dev",
     .type = FIELD_STRING,
     .offset = offsetof(struct network, forward_dev),
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_RECREATE,
     .default_text = "whichever the host's routes say",
     .only = "with modes nat and routed",
     .summary = "The one device of the host that its packets may leave and come in through",
     .example = "eth0",
     .also = "forward_device out_dev"},
    {.key = "dev",
     .type = FIELD_STRING,
     .offset = offsetof(struct network, dev),
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "required for macvtap, not for others",
     .only = "with mode macvtap",
     .summary = "The device of the host that the guests share",
     .example = "eth1",
     .also = "device interface nic parent master"},
    {.key = "type",
     .type = FIELD_ENUM,
     .offset = offsetof(struct network, macvtap),
     .words = network_macvtap_words,
     .notes = macvtap_notes,
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "bridge",
     .only = "with mode macvtap",
     .summary = "Whom guests on the device reach",
     .example = "private",
     .also = "macvtap_mode source_mode"},
    {.key = "vlan",
     .type = FIELD_INTEGER,
     .offset = offsetof(struct network, vlan.tag),
     .flags = FIELD_NOTE,
     .min = 1,
     .max = VLAN_LAST,
     .change = FIELD_CHANGE_LIVE,
     .default_text = "none",
     .only = "with mode ovs, and with the uplink of a bridge",
     .summary = "The VLAN that its NICs are in, unless they say another; of an uplink the one "
                "that the bridge is in",
     .example = "40",
     .also = "vid vlan_id tag"},
    {.key = "trunk",
     .type = FIELD_LIST,
     .offset = offsetof(struct network, vlan.trunk),
     .schema = &vlan_id_schema,
     .flags = FIELD_NOTE | FIELD_LONE,
     .change = FIELD_CHANGE_LIVE,
     .default_text = "none",
     .only = "with mode ovs",
     .summary = "The VLANs that its guests may use by tagging their frames themselves",
     .example = "[40, 41]",
     .also = "trunks vlans allowed_vlans"},
};

const struct schema network_attach_schema = {
    .name = "network",
    .size = sizeof(struct network),
    .fields = attach_fields,
    .field_count = ARRAY_SIZE(attach_fields),
    .source_offset = offsetof(struct network, source),
    .rest = &network_user_schema,
};
