/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of a node's NICs, and of the order in which it boots from its devices. */
#include <string.h>

#include "config/loader.h"
#include "util/size.h"

static void check_mtu(struct loader *l, const struct nic *nic)
{
    long long limit = nic->net && nic->net->mtu ? nic->net->mtu : 1500;

    /* how large the packets of somebody else's network are, is not known here */
    if (nic->net && network_is_foreign(nic->net) && !nic->net->mtu)
        return;
    if (nic->net && nic->mtu > limit)
        finding_error(l->d, loader_position(nic->source, "mtu"), "nic-mtu",
                      arena_printf(l->arena, "set 'mtu: %lld' in network '%s' too", nic->mtu,
                                   nic->network),
                      "mtu %lld is more than the %lld of network '%s'", nic->mtu, limit,
                      nic->network);
}

static void check_virtio_only(struct loader *l, const struct nic *nic)
{
    static const char *const keys[] = {"queues", "driver"};

    for (size_t i = 0; i < ARRAY_SIZE(keys) && nic->model != NIC_VIRTIO; i++) {
        if (document_get(nic->source, keys[i]))
            finding_error(l->d, loader_position(nic->source, keys[i]), "nic-virtio",
                          "remove it, or take model virtio",
                          "%s goes with model virtio only, and the model is %s", keys[i],
                          nic_model_words[nic->model]);
    }
}

static void check_rate(struct loader *l, const struct nic_rate *rate)
{
    const struct {
        const char *key;
        uint64_t bytes;
    } values[] = {{"average", rate->average}, {"peak", rate->peak}, {"burst", rate->burst}};
    char text[SIZE_TEXT];

    if (!rate->source)
        return;
    for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
        if (values[i].bytes % KIB)
            finding_error(l->d,
                          rate->source->kind == DOCUMENT_MAPPING
                              ? loader_position(rate->source, values[i].key)
                              : rate->source->position,
                          "nic-bandwidth",
                          arena_printf(l->arena, "write %lluK",
                                       (unsigned long long)(values[i].bytes / KIB + 1)),
                          "%s '%s' is not a whole number of KiB", values[i].key,
                          size_format_exact(values[i].bytes, text));
    }
    if (rate->peak && rate->peak < rate->average)
        finding_error(l->d, loader_position(rate->source, "peak"), "nic-bandwidth",
                      "raise it, or lower the average", "peak is less than average");
}

/* The kernel's name for a filter has no limits but libvirt's schema. */
static void check_filter(struct loader *l, const struct nic *nic)
{
    if (nic->filter &&
        strspn(nic->filter, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                            "0123456789_.:-") != strlen(nic->filter))
        finding_error(l->d, loader_position(nic->source, "filter"), "nic-filter",
                      "`virsh nwfilter-list` shows those of the host, such as clean-traffic",
                      "'%s' cannot be the name of a network filter", nic->filter);
}

static void check_vlans(struct loader *l, const struct nic *nic)
{
    static const char *const keys[] = {"vlan", "trunk"};

    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        const struct document_node *value = document_get(nic->source, keys[i]);

        if (!value || !nic->net)
            continue;
        if (network_mode(nic->net)->plug != PLUG_OVS)
            finding_error(l->d, value->key_position, "nic-vlan",
                          "remove it, or plug the node into a network of mode ovs",
                          "'%s' is for networks of mode ovs, and '%s' has mode %s", keys[i],
                          nic->network, network_mode_words[nic->net->mode]);
        else if (i == 1)
            check_vlan(l, &nic->vlan);
    }
}

/* libvirt would say nothing and filter nothing. */
static void check_filter_plug(struct loader *l, const struct nic *nic)
{
    int plug = nic->net ? (int)network_mode(nic->net)->plug : PLUG_NETWORK;

    if (nic->filter && (plug == PLUG_DIRECT || plug == PLUG_OVS))
        finding_error(l->d, loader_position(nic->source, "filter"), "nic-filter",
                      "remove it, or plug the node into a bridge or a network of libvirt",
                      "libvirt filters nothing on a network of mode %s, such as '%s'",
                      network_mode_words[nic->net->mode], nic->network);
}

void check_nics(struct loader *l, const struct node *node)
{
    list_each(struct nic, node->nics, nic)
    {
        check_mtu(l, nic);
        check_virtio_only(l, nic);
        check_rate(l, &nic->bandwidth.in);
        check_rate(l, &nic->bandwidth.out);
        check_filter(l, nic);
        check_filter_plug(l, nic);
        check_vlans(l, nic);
        if (nic->mac_explicit && node->count > 1)
            finding_error(l->d, loader_position(nic->source, "mac"), "mac-count",
                          "leave it out: every node gets one of its own that never changes",
                          "%lld nodes cannot share one MAC address", node->count);
    }
}

/* The devices of a node by their place in the boot order. */
struct boot_places {
    const struct document_node *at[100];
};

static void take_place(struct loader *l, struct boot_places *places,
                       const struct document_node *source, long long place)
{
    const struct document_node *value = source ? document_get(source, "boot") : NULL;

    if (!value || place < 1 || place > 99)
        return;
    if (places->at[place])
        finding_error(l->d, value->position, "boot-order",
                      "give each device a place of its own",
                      "boot %lld is already the place of the device in %s", place,
                      loader_line(l, value->position, places->at[place]->position));
    else
        places->at[place] = value;
}

void check_boot_order(struct loader *l, const struct node *node)
{
    struct boot_places places = {0};

    take_place(l, &places, node->disk.source, node->disk.boot);
    list_each(struct disk, node->disks, disk) take_place(l, &places, disk->source, disk->boot);
    list_each(struct cdrom, node->cdroms, cdrom)
        take_place(l, &places, cdrom->source, cdrom->boot);
    list_each(struct nic, node->nics, nic) take_place(l, &places, nic->source, nic->boot);
}
