/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "config/loader.h"

/* Keys of a clock that only one offset has; without `offset` two of them say which. */
static void check_only(struct loader *l, const struct clock_setting *c, const char *key,
                       bool given, int offset)
{
    if (!given || c->offset == offset)
        return;
    finding_error(
        l->d, loader_position(c->source, key), "clock-offset",
        arena_printf(l->arena, "write 'offset: %s', or remove it", clock_offsets[offset]),
        "%s is for offset: %s, and it is %s", key, clock_offsets[offset],
        clock_offsets[c->offset]);
}

static void check_missing(struct loader *l, const struct clock_setting *c, const char *key,
                          const char *example, bool given, int offset)
{
    if (given || c->offset != offset)
        return;
    finding_error(l->d,
                  c->source->kind == DOCUMENT_MAPPING ? loader_position(c->source, "offset")
                                                      : c->source->position,
                  "clock-offset", arena_printf(l->arena, "write { %s: %s }", key, example),
                  "the clock's offset is %s, and there is no %s", clock_offsets[offset], key);
}

static void check_timezone(struct loader *l, const struct clock_setting *c)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/";

    if (!c->timezone)
        return;
    if (strspn(c->timezone, allowed) != strlen(c->timezone) || c->timezone[0] == '/')
        finding_error(l->d, loader_position(c->source, "timezone"), "clock-timezone",
                      "write the name of a file below /usr/share/zoneinfo: Europe/Vienna",
                      "'%s' is not the name of a timezone", c->timezone);
}

static void check_timers(struct loader *l, const struct timers_setting *timers, bool is_x86)
{
    schema_each (&timers_schema, field) {
        const struct timer_setting *timer =
            (const void *)((const char *)timers + field->offset);
        bool is_arm = strcmp(field->key, "armvtimer") == 0;

        if (timer->source && is_arm == is_x86)
            finding_error(l->d, timer->source->key_position, "clock-timer", "remove it",
                          "the timer %s is one of %s", field->key, is_arm ? "ARM" : "x86");
    }
}

void check_clock(struct loader *l, const struct node *node)
{
    const struct clock_setting *c = &node->platform.clock;
    int arch = node->platform.arch;

    if (!c->source)
        return;
    check_only(l, c, "timezone", c->timezone, CLOCK_TIMEZONE);
    check_only(l, c, "start", c->start, CLOCK_ABSOLUTE);
    check_only(l, c, "adjustment", c->adjustment, CLOCK_VARIABLE);
    check_only(l, c, "basis", c->basis, CLOCK_VARIABLE);
    check_missing(l, c, "timezone", "Europe/Vienna", c->timezone, CLOCK_TIMEZONE);
    check_missing(l, c, "start", "1700000000", c->start, CLOCK_ABSOLUTE);
    check_timezone(l, c);
    if (arch)
        check_timers(l, &c->timers, platform_is_x86(platform_archs[arch]));
}
