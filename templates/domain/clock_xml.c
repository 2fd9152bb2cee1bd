/* SPDX-License-Identifier: Apache-2.0 */
/* <clock> with its timers. */
#include "templates/domain/domain_part.h"

/* `field` is its row in timers_schema, whose table has the words of its keys. */
static void write_timer(struct xmlwriter *w, const struct field *field,
                        const struct timer_setting *t)
{
    xml_open(w, "timer");
    xml_attribute(w, "name", field->key);
    if (t->present != SWITCH_UNSET)
        xml_attribute(w, "present", t->present == SWITCH_ON ? "yes" : "no");
    if (t->tickpolicy)
        xml_attribute(w, "tickpolicy",
                      schema_field(field->schema, "tickpolicy")->words[t->tickpolicy]);
    if (t->track)
        xml_attribute(w, "track", timer_tracks[t->track]);
    if (t->frequency)
        xml_attributef(w, "frequency", "%lld", t->frequency);
    xml_close(w);
}

/* What a timer of x86 is unless the file names it: libosinfo's advice for nearly every system.
 */
static const struct timer_setting *usual_timer(const struct timer_setting *timer,
                                               const struct timers_setting *given)
{
    static const struct timer_setting rtc = {.tickpolicy = 2 /* catchup */},
                                      pit = {.tickpolicy = 1 /* delay */},
                                      hpet = {.present = SWITCH_OFF};

    if (timer == &given->rtc)
        return &rtc;
    if (timer == &given->pit)
        return &pit;
    return timer == &given->hpet ? &hpet : NULL;
}

static void write_timers(struct xmlwriter *w, const struct domain_template *t)
{
    const struct timers_setting *timers = &t->node->platform.clock.timers;

    schema_each (&timers_schema, field) {
        const struct timer_setting *timer =
            (const void *)((const char *)timers + field->offset);

        if (!timer->source)
            timer = domain_is_x86(t) ? usual_timer(timer, timers) : NULL;
        if (timer)
            write_timer(w, field, timer);
    }
}

void clock_xml_write(struct xmlwriter *w, const struct domain_template *t)
{
    const struct clock_setting *c = &t->node->platform.clock;

    xml_open(w, "clock");
    xml_attribute(w, "offset", clock_offsets[c->offset]);
    if (c->offset == CLOCK_VARIABLE) {
        xml_attributef(w, "adjustment", "%lld", c->adjustment);
        xml_attribute(w, "basis", clock_bases[c->basis]);
    }
    if (c->offset == CLOCK_TIMEZONE)
        xml_attribute(w, "timezone", c->timezone);
    if (c->offset == CLOCK_ABSOLUTE)
        xml_attributef(w, "start", "%lld", c->start);
    write_timers(w, t);
    xml_close(w);
}
