/* SPDX-License-Identifier: Apache-2.0 */
/* Devices that the host's QEMU makes: those that it was built without, or whose helpers are not
 * installed. */
#include <string.h>

#include "host/hardware/virtiofsd.h"
#include "provision/check/question.h"

struct offer {
    const struct question *q;
    const struct domcaps *caps;
};

bool offer_concerns(const struct node *node)
{
    list_each(struct disk, node->disks, disk)
    {
        if (disk->bus != DISK_VIRTIO)
            return true;
    }
    return node->graphics.count || node->video.model || node->tpm.version || node->panic ||
           node->channels.count || node->shares.count || node->cdroms.count ||
           node->disk.bus != DISK_VIRTIO;
}

/* `what` is what the word stands for: "disk bus". */
static void check_word(const struct offer *o, enum domcaps_list list, const char *word,
                       const char *what, const struct document_node *at, const char *remedy)
{
    auto_free char *words = NULL, *hint = NULL;

    if (domcaps_has(o->caps, list, word) != HOST_NO)
        return;
    words = domcaps_text(o->caps, list);
    hint = remedy   ? xstrdup(remedy)
           : *words ? xasprintf("it has %s", words)
                    : xasprintf("it has none for machine '%s'", o->q->machine_type);
    question_report(o->q, at, "host-device", hint,
                    "node '%s' wants %s '%s', which QEMU on host '%s' does not have",
                    o->q->node->group, what, word, question_host(o->q));
}

static void check_bus(const struct offer *o, const char *bus, const char *what,
                      const struct document_node *source)
{
    const struct document_node *value = document_get(source, "bus");

    check_word(o, DOMCAPS_DISK_BUS, bus, what, value ? value : source,
               strcmp(bus, "nvme") == 0
                   ? "libvirt makes NVMe disks from release 11.5 on: write virtio"
                   : NULL);
}

static void check_disks(const struct offer *o)
{
    const struct node *node = o->q->node;

    if (node->disk.bus != DISK_VIRTIO)
        check_bus(o, disk_bus_words[node->disk.bus], "disk bus",
                  question_source(o->q, "disk", NULL));
    list_each(struct disk, node->disks, disk)
    {
        check_bus(o, disk_bus_words[disk->bus], "disk bus", disk->source);
    }
    list_each(struct cdrom, node->cdroms, cdrom)
    {
        check_bus(o, cdrom_bus_words[cdrom->bus], "CD-ROM bus", cdrom->source);
    }
}

static void check_screen(const struct offer *o)
{
    const struct node *node = o->q->node;

    list_each(struct graphics, node->graphics, g)
    {
        if (g->type == GRAPHICS_NONE)
            continue;
        check_word(o, DOMCAPS_GRAPHICS, graphics_types[g->type], "graphics",
                   g->source ? g->source : question_source(o->q, "graphics", NULL),
                   g->type == GRAPHICS_SPICE
                       ? "write vnc: Fedora's and Red Hat's QEMU is built without SPICE"
                       : NULL);
    }
    if (node->video.model)
        check_word(o, DOMCAPS_VIDEO, video_models[node->video.model], "video model",
                   question_source(o->q, "video", "model"), NULL);
}

static void check_channels(const struct offer *o)
{
    list_each(struct chardev, o->q->node->channels, channel)
    {
        if (channel->type == CHARDEV_SPICEVMC)
            check_word(o, DOMCAPS_CHANNEL, "spicevmc", "channel", channel->source,
                       "Fedora's and Red Hat's QEMU is built without SPICE: leave it out");
    }
}

static void check_tpm(const struct offer *o)
{
    const struct tpm_setting *tpm = &o->q->node->tpm;
    const struct document_node *at = question_source(o->q, "tpm", NULL);

    if (tpm->version && tpm->model)
        check_word(o, DOMCAPS_TPM_MODEL, tpm_models[tpm->model], "TPM model",
                   question_source(o->q, "tpm", "model"), NULL);
    if (!tpm->version || tpm->type != TPM_EMULATOR || !o->q->starts)
        return;
    if (domcaps_has(o->caps, DOMCAPS_TPM_BACKEND, "emulator") == HOST_NO)
        question_report(o->q, at, "host-tpm",
                        "install swtpm and swtpm-tools there, and start libvirtd anew",
                        "node '%s' wants a TPM, and host '%s' has no swtpm to emulate one",
                        o->q->node->group, question_host(o->q));
    else
        check_word(o, DOMCAPS_TPM_VERSION, tpm_versions[tpm->version], "TPM version", at, NULL);
}

static void check_panic(const struct offer *o)
{
    if (o->q->node->panic)
        check_word(o, DOMCAPS_PANIC_MODEL, panic_models[o->q->node->panic], "panic device",
                   question_source(o->q, "panic", NULL), NULL);
}

static void check_shares(const struct offer *o)
{
    const struct question *q = o->q;

    list_each(struct share, q->node->shares, share)
    {
        bool virtiofs = share->driver == SHARE_VIRTIOFS;

        check_word(o, DOMCAPS_FILESYSTEM, virtiofs ? "virtiofs" : "path", "share driver",
                   share->source_node, NULL);
        if (!virtiofs || !q->starts || virtiofsd_find(q->host->host) != HOST_NO)
            continue;
        question_report(q, share->source_node, "host-virtiofsd",
                        "install virtiofsd there, or write driver: 9p",
                        "node '%s' shares '%s' by virtiofs, and host '%s' has no virtiofsd",
                        q->node->group, share->source, question_host(q));
    }
}

int offer_check(struct question *q, struct error **err)
{
    struct offer o = {.q = q};

    if (question_caps(q, &o.caps, err) < 0)
        return -1;
    if (!o.caps)
        return 0;
    check_disks(&o);
    check_screen(&o);
    check_channels(&o);
    check_tpm(&o);
    check_panic(&o);
    check_shares(&o);
    return 0;
}
