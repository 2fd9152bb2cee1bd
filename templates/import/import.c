/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/import/import.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "templates/import/explicit.h"
#include "templates/import/import_part.h"
#include "templates/xmlreader.h"
#include "util/buffer.h"
#include "util/memory.h"

#define NAME_LONGEST 40 /* of a name that is made up; a number may come behind it */

void import_note(struct import_notes *notes, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vector_push(notes->items, notes->count, xvasprintf(fmt, ap));
    va_end(ap);
}

void import_notes_done(struct import_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++)
        free(notes->items[i]);
    free(notes->items);
    *notes = (struct import_notes){0};
}

void import_world_init(struct import_world *world)
{
    world->networks = json_object();
    world->names = json_object();
    world->nodes = json_object();
}

void import_world_done(struct import_world *world)
{
    json_decref(world->networks);
    json_decref(world->names);
    json_decref(world->nodes);
    *world = (struct import_world){0};
}

/* Lower case, and '-' for what cannot stand in a name; the caller frees it. */
static char *plain_name(const char *text)
{
    struct buffer out = {0};

    for (const char *p = text; *p && out.length < NAME_LONGEST; p++) {
        char c = (char)tolower((unsigned char)*p);

        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            buffer_append(&out, &c, 1);
        else if (out.length && out.data[out.length - 1] != '-')
            buffer_append(&out, "-", 1);
    }
    while (out.length && out.data[out.length - 1] == '-')
        out.data[--out.length] = '\0';
    return buffer_take(&out);
}

char *import_name(const char *text, const char *otherwise, const json_t *taken)
{
    auto_free char *plain = plain_name(text);
    char *name;

    if (!*plain) {
        free(plain);
        plain = xstrdup(otherwise);
    }
    name = xstrdup(plain);
    for (size_t i = 2; json_object_get(taken, name); i++) {
        free(name);
        name = xasprintf("%s-%zu", plain, i);
    }
    return name;
}

json_t *import_node(xmlNodePtr domain, struct import_world *world, struct import_notes *notes)
{
    json_t *node = json_object();

    explicit_domain(domain);
    import_platform(node, domain, notes);
    import_cpus(node, domain);
    import_memory(node, domain);
    import_features(node, domain);
    import_clock(node, domain);
    import_smbios(node, domain);
    import_disks(node, domain);
    import_nics(node, domain, world);
    import_lines(node, domain);
    import_desktop(node, domain, notes);
    import_devices(node, domain);
    import_hostdevs(node, domain);
    import_shares(node, domain);
    json_object_set_new(node, "disk", json_string("none"));
    return node;
}
