/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold between the keys of small devices. */
#include <string.h>

#include "config/loader.h"

static void check_watchdog(struct loader *l, const struct watchdog_setting *watchdog)
{
    if (watchdog->model == WATCHDOG_NONE && document_get(watchdog->source, "action"))
        finding_error(l->d, loader_position(watchdog->source, "action"), "watchdog-model",
                      "add 'model: i6300esb'", "an action needs a watchdog that takes it");
}

static void check_rng(struct loader *l, const struct rng_setting *rng)
{
    const char *name = rng->source_name;
    struct position at = rng->source->kind == DOCUMENT_SCALAR
                             ? rng->source->position
                             : loader_position(rng->source, "source");

    check_unfit(l, &rng_schema, rng->source, "period", rng->bytes > 0);
    if (name && *name != '/' && strcmp(name, "builtin") != 0 && strcmp(name, "none") != 0)
        finding_error(l->d, at, "rng-source", "write /dev/urandom, builtin or none",
                      "'%s' is no source of random numbers", name);
}

static void check_tpm(struct loader *l, const struct tpm_setting *tpm)
{
    bool passthrough = tpm->type == TPM_PASSTHROUGH;

    check_unfit(l, &tpm_schema, tpm->source, "device", passthrough);
    check_unfit(l, &tpm_schema, tpm->source, "persistent_state", !passthrough);
    check_absolute(l, tpm->source, "device", tpm->device);
    if (passthrough && document_get(tpm->source, "version"))
        finding_error(l->d, loader_position(tpm->source, "version"), "tpm-version", "remove it",
                      "the host's own TPM has the version that it has");
    if (tpm->version == TPM_1_2 && strcmp(tpm_models[tpm->model], "tpm-crb") == 0)
        finding_error(l->d, loader_position(tpm->source, "model"), "tpm-model",
                      "take model tpm-tis, or version 2.0", "tpm-crb is for version 2.0 alone");
    if (tpm->version == TPM_NONE && tpm->source->kind == DOCUMENT_MAPPING &&
        tpm->source->count > 1)
        finding_error(l->d, loader_position(tpm->source, "version"), "tpm-version",
                      "write 'tpm: none', or version 2.0",
                      "version none has no other keys beside it");
}

static void check_balloon(struct loader *l, const struct balloon_setting *balloon)
{
    if (balloon->stats % 1000)
        finding_error(l->d, loader_position(balloon->source, "stats"), "balloon-stats",
                      "write 1s or more", "stats come in whole seconds");
    if (balloon->model == BALLOON_NONE && balloon->source->kind == DOCUMENT_MAPPING &&
        balloon->source->count > 1)
        finding_error(l->d, loader_position(balloon->source, "model"), "balloon-none",
                      "write 'balloon: none', or take model virtio",
                      "model none has no other keys beside it");
}

static void check_vsock(struct loader *l, const struct node *node)
{
    struct position at = loader_position(node->vsock.source, "cid");

    if (node->vsock.cid && node->vsock.enabled == SWITCH_OFF)
        finding_error(l->d, at, "vsock-off", "remove one of them",
                      "a cid is given to a vsock that is switched off");
    if (node->vsock.cid)
        check_single(l, node, at, "one cid");
}

static void check_iommu(struct loader *l, const struct iommu_setting *iommu)
{
    check_unfit(l, &iommu_schema, iommu->source, "caching_mode iotlb aw_bits",
                iommu->model == IOMMU_INTEL);
    if (iommu->aw_bits && iommu->aw_bits != 39 && iommu->aw_bits != 48)
        finding_error(l->d, loader_position(iommu->source, "aw_bits"), "iommu-width",
                      "write 39 or 48", "aw_bits must be 39 or 48, not %lld", iommu->aw_bits);
}

void check_devices(struct loader *l, const struct node *node)
{
    check_graphics(l, node);
    check_desktop(l, node);
    check_chardevs(l, node);
    check_shares(l, node);
    check_hostdevs(l, node);
    if (node->watchdog.source)
        check_watchdog(l, &node->watchdog);
    if (node->rng.source)
        check_rng(l, &node->rng);
    if (node->tpm.source)
        check_tpm(l, &node->tpm);
    if (node->balloon.source)
        check_balloon(l, &node->balloon);
    if (node->vsock.source)
        check_vsock(l, node);
    if (node->iommu.source)
        check_iommu(l, &node->iommu);
}
