/* SPDX-License-Identifier: Apache-2.0 */
/* <smbios>, and the <sysinfo> that it and the firmware's configuration take their values from.
 */
#include <string.h>

#include "templates/domain/domain_part.h"

/* True when a part of smbios_schema has any value. */
static bool has_values(const struct schema *schema, const void *part)
{
    schema_each (schema, field) {
        if (*(const char *const *)(const void *)((const char *)part + field->offset))
            return true;
    }
    return false;
}

static bool has_sysinfo(const struct smbios_setting *s)
{
    schema_each (&smbios_schema, field) {
        if (field->type == FIELD_STRUCT &&
            has_values(field->schema, (const char *)s + field->offset))
            return true;
    }
    return s->oem_strings.count > 0;
}

void smbios_xml_write_mode(struct xmlwriter *w, const struct domain_template *t)
{
    const struct smbios_setting *s = &t->node->platform.smbios;

    if (s->mode != SMBIOS_SYSINFO || has_sysinfo(s))
        xml_empty(w, "smbios", "mode", smbios_modes[s->mode], NULL);
}

static void write_entry(struct xmlwriter *w, const char *name, const char *value)
{
    xml_open(w, "entry");
    xml_attribute(w, "name", name);
    xml_text(w, value);
    xml_close(w);
}

static void write_part(struct xmlwriter *w, const struct field *part, const void *values)
{
    if (!has_values(part->schema, values))
        return;
    xml_open(w, smbios_element(part->key));
    schema_each (part->schema, field) {
        const char *value =
            *(const char *const *)(const void *)((const char *)values + field->offset);

        if (value)
            write_entry(w, field->key, value);
    }
    xml_close(w);
}

static void write_smbios(struct xmlwriter *w, const struct smbios_setting *s)
{
    if (!has_sysinfo(s))
        return;
    xml_open(w, "sysinfo");
    xml_attribute(w, "type", "smbios");
    schema_each (&smbios_schema, field) {
        if (field->type == FIELD_STRUCT)
            write_part(w, field, (const char *)s + field->offset);
    }
    if (s->oem_strings.count > 0) {
        xml_open(w, "oemStrings");
        for (size_t i = 0; i < s->oem_strings.count; i++)
            xml_element(w, "entry", s->oem_strings.items[i]);
        xml_close(w);
    }
    xml_close(w);
}

void smbios_xml_write_sysinfo(struct xmlwriter *w, const struct domain_template *t)
{
    const struct list *files = &t->node->platform.fw_cfg;

    write_smbios(w, &t->node->platform.smbios);
    if (files->count == 0)
        return;
    xml_open(w, "sysinfo");
    xml_attribute(w, "type", "fwcfg");
    list_each(struct fw_cfg, *files, file)
    {
        if (file->file)
            xml_empty(w, "entry", "name", file->name, "file", file->file, NULL);
        else
            write_entry(w, file->name, file->value);
    }
    xml_close(w);
}
