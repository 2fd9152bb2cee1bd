/* SPDX-License-Identifier: Apache-2.0 */
#include "config/network/port_forward.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "config/cluster.h"
#include "util/address.h"

#define FORM "write \"8080:80\": the host's port, then the node's"

const char *const port_protocol_words[] = {"tcp", "udp", NULL};

static int read_port(const char *text, const char *whole, uint16_t *ret, struct error **err)
{
    size_t digits = strspn(text, "0123456789");
    unsigned long port = strtoul(text, NULL, 10);

    if (digits > 0 && text[digits] == '-') {
        error_set(err, ERROR_CONFIG, "'%s' has a range of ports", whole);
        return error_hint(err, "each port needs a line of its own");
    }
    if (digits == 0 || text[digits]) {
        error_set(err, ERROR_CONFIG, "'%s' in '%s' is not a port", text, whole);
        return error_hint(err, FORM);
    }
    if (port < 1 || port > 65535 || digits > 5) {
        error_set(err, ERROR_CONFIG, "port %s in '%s' is not from 1 to 65535", text, whole);
        return error_hint(err, FORM);
    }
    *ret = (uint16_t)port;
    return 0;
}

static int read_protocol(const char *word, const char *whole, int *ret, struct error **err)
{
    for (int i = 0; port_protocol_words[i]; i++) {
        if (strcmp(word, port_protocol_words[i]) == 0) {
            *ret = i;
            return 0;
        }
    }
    error_set(err, ERROR_CONFIG, "'%s' in '%s' is not a protocol", word, whole);
    return error_hint(err, "write /udp behind it, or nothing for tcp");
}

static int read_ip6(const char *text, const char *whole, struct port_forward *ret,
                    struct error **err)
{
    struct in6_addr address;

    if (inet_pton(AF_INET6, text, &address) != 1) {
        error_set(err, ERROR_CONFIG, "'%s' in '%s' is not an IPv6 address", text, whole);
        return error_hint(err, "write \"[::1]:8443:443\"");
    }
    inet_ntop(AF_INET6, &address, ret->address, sizeof ret->address);
    ret->is_ip6 = true;
    return 0;
}

static int read_ip4(const char *text, const char *whole, struct port_forward *ret,
                    struct error **err)
{
    uint32_t address;

    if (ip4_parse(text, &address, NULL) == 0) {
        ip4_format(address, ret->address);
        return 0;
    }
    if (strchr(text, ':')) {
        error_set(err, ERROR_CONFIG, "'%s' has more than an address and two ports", whole);
        return error_hint(err, "an IPv6 address goes in brackets: \"[::1]:8443:443\"");
    }
    error_set(err, ERROR_CONFIG, "'%s' in '%s' is not an address of the host", text, whole);
    return error_hint(err, strcmp(text, "localhost") == 0
                               ? "write 127.0.0.1"
                               : "write one such as 127.0.0.1, or none for all of them");
}

/* "[::1]" or "127.0.0.1", which end at `end`. */
static int read_address(const char *text, const char *end, const char *whole,
                        struct port_forward *ret, struct error **err)
{
    size_t length = (size_t)(end - text);
    bool is_bracketed = length > 1 && *text == '[' && end[-1] == ']';
    auto_free char *address =
        is_bracketed ? xstrndup(text + 1, length - 2) : xstrndup(text, length);

    return is_bracketed ? read_ip6(address, whole, ret, err)
                        : read_ip4(address, whole, ret, err);
}

int port_forward_parse(const char *text, struct port_forward *ret, struct error **err)
{
    size_t length = strcspn(text, "/");
    auto_free char *head = xstrndup(text, length);
    char *inner = strrchr(head, ':'), *outer;

    *ret = (struct port_forward){.protocol = PORT_TCP};
    if (text[length] && read_protocol(text + length + 1, text, &ret->protocol, err) < 0)
        return -1;
    if (!inner) {
        bool is_number = *head && strspn(head, "0123456789") == strlen(head);

        error_set(err, ERROR_CONFIG,
                  is_number ? "'%s' is one port, and two are needed" : "'%s' is not two ports",
                  text);
        return is_number ? error_hint(err, "write \"%s:%s\": the host's port, then the node's",
                                      head, head)
                         : error_hint(err, FORM);
    }
    *inner = '\0';
    outer = strrchr(head, ':');
    if (outer && read_address(head, outer, text, ret, err) < 0)
        return -1;
    if (read_port(outer ? outer + 1 : head, text, &ret->host_port, err) < 0)
        return -1;
    return read_port(inner + 1, text, &ret->port, err);
}

char *port_forward_text(const struct port_forward *f)
{
    return xasprintf("%s%s%s%s%u:%u%s", f->is_ip6 ? "[" : "", f->address, f->is_ip6 ? "]" : "",
                     f->address[0] ? ":" : "", f->host_port, f->port,
                     f->protocol == PORT_UDP ? "/udp" : "");
}

bool port_forward_is_all(const struct port_forward *f)
{
    return !f->address[0] || strcmp(f->address, "0.0.0.0") == 0 ||
           strcmp(f->address, "::") == 0;
}

bool port_forward_clash(const struct port_forward *a, const struct port_forward *b)
{
    bool same_family = a->is_ip6 == b->is_ip6 || !a->address[0] || !b->address[0];

    return a->protocol == b->protocol && a->host_port == b->host_port && same_family &&
           (port_forward_is_all(a) || port_forward_is_all(b) ||
            strcmp(a->address, b->address) == 0);
}

static void check_twice(struct binder *b, const struct list *list)
{
    const struct port_forward *items = list->items;

    for (size_t i = 1; i < list->count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (!port_forward_clash(&items[i], &items[k]))
                continue;
            binder_report(b, items[i].source->position, "port-forward",
                          "each port of the host can lead to one place",
                          "port %u/%s of the host is forwarded twice: also by '%s' in line %d",
                          items[i].host_port, port_protocol_words[items[i].protocol],
                          items[k].source->text, items[k].source->position.line);
            break;
        }
    }
}

static void bind_one(struct binder *b, const struct document_node *node, struct list *list)
{
    struct port_forward *forward = (struct port_forward *)list->items + list->count;
    auto_error struct error *error = NULL;

    if (node->kind != DOCUMENT_SCALAR || node->is_null) {
        binder_report(b, node->position, "type",
                      node->kind == DOCUMENT_SEQUENCE
                          ? "with an IPv6 address it needs quotes: \"[::1]:8443:443\""
                          : "write \"8080:80\", with quotes",
                      "a port forward must be a text, not %s", document_kind_name(node));
        return;
    }
    if (port_forward_parse(node->text, forward, &error) < 0) {
        binder_report(b, node->position, "port-forward", error->hint, "%s", error->message);
        return;
    }
    forward->source = node;
    list->count++;
}

/* More than these nobody writes by hand, and each is compared with all. */
#define MOST 256

void port_forward_bind(struct binder *b, const struct document_node *node, void *target)
{
    struct list *list = target;
    const struct document_node *item;

    *list = (struct list){0};
    if (node->kind == DOCUMENT_SEQUENCE && node->count > MOST) {
        binder_report(b, node->position, "limit", NULL,
                      "%zu port forwards, and %d are the most", node->count, MOST);
        return;
    }
    list->items = arena_alloc(b->arena, (node->count + 1) * sizeof(struct port_forward));
    if (node->kind != DOCUMENT_SEQUENCE)
        bind_one(b, node, list);
    else
        document_each (node, i, item)
            bind_one(b, item, list);
    check_twice(b, list);
}

json_t *port_forward_dump(const void *target)
{
    const struct list *list = target;
    json_t *texts = list->count ? json_array() : NULL;

    list_each(struct port_forward, *list, forward)
    {
        auto_free char *text = port_forward_text(forward);

        json_array_append_new(texts, json_string(text));
    }
    return texts;
}
