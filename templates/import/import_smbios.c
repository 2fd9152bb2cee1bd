/* SPDX-License-Identifier: Apache-2.0 */
/* <sysinfo>: what the firmware tells the guest. */
#include "config/hardware/smbios.h"

#include <string.h>

#include "templates/import/import_part.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

static json_t *import_strings(xmlNodePtr sysinfo)
{
    json_t *strings = json_array();

    import_each(xmlreader_child(sysinfo, "oemStrings"), "entry", n)
    {
        auto_free char *text = xmlreader_text(n);

        json_array_append_new(strings, json_string(text));
    }
    return strings;
}

static void import_part(json_t *smbios, xmlNodePtr sysinfo, const struct field *part)
{
    import_each(xmlreader_child(sysinfo, smbios_element(part->key)), "entry", n)
    {
        auto_free char *name = xmlreader_attribute(n, "name");
        auto_free char *text = xmlreader_text(n);
        auto_free char *key = name ? xasprintf("%s.%s", part->key, name) : NULL;

        if (name && schema_field(part->schema, name))
            import_set_text(smbios, key, text);
    }
}

static void import_fw_cfg(json_t *node, xmlNodePtr sysinfo)
{
    json_t *files = json_object();

    import_each(sysinfo, "entry", n)
    {
        auto_free char *name = xmlreader_attribute(n, "name");
        auto_free char *file = xmlreader_attribute(n, "file");
        auto_free char *text = xmlreader_text(n);

        if (name)
            json_object_set_new(files, name,
                                json_pack("{s:s}", file ? "file" : "value",
                                          file   ? file
                                          : text ? text
                                                 : ""));
    }
    import_set(node, "fw_cfg", files);
}

void import_smbios(json_t *node, xmlNodePtr domain)
{
    static const struct import_row rows[] = {
        {"smbios.mode", "os/smbios@mode", IMPORT_WORD, smbios_modes},
        {0},
    };

    json_t *smbios = json_object();

    import_each(domain, "sysinfo", n)
    {
        if (xmlreader_is(n, "type", "fwcfg")) {
            import_fw_cfg(node, n);
            continue;
        }
        schema_each (&smbios_schema, field) {
            if (field->type == FIELD_STRUCT)
                import_part(smbios, n, field);
        }
        import_set(smbios, "oem_strings", import_strings(n));
    }
    import_set(node, "smbios", smbios);
    import_rows(node, domain, rows);
}
