/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/fault/fault.h"
#include "util/buffer.h"
#include "util/size.h"

static void add(struct buffer *out, const char *text)
{
    buffer_printf(out, "%s%s", out->length ? ", " : "", text);
}

/* "5 %", "0.25 %": of a million. */
static void add_loss(struct buffer *out, uint32_t loss)
{
    auto_free char *text = xasprintf("loss %u.%04u", loss / 10000, loss % 10000);
    size_t length = 0;

    while (text[length])
        length++;
    while (text[length - 1] == '0')
        text[--length] = '\0';
    if (text[length - 1] == '.')
        text[--length] = '\0';
    add(out, text);
    buffer_puts(out, " %");
}

char *netem_text(const struct netem *n)
{
    struct buffer out = {0};
    char text[SIZE_TEXT];

    if (n->delay) {
        add(&out, "delay ");
        buffer_puts(&out, duration_format(n->delay, text));
    }
    if (n->jitter)
        buffer_printf(&out, " ± %s", duration_format(n->jitter, text));
    if (n->loss)
        add_loss(&out, n->loss);
    if (n->rate) {
        add(&out, "rate ");
        buffer_printf(&out, "%s/s", size_format(n->rate, text));
    }
    if (n->direction != FAULT_BOTH)
        add(&out, fault_directions[n->direction]);
    return buffer_take(&out);
}

char *fault_text(const struct fault *f)
{
    switch (f->kind) {
    case FAULT_LINK_DOWN:
        return xstrdup("link down");
    case FAULT_NETEM:
        return netem_text(&f->netem);
    case FAULT_PARTITION:
        return xasprintf("side %lld of a partition", f->side);
    case FAULT_KILLED:
        break;
    }
    return xstrdup("killed");
}

char *fault_line(const struct fault *f)
{
    auto_free char *text = fault_text(f);

    return f->network ? xasprintf("%s: %s", f->network, text) : xstrdup(text);
}

json_t *fault_json(const struct fault *f)
{
    static const char *const kinds[] = {"link-down", "netem", "partition", "killed"};
    json_t *object = json_pack("{s:s}", "kind", kinds[f->kind]);

    if (f->network)
        json_object_set_new(object, "network", json_string(f->network));
    if (f->kind == FAULT_NETEM) {
        json_object_set_new(object, "direction",
                            json_string(fault_directions[f->netem.direction]));
        json_object_set_new(object, "delay_ms", json_integer((json_int_t)f->netem.delay));
        json_object_set_new(object, "jitter_ms", json_integer((json_int_t)f->netem.jitter));
        json_object_set_new(object, "loss_percent", json_real(f->netem.loss / 10000.0));
        json_object_set_new(object, "rate_bytes", json_integer((json_int_t)f->netem.rate));
    }
    if (f->kind == FAULT_PARTITION)
        json_object_set_new(object, "side", json_integer(f->side));
    json_object_set_new(object, "since", f->since ? json_string(f->since) : json_null());
    return object;
}
