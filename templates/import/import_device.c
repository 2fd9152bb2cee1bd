/* SPDX-License-Identifier: Apache-2.0 */
/* Small devices: watchdog, random numbers, TPM, balloon, panic, vsock, IOMMU. */
#include "config/hardware/device.h"

#include <string.h>

#include "templates/import/import_part.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

/* One that asks a daemon is no key of the file. */
static xmlNodePtr first_rng(xmlNodePtr devices)
{
    import_each(devices, "rng", n)
    {
        if (!xmlreader_is(xmlreader_child(n, "backend"), "model", "egd"))
            return n;
    }
    return NULL;
}

static void import_rng(json_t *node, xmlNodePtr devices)
{
    static const struct import_row rows[] = {
        {"rng.bytes", "rate@bytes", IMPORT_BYTES},
        {"rng.period", "rate@period", IMPORT_MS},
        {0},
    };
    xmlNodePtr rng = first_rng(devices);
    auto_free char *path = import_text(rng, "backend");
    bool is_builtin = xmlreader_is(xmlreader_child(rng, "backend"), "model", "builtin");

    if (!rng)
        import_set_text(node, "rng", "none");
    else
        import_set_text(node, "rng.source", is_builtin ? "builtin" : path);
    if (rng)
        import_rows(node, rng, rows);
}

static void import_tpm(json_t *node, xmlNodePtr devices)
{
    static const struct import_row rows[] = {
        {"tpm.type", "backend@type", IMPORT_WORD, tpm_types},
        {"tpm.device", "backend/device@path", IMPORT_TEXT},
        {"tpm.persistent_state", "backend@persistent_state", IMPORT_SWITCH},
        {0},
    };
    xmlNodePtr tpm = xmlreader_child(devices, "tpm");
    auto_free char *version = import_text(tpm, "backend@version");
    auto_free char *model = xmlreader_attribute(tpm, "model");
    bool is_old = version && strcmp(version, "1.2") == 0;
    bool is_host = xmlreader_is(xmlreader_child(tpm, "backend"), "type", "passthrough");

    if (!tpm)
        return;
    /* the host's own has the version that it has */
    if (!is_host)
        import_set_word(node, "tpm.version", tpm_versions, version ? version : "2.0");
    if (model && strcmp(model, is_old ? "tpm-tis" : "tpm-crb") != 0)
        import_set_word(node, "tpm.model", tpm_models, model);
    import_rows(node, tpm, rows);
}

static void import_vsock(json_t *node, xmlNodePtr devices)
{
    xmlNodePtr vsock = xmlreader_child(devices, "vsock");
    auto_free char *cid = import_text(vsock, "cid@address");

    if (!vsock)
        return;
    if (cid && !xmlreader_is(xmlreader_child(vsock, "cid"), "auto", "yes"))
        import_set(node, "vsock.cid", json_integer(xmlreader_number(cid, 0)));
    else
        import_set(node, "vsock.enabled", json_true());
}

void import_devices(json_t *node, xmlNodePtr domain)
{
    static const struct import_row rows[] = {
        {"watchdog.model", "watchdog@model", IMPORT_WORD, watchdog_models},
        {"watchdog.action", "watchdog@action", IMPORT_WORD, watchdog_actions},
        {"balloon.model", "memballoon@model", IMPORT_WORD, balloon_models},
        {"balloon.autodeflate", "memballoon@autodeflate", IMPORT_SWITCH},
        {"balloon.free_page_reporting", "memballoon@freePageReporting", IMPORT_SWITCH},
        {"balloon.stats", "memballoon/stats@period", IMPORT_SECONDS},
        {"panic", "panic@model", IMPORT_WORD, panic_models},
        {"iommu.model", "iommu@model", IMPORT_WORD, iommu_models},
        {"iommu.caching_mode", "iommu/driver@caching_mode", IMPORT_SWITCH},
        {"iommu.iotlb", "iommu/driver@iotlb", IMPORT_SWITCH},
        {"iommu.aw_bits", "iommu/driver@aw_bits", IMPORT_NUMBER},
        {0},
    };
    xmlNodePtr devices = xmlreader_child(domain, "devices");
    xmlNodePtr watchdog = xmlreader_child(devices, "watchdog");
    xmlNodePtr panic = xmlreader_child(devices, "panic");

    /* the chipset's own is there in any case; it is no card of the file's */
    if (watchdog && xmlreader_is(watchdog, "model", "itco"))
        watchdog = NULL;
    import_rows(node, devices, watchdog ? rows : rows + 2);
    if (panic && !xmlreader_has(panic, "model"))
        import_set_text(node, "panic", panic_models[PANIC_ISA]);
    import_rng(node, devices);
    import_tpm(node, devices);
    import_vsock(node, devices);
}
