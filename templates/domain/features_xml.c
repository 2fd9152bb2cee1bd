/* SPDX-License-Identifier: Apache-2.0 */
/* <features>. */
#include <inttypes.h>
#include <string.h>

#include "templates/domain/domain_part.h"
#include "util/size.h"

static const char *state(int value)
{
    return value == SWITCH_ON ? "on" : "off";
}

/* libvirt's element of a key: hint-dedicated for hint_dedicated. */
static char *element_of(const char *key)
{
    char *name = xstrdup(key);

    for (char *p = name; (p = strchr(p, '_'));)
        *p = '-';
    return name;
}

/* Every switch of a table that was set, as <key state='on'/>. */
static void write_switches(struct xmlwriter *w, const struct schema *schema,
                           const void *setting)
{
    schema_each (schema, field) {
        int value;

        if (field->type != FIELD_SWITCH)
            continue;
        value = *(const int *)(const void *)((const char *)setting + field->offset);
        if (value != SWITCH_UNSET) {
            auto_free char *element = element_of(field->key);

            xml_empty(w, element, "state", state(value), NULL);
        }
    }
}

static void write_stimer(struct xmlwriter *w, const struct stimer_setting *stimer)
{
    if (!stimer->source)
        return;
    xml_open(w, "stimer");
    xml_attribute(w, "state", state(stimer->enabled == SWITCH_OFF ? SWITCH_OFF : SWITCH_ON));
    if (stimer->direct != SWITCH_UNSET)
        xml_empty(w, "direct", "state", state(stimer->direct), NULL);
    xml_close(w);
}

static void write_hyperv(struct xmlwriter *w, const struct hyperv_setting *h)
{
    if (!h->source)
        return;
    xml_open(w, "hyperv");
    xml_attribute(w, "mode", hyperv_modes[h->mode]);
    write_switches(w, &hyperv_schema, h);
    if (h->spinlocks) {
        xml_open(w, "spinlocks");
        xml_attribute(w, "state", "on");
        xml_attributef(w, "retries", "%lld", h->spinlocks);
        xml_close(w);
    }
    write_stimer(w, &h->stimer);
    if (h->vendor_id)
        xml_empty(w, "vendor_id", "state", "on", "value", h->vendor_id, NULL);
    xml_close(w);
}

static void write_kvm(struct xmlwriter *w, const struct kvm_setting *kvm)
{
    if (!kvm->source)
        return;
    xml_open(w, "kvm");
    write_switches(w, &kvm_schema, kvm);
    if (kvm->dirty_ring) {
        xml_open(w, "dirty-ring");
        xml_attribute(w, "state", "on");
        xml_attributef(w, "size", "%lld", kvm->dirty_ring);
        xml_close(w);
    }
    xml_close(w);
}

/* Secure boot's firmware starts nowhere without it. */
static void write_smm(struct xmlwriter *w, const struct domain_template *t)
{
    const struct smm_setting *smm = &t->node->platform.features.smm;
    bool secure = platform_firmware(t->node, t->arch) == FIRMWARE_UEFI_SECURE;

    if (!smm->source && !secure)
        return;
    xml_open(w, "smm");
    xml_attribute(w, "state", state(smm->enabled == SWITCH_OFF ? SWITCH_OFF : SWITCH_ON));
    if (smm->tseg) {
        xml_open(w, "tseg");
        xml_attribute(w, "unit", "MiB");
        xml_textf(w, "%" PRIu64, smm->tseg / MIB);
        xml_close(w);
    }
    xml_close(w);
}

/* ACPI's tables come by way of UEFI where there is no BIOS. */
static bool has_acpi(const struct domain_template *t)
{
    int said = t->node->platform.features.acpi;

    if (said != SWITCH_UNSET)
        return said == SWITCH_ON;
    return domain_is_x86(t) || platform_firmware(t->node, t->arch) != FIRMWARE_BIOS;
}

/* What is there or not, without a state. */
static void write_flags(struct xmlwriter *w, const struct domain_template *t)
{
    const struct features_setting *f = &t->node->platform.features;

    if (has_acpi(t))
        xml_empty(w, "acpi", NULL);
    if (f->apic == SWITCH_ON || (domain_is_x86(t) && f->apic == SWITCH_UNSET))
        xml_empty(w, "apic", NULL);
    if (f->pae == SWITCH_ON)
        xml_empty(w, "pae", NULL);
}

static void write_states(struct xmlwriter *w, const struct features_setting *f)
{
    const struct {
        const char *element;
        int value;
    } rows[] = {{"pmu", f->pmu},
                {"pvspinlock", f->pvspinlock},
                {"vmcoreinfo", f->vmcoreinfo},
                {"vmport", f->vmport}};

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        if (rows[i].value != SWITCH_UNSET)
            xml_empty(w, rows[i].element, "state", state(rows[i].value), NULL);
    }
}

/* An emulated CPU's cache of translated code; KVM has none. */
static void write_tcg(struct xmlwriter *w, const struct domain_template *t)
{
    uint64_t size = t->node->platform.features.tb_cache;

    if (!size || domain_is_kvm(t))
        return;
    xml_open(w, "tcg");
    xml_open(w, "tb-cache");
    xml_attribute(w, "unit", "KiB");
    xml_textf(w, "%" PRIu64, size / KIB);
    xml_close(w);
    xml_close(w);
}

void features_xml_write(struct xmlwriter *w, const struct domain_template *t)
{
    const struct features_setting *f = &t->node->platform.features;

    xml_open(w, "features");
    write_flags(w, t);
    write_hyperv(w, &f->hyperv);
    write_kvm(w, &f->kvm);
    write_states(w, f);
    if (f->gic)
        xml_empty(w, "gic", "version", gic_versions[f->gic], NULL);
    write_smm(w, t);
    if (f->ioapic)
        xml_empty(w, "ioapic", "driver", ioapic_drivers[f->ioapic], NULL);
    if (f->msrs)
        xml_empty(w, "msrs", "unknown", msrs_policies[f->msrs], NULL);
    write_tcg(w, t);
    xml_close(w);
}
