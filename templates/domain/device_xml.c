/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/domain_part.h"

#include <inttypes.h>
#include <string.h>

static const char *on_or_off(int state)
{
    return state == SWITCH_UNSET ? NULL : state == SWITCH_ON ? "on" : "off";
}

static void write_tpm(struct xmlwriter *w, const struct tpm_setting *tpm)
{
    const char *model = tpm->version == TPM_1_2 ? "tpm-tis" : "tpm-crb";

    if (tpm->version == TPM_NONE)
        return;
    xml_open(w, "tpm");
    xml_attribute(w, "model", tpm->model ? tpm_models[tpm->model] : model);
    xml_open(w, "backend");
    xml_attribute(w, "type", tpm_types[tpm->type]);
    if (tpm->type == TPM_PASSTHROUGH) {
        xml_empty(w, "device", "path", tpm->device ? tpm->device : "/dev/tpm0", NULL);
    } else {
        xml_attribute(w, "version", tpm_versions[tpm->version]);
        if (tpm->persistent_state == SWITCH_ON)
            xml_attribute(w, "persistent_state", "yes");
    }
    xml_close(w);
    domain_write_alias(w, "ua-tpm");
    xml_close(w);
}

static void write_watchdog(struct xmlwriter *w, const struct watchdog_setting *watchdog)
{
    if (watchdog->model == WATCHDOG_NONE)
        return;
    xml_open(w, "watchdog");
    xml_attribute(w, "model", watchdog_models[watchdog->model]);
    xml_attribute(w, "action", watchdog_actions[watchdog->action]);
    domain_write_alias(w, "ua-watchdog");
    xml_close(w);
}

static void write_balloon(struct xmlwriter *w, const struct balloon_setting *balloon)
{
    xml_open(w, "memballoon");
    xml_attribute(w, "model", balloon_models[balloon->model]);
    xml_attribute(w, "autodeflate", on_or_off(balloon->autodeflate));
    xml_attribute(w, "freePageReporting", on_or_off(balloon->free_page_reporting));
    if (balloon->stats) {
        xml_open(w, "stats");
        xml_attributef(w, "period", "%" PRIu64, balloon->stats / 1000);
        xml_close(w);
    }
    xml_close(w);
}

static void write_rng(struct xmlwriter *w, const struct rng_setting *rng)
{
    const char *name = rng->source_name ? rng->source_name : "/dev/urandom";
    bool builtin = strcmp(name, "builtin") == 0;

    if (strcmp(name, "none") == 0)
        return;
    xml_open(w, "rng");
    xml_attribute(w, "model", "virtio");
    if (rng->bytes) {
        xml_open(w, "rate");
        xml_attributef(w, "bytes", "%" PRIu64, rng->bytes);
        xml_attributef(w, "period", "%" PRIu64, rng->period ? rng->period : 1000);
        xml_close(w);
    }
    xml_open(w, "backend");
    xml_attribute(w, "model", builtin ? "builtin" : "random");
    if (!builtin)
        xml_text(w, name);
    xml_close(w);
    xml_close(w);
}

static void write_panic(struct xmlwriter *w, int model)
{
    if (model == PANIC_NONE)
        return;
    xml_open(w, "panic");
    xml_attribute(w, "model", panic_models[model]);
    domain_write_alias(w, "ua-panic");
    xml_close(w);
}

static void write_vsock(struct xmlwriter *w, const struct vsock_setting *vsock)
{
    if (vsock->enabled != SWITCH_ON)
        return;
    xml_open(w, "vsock");
    xml_attribute(w, "model", "virtio");
    xml_open(w, "cid");
    xml_attribute(w, "auto", vsock->cid ? "no" : "yes");
    if (vsock->cid)
        xml_attributef(w, "address", "%lld", vsock->cid);
    xml_close(w);
    domain_write_alias(w, "ua-vsock");
    xml_close(w);
}

static void write_iommu(struct xmlwriter *w, const struct iommu_setting *iommu)
{
    if (iommu->model == IOMMU_NONE)
        return;
    xml_open(w, "iommu");
    xml_attribute(w, "model", iommu_models[iommu->model]);
    if (iommu->caching_mode || iommu->iotlb || iommu->aw_bits) {
        xml_open(w, "driver");
        xml_attribute(w, "caching_mode", on_or_off(iommu->caching_mode));
        xml_attribute(w, "iotlb", on_or_off(iommu->iotlb));
        if (iommu->aw_bits)
            xml_attributef(w, "aw_bits", "%lld", iommu->aw_bits);
        xml_close(w);
    }
    domain_write_alias(w, "ua-iommu");
    xml_close(w);
}

void device_xml_write(struct xmlwriter *w, const struct domain_template *t)
{
    const struct node *node = t->node;

    chardev_xml_write(w, t);
    write_tpm(w, &node->tpm);
    desktop_xml_write(w, t);
    hostdev_xml_write(w, t);
    write_watchdog(w, &node->watchdog);
    write_balloon(w, &node->balloon);
    write_rng(w, &node->rng);
    write_panic(w, node->panic);
    write_iommu(w, &node->iommu);
    write_vsock(w, &node->vsock);
}
