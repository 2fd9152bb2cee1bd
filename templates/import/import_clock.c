/* SPDX-License-Identifier: Apache-2.0 */
/* <clock> with its timers. */
#include "config/hardware/clock.h"

#include <string.h>

#include "config/hardware/platform.h"
#include "templates/import/import_part.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

static xmlNodePtr timer_named(xmlNodePtr clock, const char *name)
{
    import_each(clock, "timer", n)
    {
        if (xmlreader_is(n, "name", name))
            return n;
    }
    return NULL;
}

/* What virtopo says of them where the file does not. */
static bool is_usual(xmlNodePtr timer, const char *name)
{
    if (!timer || xmlreader_has(timer, "track") ||
        (strcmp(name, "hpet") != 0 && xmlreader_has(timer, "present")))
        return false;
    if (strcmp(name, "rtc") == 0)
        return xmlreader_is(timer, "tickpolicy", "catchup");
    if (strcmp(name, "pit") == 0)
        return xmlreader_is(timer, "tickpolicy", "delay");
    return strcmp(name, "hpet") == 0 && xmlreader_is(timer, "present", "no");
}

/* A timer that the domain does not name is as QEMU has it; virtopo has other defaults for three
 * of a PC's. */
static json_t *unnamed(const char *name, bool is_x86)
{
    if (!is_x86)
        return NULL;
    if (strcmp(name, "rtc") == 0)
        return json_pack("{s:s}", "tickpolicy", "delay");
    return strcmp(name, "hpet") == 0 ? json_true() : NULL;
}

static json_t *import_timer(xmlNodePtr timer, const struct field *field)
{
    const struct field *policy = schema_field(field->schema, "tickpolicy");
    const struct import_row rows[] = {
        {"present", "@present", IMPORT_SWITCH},
        {"frequency", "@frequency", IMPORT_NUMBER},
        {"track", "@track", IMPORT_WORD, timer_tracks},
        {policy ? "tickpolicy" : NULL, "@tickpolicy", IMPORT_WORD,
         policy ? policy->words : NULL},
        {0},
    };
    json_t *object = json_object();

    import_rows(object, timer, rows);
    return object;
}

static void import_timers(json_t *node, xmlNodePtr clock, bool is_x86)
{
    schema_each (&timers_schema, field) {
        xmlNodePtr timer = timer_named(clock, field->key);
        auto_free char *key = xasprintf("clock.timers.%s", field->key);

        if (is_x86 && is_usual(timer, field->key))
            continue;
        import_set(node, key, timer ? import_timer(timer, field) : unnamed(field->key, is_x86));
    }
}

void import_clock(json_t *node, xmlNodePtr domain)
{
    static const struct import_row rows[] = {
        {"offset", "@offset", IMPORT_WORD, clock_offsets},
        {"timezone", "@timezone", IMPORT_TEXT},
        {"basis", "@basis", IMPORT_WORD, clock_bases},
        {"start", "@start", IMPORT_NUMBER},
        {0},
    };
    xmlNodePtr clock = xmlreader_child(domain, "clock");
    auto_free char *arch = import_text(domain, "os/type@arch");
    auto_free char *adjustment = xmlreader_attribute(clock, "adjustment");
    json_t *object = json_object();

    import_rows(object, clock, rows);
    if (xmlreader_number(adjustment, 0) && xmlreader_is(clock, "offset", "variable"))
        import_set(object, "adjustment", json_integer(xmlreader_number(adjustment, 0)));
    import_set(node, "clock", object);
    import_timers(node, clock, platform_is_x86(arch ? arch : "x86_64"));
}
