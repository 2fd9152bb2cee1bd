/* SPDX-License-Identifier: Apache-2.0 */
/* Devices of the host that a node is given: there, free, and able to be given away. Only where
 * this run starts the node; until then they may come and go. */
#include <stdlib.h>
#include <string.h>

#include "host/hardware/claims.h"
#include "host/hardware/device.h"
#include "provision/check/question.h"

#define CLASS_BRIDGE 0x06

/* What there is on one host, read once for all its nodes. */
struct devices {
    struct host_claims claims;
    struct host_usbs usbs;
    struct host_mdevs mdevs;
};

static bool concerns(const struct node *node)
{
    const struct hostdev_setting *d = &node->devices;

    return d->pci.count || d->usb.count || d->mdev.count;
}

/* Domains of this cluster that this run stops give theirs back; the plan's order sees to it
 * where they are needed elsewhere. */
static bool is_given_back(const struct question *q, const char *domain)
{
    const struct provision *p = q->p;
    const struct survey_domain *found = survey_domain_named(&q->host->survey, domain);
    const struct resource *r;

    if (!found || !found->ours)
        return false;
    r = resource_set_find(&p->set, &domain_kind, question_host(q), found->config.tag.name);
    return r && r->action != ACTION_NONE;
}

static void check_claim(const struct question *q, const struct devices *d, enum claim_kind kind,
                        const char *device, const char *what, const struct document_node *at)
{
    const char *owner = claims_owner(&d->claims, kind, device, q->machine->domain_name);

    if (!owner || is_given_back(q, owner))
        return;
    question_report(q, at, "host-device", "stop that one, or take another device",
                    "node '%s' wants %s of host '%s', which domain '%s' has", q->node->group,
                    what, question_host(q), owner);
}

/* The one that has the most of the address from its start, and the bus at least; or NULL. */
static const char *nearest(const struct pci_names *all, const char *address)
{
    size_t most = sizeof "0000:81" - 2;
    const char *best = NULL;

    for (size_t i = 0; i < all->count; i++) {
        size_t same = 0;

        while (address[same] && all->items[i].text[same] == address[same])
            same++;
        if (same > most) {
            most = same;
            best = all->items[i].text;
        }
    }
    return best;
}

static int report_no_pci(const struct question *q, const struct pci_device *pci,
                         struct error **err)
{
    auto_pci_names struct pci_names all = {0};
    auto_free char *hint = NULL;
    const char *near;

    if (device_list_pci(q->host->host, &all, err) < 0)
        return -1;
    near = nearest(&all, pci->address);
    hint = near ? xasprintf("did you mean %s? `lspci -D` on the host lists them", near)
                : xstrdup("`lspci -D` on the host lists them");
    question_report(q, pci->source, "host-pci", hint,
                    "node '%s' wants PCI device %s, which host '%s' does not have",
                    q->node->group, pci->address, question_host(q));
    return 0;
}

static bool is_wanted_too(const struct node *node, const char *address)
{
    list_each(struct pci_device, node->devices.pci, pci)
    {
        if (strcmp(pci->address, address) == 0)
            return true;
    }
    return false;
}

/* A group goes to one guest as a whole; only bridges, and what no driver of the host's has, may
 * stay. */
static int check_group(const struct question *q, const struct pci_device *wanted,
                       const struct host_pci *pci, struct error **err)
{

    for (size_t i = 0; i < pci->peers.count; i++) {
        const char *address = pci->peers.items[i].text;
        auto_pci struct host_pci peer = {0};
        bool found;

        if (is_wanted_too(q->node, address))
            continue;
        if (device_find_pci(q->host->host, address, &peer, &found, err) < 0)
            return -1;
        if (!found || peer.class >> 16 == CLASS_BRIDGE || !peer.driver ||
            strcmp(peer.driver, "vfio-pci") == 0)
            continue;
        question_report(q, wanted->source, "host-pci",
                        "give the node that one as well, or take it from its driver (virsh "
                        "nodedev-detach)",
                        "PCI device %s of host '%s' is in IOMMU group %d with %s, which driver "
                        "%s has: they can only be given away together",
                        wanted->address, question_host(q), pci->group, address, peer.driver);
    }
    return 0;
}

static void check_iommu(const struct question *q, const struct pci_device *wanted)
{

    if (q->facts->iommu != HOST_NO)
        return;
    question_report(q, wanted->source, "host-iommu",
                    "switch on VT-d or AMD-Vi in its firmware, and on Intel add intel_iommu=on "
                    "to its kernel's command line",
                    "node '%s' wants PCI device %s, and host '%s' has no IOMMU in use: it "
                    "cannot give any away",
                    q->node->group, wanted->address, question_host(q));
}

static int check_pci(const struct question *q, const struct devices *d,
                     const struct pci_device *wanted, struct error **err)
{
    auto_free char *what = xasprintf("PCI device %s", wanted->address);
    auto_pci struct host_pci pci = {0};
    bool found;

    check_iommu(q, wanted);
    if (device_find_pci(q->host->host, wanted->address, &pci, &found, err) < 0)
        return -1;
    if (!found)
        return report_no_pci(q, wanted, err);
    check_claim(q, d, CLAIM_PCI, wanted->address, what, wanted->source);
    if (wanted->managed == SWITCH_OFF && (!pci.driver || strcmp(pci.driver, "vfio-pci") != 0))
        question_report(q, wanted->source, "host-pci",
                        "leave 'managed' out, and libvirt sees to it; or virsh nodedev-detach",
                        "PCI device %s of host '%s' has driver %s: unmanaged, it must have "
                        "vfio-pci",
                        wanted->address, question_host(q), pci.driver ? pci.driver : "none");
    return check_group(q, wanted, &pci, err);
}

static bool is_usb(const struct usb_device *wanted, const struct host_usb *usb)
{
    if (wanted->id && (wanted->vendor != usb->vendor || wanted->product != usb->product))
        return false;
    return !wanted->address || (wanted->bus == usb->bus && wanted->device == usb->device);
}

static void check_usb(const struct question *q, const struct devices *d,
                      const struct usb_device *wanted)
{
    const char *name = wanted->id ? wanted->id : wanted->address;
    const struct host_usb *one = NULL;
    size_t count = 0;

    for (size_t i = 0; i < d->usbs.count; i++) {
        if (!is_usb(wanted, &d->usbs.items[i]))
            continue;
        one = &d->usbs.items[i];
        count++;
    }
    if (count == 1) {
        auto_free char *address = xasprintf("%u.%u", one->bus, one->device);
        auto_free char *what = xasprintf("USB device %s", name);

        check_claim(q, d, CLAIM_USB, address, what, wanted->source);
    } else if (count > 1) {
        question_report(q, wanted->source, "host-usb",
                        "name one by bus and device, as in 1.4: `lsusb` on the host lists them",
                        "host '%s' has %zu USB devices %s", question_host(q), count, name);
    } else if (wanted->startup != USB_OPTIONAL) {
        question_report(q, wanted->source, "host-usb",
                        "plug it in (`lsusb` on the host lists what is there), or write "
                        "startup: optional",
                        "node '%s' wants USB device %s, which host '%s' does not have",
                        q->node->group, name, question_host(q));
    }
}

static void check_mdev(const struct question *q, const struct devices *d,
                       const struct mdev_device *wanted)
{
    auto_free char *what = xasprintf("mediated device %s", wanted->uuid);

    for (size_t i = 0; i < d->mdevs.count; i++) {
        if (strcasecmp(d->mdevs.items[i].uuid, wanted->uuid) == 0) {
            check_claim(q, d, CLAIM_MDEV, d->mdevs.items[i].uuid, what, wanted->source);
            return;
        }
    }
    question_report(q, wanted->source, "host-mdev",
                    "make it on the host (mdevctl start), `virsh nodedev-list --cap mdev` "
                    "lists those that are there",
                    "node '%s' wants mediated device %s, which host '%s' does not have",
                    q->node->group, wanted->uuid, question_host(q));
}

static int check_node(const struct question *q, const struct devices *d, struct error **err)
{
    const struct hostdev_setting *wanted = &q->node->devices;

    list_each(struct pci_device, wanted->pci, pci)
    {
        if (check_pci(q, d, pci, err) < 0)
            return -1;
    }
    list_each(struct usb_device, wanted->usb, usb) check_usb(q, d, usb);
    list_each(struct mdev_device, wanted->mdev, mdev) check_mdev(q, d, mdev);
    return 0;
}

static int read_devices(struct host *host, struct devices *ret, struct error **err)
{
    return claims_read(host, &ret->claims, err) < 0 ||
                   device_list_usb(host, &ret->usbs, err) < 0 ||
                   device_list_mdev(host, &ret->mdevs, err) < 0
               ? -1
               : 0;
}

static int check_host(struct site_host *host, struct questions *all, struct error **err)
{
    struct devices d = {0};
    bool is_read = false;
    int outcome = 0;

    for (size_t i = 0; i < all->count && outcome == 0; i++) {
        struct question *q = &all->items[i];

        if (!q->starts || q->host != host || !concerns(q->node))
            continue;
        if (!is_read)
            outcome = read_devices(host->host, &d, err);
        is_read = true;
        if (outcome == 0)
            outcome = question_open(q, err);
        if (outcome == 0)
            outcome = check_node(q, &d, err);
    }
    claims_done(&d.claims);
    device_usbs_done(&d.usbs);
    device_mdevs_done(&d.mdevs);
    return outcome;
}

int device_check_all(struct provision *p, struct questions *all, struct error **err)
{
    for (size_t h = 0; h < p->site.host_count; h++) {
        if (check_host(&p->site.hosts[h], all, err) < 0)
            return -1;
    }
    return 0;
}
