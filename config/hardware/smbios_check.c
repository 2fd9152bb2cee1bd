/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>

#include "config/loader.h"

/* Digits, `mark`, digits, …: as many numbers as `lengths` has, each of at most so many digits.
 */
static bool is_numbers(const char *text, char mark, const int *lengths, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t digits = strspn(text, "0123456789");

        if (digits < 1 || digits > (size_t)lengths[i])
            return false;
        text += digits;
        if (i + 1 < count && *text++ != mark)
            return false;
    }
    return !*text;
}

/* libvirt takes month/day/year alone. */
static void check_bios(struct loader *l, const struct smbios_bios *bios)
{
    static const int date[] = {2, 2, 4}, release[] = {3, 3};

    if (bios->date && !is_numbers(bios->date, '/', date, ARRAY_SIZE(date)))
        finding_error(l->d, loader_position(bios->source, "date"), "smbios",
                      "write month/day/year: 11/21/2026", "'%s' is not a firmware's date",
                      bios->date);
    if (bios->release && !is_numbers(bios->release, '.', release, ARRAY_SIZE(release)))
        finding_error(l->d, loader_position(bios->source, "release"), "smbios",
                      "write two numbers up to 255: \"2.1\"",
                      "'%s' is not a firmware's release", bios->release);
}

static void check_mode(struct loader *l, const struct smbios_setting *s)
{
    static const char *const keys[] = {"bios", "system", "board", "chassis", "oem_strings"};

    for (size_t i = 0; i < ARRAY_SIZE(keys) && s->mode != SMBIOS_SYSINFO; i++) {
        const struct document_node *value = document_get(s->source, keys[i]);

        if (value)
            finding_error(l->d, value->key_position, "smbios",
                          "remove it, or write 'mode: sysinfo'",
                          "%s has no effect with mode: %s", keys[i], smbios_modes[s->mode]);
    }
}

static void check_entry(struct loader *l, const struct fw_cfg *entry)
{
    if (entry->name && strncmp(entry->name, "opt/", 4) != 0)
        finding_error(l->d, entry->source->key_position, "fw-cfg",
                      arena_printf(l->arena, "write opt/%s", entry->name),
                      "'%s' cannot be a name here: QEMU leaves users those below opt/",
                      entry->name);
    if (entry->value && entry->file)
        finding_error(l->d, loader_position(entry->source, "file"), "fw-cfg",
                      "remove one of them", "an entry has either a value or a file, not both");
    else if (!entry->value && !entry->file && entry->source->kind == DOCUMENT_MAPPING &&
             entry->source->count == 0)
        finding_error(l->d, entry->source->key_position, "fw-cfg",
                      "write a text, or { file: PATH }",
                      "an entry needs a value or a file, and has none");
}

void check_smbios(struct loader *l, const struct node *node)
{
    const struct smbios_setting *s = &node->platform.smbios;

    if (s->source && s->source->kind == DOCUMENT_MAPPING) {
        check_mode(l, s);
        check_bios(l, &s->bios);
    }
    list_each(struct fw_cfg, node->platform.fw_cfg, entry)
    {
        if (entry->source)
            check_entry(l, entry);
    }
}
