/* SPDX-License-Identifier: Apache-2.0 */
/* A port of the host that leads to a port of a node: "8080:80", "127.0.0.1:5353:53/udp",
 * "[::1]:8443:443". */
#ifndef CONFIG_PORT_FORWARD_H
#define CONFIG_PORT_FORWARD_H

#include <stdbool.h>
#include <stdint.h>

#include "config/schema/schema.h"
#include "util/error.h"

#define PORT_ADDRESS 46 /* the longest IPv6 address and its NUL */

enum port_protocol { PORT_TCP, PORT_UDP };
/* "tcp", "udp"; ends with NULL. */
extern const char *const port_protocol_words[];

struct port_forward {
    char address[PORT_ADDRESS]; /* of the host, in its usual form; "": all that it has */
    bool is_ip6;                /* `address` is */
    uint16_t host_port, port;   /* never 0 */
    int protocol;
    const struct document_node *source; /* NULL when it is not from the file */
};

/* `ret->source` becomes NULL. */
int port_forward_parse(const char *text, struct port_forward *ret,
                       struct error **err) MUST_CHECK;
/* As a file has it, with the protocol only where it is udp. The caller frees it. */
char *port_forward_text(const struct port_forward *forward);
/* Whether it takes the port on every address of the host, or of its family there. */
bool port_forward_is_all(const struct port_forward *forward);
/* Whether both need the same port of a host. */
bool port_forward_clash(const struct port_forward *a, const struct port_forward *b);

/* For FIELD_CUSTOM rows: a list of them, or one alone, to a struct list. Two of one list that
 * clash are a finding. */
void port_forward_bind(struct binder *b, const struct document_node *node, void *target);
json_t *port_forward_dump(const void *target);
/* What such a row says of its form. */
#define PORT_FORWARD_TYPE "ports such as [\"8080:80\", \"127.0.0.1:5353:53/udp\"]"
#define PORT_FORWARD_ITEM                                                             \
    "{ type: string, pattern: '^((([0-9]+[.]){3}[0-9]+|\\[[0-9A-Fa-f:.]+\\]):)?[0-9]" \
    "+:[0-9]+(/(tcp|udp))?$|\\$\\{[^}]*\\}' }"
#define PORT_FORWARD_SCHEMA \
    "anyOf: [" PORT_FORWARD_ITEM ", { type: array, items: " PORT_FORWARD_ITEM " }]"

#endif
