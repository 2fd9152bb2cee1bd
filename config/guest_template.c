/* SPDX-License-Identifier: Apache-2.0 */
#include "config/guest_template.h"

#include <stdlib.h>
#include <string.h>

#include "util/suggest.h"

/* What a value is made of. */
struct scope {
    const struct cluster *cluster;
    const struct node *node;
    const struct nic *nic; /* for nic.NAME.…; else NULL */
};

/* False where there is nothing of that kind; planned addresses may not be there yet. */
typedef bool (*value_writer)(const struct scope *s, struct buffer *out);

static bool put_ip4(struct buffer *out, bool given, uint32_t ip)
{
    char text[IP4_TEXT];

    if (given)
        buffer_puts(out, ip4_format(ip, text));
    return given;
}

static bool put_ip6(struct buffer *out, bool given, struct ip6 ip6)
{
    char text[IP6_TEXT];

    if (given)
        buffer_puts(out, ip6_format(ip6, text));
    return given;
}

static bool put_prefix(struct buffer *out, unsigned prefix)
{
    if (prefix)
        buffer_printf(out, "%u", prefix);
    return prefix != 0;
}

static bool has_ip4(const struct scope *s)
{
    return s->nic->net->subnet.prefix && !s->nic->dynamic;
}

static bool has_ip6(const struct scope *s)
{
    return s->nic->ip6_from == NIC_IP6_STATIC && nic_has_ip6(s->nic);
}

static bool write_ip(const struct scope *s, struct buffer *out)
{
    return put_ip4(out, has_ip4(s), s->nic->ip);
}

static bool write_cidr(const struct scope *s, struct buffer *out)
{
    if (!write_ip(s, out))
        return false;
    buffer_printf(out, "/%u", s->nic->net->subnet.prefix);
    return true;
}

static bool write_prefix(const struct scope *s, struct buffer *out)
{
    return put_prefix(out, s->nic->net->subnet.prefix);
}

static bool write_netmask(const struct scope *s, struct buffer *out)
{
    return put_ip4(out, s->nic->net->subnet.prefix != 0, cidr_netmask(s->nic->net->subnet));
}

static bool write_network(const struct scope *s, struct buffer *out)
{
    return put_ip4(out, s->nic->net->subnet.prefix != 0, cidr_network(s->nic->net->subnet));
}

static bool write_broadcast(const struct scope *s, struct buffer *out)
{
    return put_ip4(out, s->nic->net->subnet.prefix != 0, cidr_broadcast(s->nic->net->subnet));
}

static bool write_gateway(const struct scope *s, struct buffer *out)
{
    return put_ip4(out, s->nic->net->subnet.prefix && s->nic->net->gateway,
                   s->nic->net->gateway);
}

static bool write_ip6(const struct scope *s, struct buffer *out)
{
    return put_ip6(out, has_ip6(s), s->nic->ip6);
}

static bool write_cidr6(const struct scope *s, struct buffer *out)
{
    if (!write_ip6(s, out))
        return false;
    buffer_printf(out, "/%u", s->nic->net->subnet6.prefix);
    return true;
}

static bool write_prefix6(const struct scope *s, struct buffer *out)
{
    return put_prefix(out, s->nic->net->subnet6.prefix);
}

static bool write_gateway6(const struct scope *s, struct buffer *out)
{
    return put_ip6(out, ip6_is_set(s->nic->net->gateway6), s->nic->net->gateway6);
}

static bool write_mac(const struct scope *s, struct buffer *out)
{
    char text[MAC_TEXT];

    buffer_puts(out, mac_format(s->nic->mac, text));
    return true;
}

static bool write_mtu(const struct scope *s, struct buffer *out)
{
    long long mtu = s->nic->mtu ? s->nic->mtu : s->nic->net->mtu;

    buffer_printf(out, "%lld", mtu ? mtu : 1500);
    return true;
}

static bool write_name(const struct scope *s, struct buffer *out)
{
    buffer_puts(out, s->node->name);
    return true;
}

static bool write_fqdn(const struct scope *s, struct buffer *out)
{
    buffer_printf(out, "%s.%s", s->node->name, s->cluster->domain ? s->cluster->domain : "");
    return true;
}

static bool write_group(const struct scope *s, struct buffer *out)
{
    buffer_puts(out, s->node->group);
    return true;
}

static bool write_index(const struct scope *s, struct buffer *out)
{
    buffer_printf(out, "%lld", s->node->index);
    return true;
}

static bool write_cluster(const struct scope *s, struct buffer *out)
{
    buffer_puts(out, s->cluster->name ? s->cluster->name : "");
    return true;
}

static bool write_domain(const struct scope *s, struct buffer *out)
{
    buffer_puts(out, s->cluster->domain ? s->cluster->domain : "");
    return true;
}

struct value {
    const char *name;
    value_writer write;
    const char *missing; /* why there may be nothing */
};

static const struct value values[] = {
    {"node.name", write_name, NULL},       {"node.fqdn", write_fqdn, NULL},
    {"node.group", write_group, NULL},     {"node.index", write_index, NULL},
    {"cluster.name", write_cluster, NULL}, {"cluster.domain", write_domain, NULL},
};

#define NO_IP4 "has no static IPv4 address on"
#define NO_IP6 "has no static IPv6 address on"

/* Behind nic.NETWORK. */
static const struct value nic_values[] = {
    {"ip", write_ip, NO_IP4},
    {"cidr", write_cidr, NO_IP4},
    {"prefix", write_prefix, "does not know the subnet of"},
    {"netmask", write_netmask, "does not know the subnet of"},
    {"network", write_network, "does not know the subnet of"},
    {"broadcast", write_broadcast, "does not know the subnet of"},
    {"gateway", write_gateway, "does not know the gateway of"},
    {"ip6", write_ip6, NO_IP6},
    {"cidr6", write_cidr6, NO_IP6},
    {"prefix6", write_prefix6, "does not know the IPv6 subnet of"},
    {"gateway6", write_gateway6, "does not know the IPv6 gateway of"},
    {"mac", write_mac, NULL},
    {"mtu", write_mtu, NULL},
};

/* The next place in `text`: the text before it, its name without blanks; false at the end. */
struct place {
    size_t before;    /* bytes in front of it that stay */
    size_t length;    /* of the place itself */
    const char *name; /* NULL: "{{{{", or one without an end */
    size_t name_length;
    bool open; /* it has no end */
};

static bool next_place(const char *text, size_t left, struct place *ret)
{
    const char *start = memmem(text, left, "{{", 2), *end;

    *ret = (struct place){0};
    if (!start)
        return false;
    ret->before = (size_t)(start - text);
    left -= ret->before;
    if (left >= 4 && memcmp(start, "{{{{", 4) == 0) {
        ret->length = 4;
        return true;
    }
    end = memmem(start + 2, left - 2, "}}", 2);
    ret->open = !end;
    if (!end)
        return true;
    ret->length = (size_t)(end + 2 - start);
    ret->name = start + 2;
    ret->name_length = (size_t)(end - ret->name);
    while (ret->name_length && strchr(" \t", *ret->name)) {
        ret->name++;
        ret->name_length--;
    }
    while (ret->name_length && strchr(" \t", ret->name[ret->name_length - 1]))
        ret->name_length--;
    return true;
}

/* By the network's name, the first one; else by its place, from 1. */
static const struct nic *find_nic(const struct node *node, const char *name)
{
    size_t place = 0;

    list_each(const struct nic, node->nics, nic)
    {
        if (nic->net && strcmp(nic->network, name) == 0)
            return nic;
    }
    list_each(const struct nic, node->nics, nic)
    {
        char text[24];

        snprintf(text, sizeof text, "%zu", ++place);
        if (nic->net && strcmp(text, name) == 0)
            return nic;
    }
    return NULL;
}

static const struct value *find_in(const struct value *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].name, name) == 0)
            return &list[i];
    }
    return NULL;
}

static const struct value *find_value(struct scope *s, const char *name)
{
    const char *rest = strncmp(name, "nic.", 4) == 0 ? strrchr(name, '.') : NULL;
    auto_free char *network = NULL;

    if (!rest || rest < name + 4)
        return find_in(values, ARRAY_SIZE(values), name);
    network = xasprintf("%.*s", (int)(rest - name - 4), name + 4);
    s->nic = find_nic(s->node, network);
    return s->nic ? find_in(nic_values, ARRAY_SIZE(nic_values), rest + 1) : NULL;
}

static char *nearest(const struct node *node, const char *name)
{
    struct suggest near = suggest_start(name);
    char *best = NULL;

    for (size_t i = 0; i < ARRAY_SIZE(values); i++)
        suggest_offer(&near, values[i].name);
    best = xstrdup_null(suggest_result(&near));
    list_each(const struct nic, node->nics, nic)
    {
        for (size_t i = 0; nic->net && i < ARRAY_SIZE(nic_values); i++) {
            char *offer = xasprintf("nic.%s.%s", nic->network, nic_values[i].name);

            suggest_offer(&near, offer);
            if (suggest_result(&near) == offer) {
                free(best);
                best = offer;
            } else {
                free(offer);
            }
        }
    }
    return best;
}

static size_t count_lines(const char *text, size_t length)
{
    size_t lines = 0;

    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n';
    return lines;
}

static void check_place(struct scope *s, const char *name, size_t line,
                        void (*wrong)(void *, size_t, const char *, const char *), void *user)
{
    auto_buffer struct buffer ignored = {0};
    const struct value *value = find_value(s, name);
    auto_free char *why = NULL, *near = NULL;

    if (value && value->write(s, &ignored))
        return;
    if (value) {
        why =
            xasprintf("'%s': the node %s network '%s'", name, value->missing, s->nic->network);
    } else {
        why = xasprintf("unknown name '%s'", name);
        near = nearest(s->node, name);
    }
    wrong(user, line, why, near);
}

void guest_template_check(const struct cluster *cluster, const struct node *node,
                          const struct guest_file *file,
                          void (*wrong)(void *, size_t, const char *, const char *), void *user)
{
    const char *text = file->content;
    size_t left = file->content_length, line = 1;
    struct place place;

    while (text && next_place(text, left, &place)) {
        struct scope s = {.cluster = cluster, .node = node};

        line += count_lines(text, place.before);
        if (place.open) {
            wrong(user, line, "'{{' without '}}'", NULL);
            return;
        }
        if (place.name) {
            auto_free char *name = xasprintf("%.*s", (int)place.name_length, place.name);

            check_place(&s, name, line, wrong, user);
        }
        text += place.before + place.length;
        left -= place.before + place.length;
    }
}

void guest_template_fill(const struct cluster *cluster, const struct node *node,
                         const struct guest_file *file, struct buffer *out)
{
    const char *text = file->content;
    size_t left = file->content_length;
    struct place place;

    while (text && next_place(text, left, &place) && !place.open) {
        struct scope s = {.cluster = cluster, .node = node};

        buffer_append(out, text, place.before);
        if (place.name) {
            auto_free char *name = xasprintf("%.*s", (int)place.name_length, place.name);
            const struct value *value = find_value(&s, name);

            if (value)
                value->write(&s, out);
        } else {
            buffer_puts(out, "{{");
        }
        text += place.before + place.length;
        left -= place.before + place.length;
    }
    if (left)
        buffer_append(out, text, left);
}
