/* SPDX-License-Identifier: Apache-2.0 */
/* <features>. */
#include "config/hardware/features.h"

#include <string.h>

#include "config/hardware/platform.h"
#include "templates/import/import_part.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

/* Each switch of a table is an element of that name, with a state. */
static void import_switches(json_t *object, xmlNodePtr from, const struct schema *schema)
{
    schema_each (schema, field) {
        auto_free char *path = xasprintf("%s@state", field->key);
        const struct import_row rows[] = {{field->key, path, IMPORT_SWITCH}, {0}};

        if (field->type != FIELD_SWITCH)
            continue;
        for (char *p = path; (p = strchr(p, '_'));)
            *p = '-';
        import_rows(object, from, rows);
    }
}

static void import_hyperv(json_t *features, xmlNodePtr hyperv)
{
    static const struct import_row rows[] = {
        {"mode", "@mode", IMPORT_WORD, hyperv_modes},
        {"spinlocks", "spinlocks@retries", IMPORT_NUMBER},
        {"stimer.enabled", "stimer@state", IMPORT_SWITCH},
        {"stimer.direct", "stimer/direct@state", IMPORT_SWITCH},
        {"vendor_id", "vendor_id@value", IMPORT_TEXT},
        {0},
    };
    json_t *object = json_object();

    import_switches(object, hyperv, &hyperv_schema);
    import_rows(object, hyperv, rows);
    import_set(features, "hyperv", object);
}

static void import_kvm(json_t *features, xmlNodePtr kvm)
{
    static const struct import_row rows[] = {
        {"dirty_ring", "dirty-ring@size", IMPORT_NUMBER},
        {0},
    };
    json_t *object = json_object();

    import_switches(object, kvm, &kvm_schema);
    import_rows(object, kvm, rows);
    import_set(features, "kvm", object);
}

/* Where virtopo's default is the other one. */
static void import_flags(json_t *object, xmlNodePtr domain, xmlNodePtr features)
{
    auto_free char *arch = import_text(domain, "os/type@arch");
    bool is_x86 = platform_is_x86(arch ? arch : "x86_64");
    bool has_acpi = xmlreader_child(features, "acpi") != NULL;
    bool is_uefi = xmlreader_is(xmlreader_child(domain, "os"), "firmware", "efi");

    if (has_acpi != (is_x86 || is_uefi))
        import_set(object, "acpi", json_boolean(has_acpi));
    if (!xmlreader_child(features, "apic") && is_x86)
        import_set(object, "apic", json_false());
}

void import_features(json_t *node, xmlNodePtr domain)
{
    static const struct import_row rows[] = {
        {"pae", "pae", IMPORT_THERE},
        {"pmu", "pmu@state", IMPORT_SWITCH},
        {"pvspinlock", "pvspinlock@state", IMPORT_SWITCH},
        {"vmcoreinfo", "vmcoreinfo@state", IMPORT_SWITCH},
        {"vmport", "vmport@state", IMPORT_SWITCH},
        {"smm.enabled", "smm@state", IMPORT_SWITCH},
        {"smm.tseg", "smm/tseg", IMPORT_SIZE},
        {"ioapic", "ioapic@driver", IMPORT_WORD, ioapic_drivers},
        {"gic", "gic@version", IMPORT_WORD, gic_versions},
        {"msrs", "msrs@unknown", IMPORT_WORD, msrs_policies},
        {"tb_cache", "tcg/tb-cache", IMPORT_SIZE},
        {0},
    };
    xmlNodePtr features = xmlreader_child(domain, "features");
    json_t *object = json_object();

    import_flags(object, domain, features);
    import_rows(object, features, rows);
    import_hyperv(object, xmlreader_child(features, "hyperv"));
    import_kvm(object, xmlreader_child(features, "kvm"));
    import_set(node, "features", object);
}
