/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold between the keys of `graphics`. */
#include <string.h>

#include "config/loader.h"

#define VNC_FIRST_PORT 5900
#define VNC_PASSWORD_LONGEST 8
#define QEMU_FOLDER "/var/lib/libvirt/qemu/"

static bool is_loopback(const struct graphics *g)
{
    return g->socket || !g->listen || strncmp(g->listen, "127.", 4) == 0 ||
           strcmp(g->listen, "::1") == 0 || strcmp(g->listen, "localhost") == 0;
}

/* Never the password's own place: the line would be shown. */
static struct position type_position(const struct graphics *g)
{
    return loader_position(g->source, "type");
}

static void check_password(struct loader *l, const struct graphics *g)
{
    const struct document_node *file = document_get(g->source, "password_file");

    if (file && document_get(g->source, "password"))
        finding_error(l->d, file->key_position, "graphics-password", "remove one of them",
                      "graphics have either a password or a password_file, not both");
    else if (file && g->password && !*g->password)
        finding_error(l->d, file->position, "graphics-password",
                      "its first line is the password", "the first line of '%s' is empty",
                      file->text);
    if (g->password && g->type == GRAPHICS_VNC && strlen(g->password) > VNC_PASSWORD_LONGEST)
        finding_error(l->d, type_position(g), "graphics-password",
                      "shorten it: viewers send the first 8 alone; or take type spice",
                      "a password for VNC has at most %d characters, and this one has %zu",
                      VNC_PASSWORD_LONGEST, strlen(g->password));
    else if (g->password && strlen(g->password) > GRAPHICS_PASSWORD_LONGEST)
        finding_error(l->d, type_position(g), "graphics-password", "shorten it",
                      "a password for SPICE has at most %d characters, and this one has %zu",
                      GRAPHICS_PASSWORD_LONGEST, strlen(g->password));
}

static void check_listen(struct loader *l, const struct graphics *g)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:-%";
    struct position at = loader_position(g->source, "listen");

    if (!g->listen)
        return;
    if (strspn(g->listen, allowed) != strlen(g->listen))
        finding_error(l->d, at, "graphics-listen", "write an address such as 127.0.0.1",
                      "'%s' is no address of a host", g->listen);
    else if (is_loopback(g))
        return;
    else if (!g->password)
        finding_warning(l->d, at, "graphics-open",
                        "set password_file, or listen on 127.0.0.1 and use an SSH tunnel",
                        "whoever reaches %s sees the screen: there is no password", g->listen);
    else if (!g->tls_port)
        finding_warning(l->d, at, "graphics-open", "listen on 127.0.0.1 and use an SSH tunnel",
                        "%s on %s is not encrypted: the network sees the screen",
                        graphics_types[g->type], g->listen);
}

static void check_ports(struct loader *l, const struct node *node, const struct graphics *g)
{
    const struct {
        const char *key;
        long long port;
    } ports[] = {{"port", g->port}, {"tls_port", g->tls_port}, {"websocket", g->websocket}};

    if (g->type == GRAPHICS_VNC && g->port && g->port < VNC_FIRST_PORT)
        finding_error(l->d, loader_position(g->source, "port"), "graphics-port",
                      "VNC counts its screens from port 5900 on",
                      "port must be 5900 to 65535 for VNC, not %lld", g->port);
    for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
        if (ports[i].port)
            check_single(l, node, loader_position(g->source, ports[i].key), "one port");
    }
}

static void check_socket(struct loader *l, const struct node *node, const struct graphics *g)
{
    static const char *const others[] = {"listen", "port", "tls_port", "websocket"};

    if (!g->socket)
        return;
    check_absolute(l, g->source, "socket", g->socket);
    if (g->type == GRAPHICS_VNC && strncmp(g->socket, QEMU_FOLDER, strlen(QEMU_FOLDER)) == 0)
        finding_error(l->d, loader_position(g->source, "socket"), "graphics-socket",
                      "take another folder, one that QEMU's user may write to",
                      "libvirt takes a socket in %s for one of its own, and forgets it",
                      QEMU_FOLDER);
    check_single(l, node, loader_position(g->source, "socket"), "one socket");
    for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
        if (document_get(g->source, others[i]))
            finding_error(l->d, document_get(g->source, others[i])->key_position,
                          "graphics-socket", "remove one of them",
                          "graphics on a socket have no %s", others[i]);
    }
}

static void check_one(struct loader *l, const struct node *node, const struct graphics *g)
{
    static const char keymap[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-";

    check_unfit(l, &graphics_schema, g->source, "websocket share_policy",
                g->type == GRAPHICS_VNC);
    check_unfit(l, &graphics_schema, g->source,
                "tls_port compression streaming clipboard file_transfer agent",
                g->type == GRAPHICS_SPICE);
    check_password(l, g);
    check_listen(l, g);
    check_ports(l, node, g);
    check_socket(l, node, g);
    if (g->keymap && strspn(g->keymap, keymap) != strlen(g->keymap))
        finding_error(l->d, loader_position(g->source, "keymap"), "graphics-keymap",
                      "write a name of QEMU's such as de, en-us or fr-ch",
                      "'%s' is no keyboard", g->keymap);
}

void check_graphics(struct loader *l, const struct node *node)
{
    const struct graphics *first[GRAPHICS_NONE + 1] = {NULL};

    list_each(struct graphics, node->graphics, g)
    {
        check_one(l, node, g);
        if (g->type == GRAPHICS_NONE)
            finding_error(l->d, type_position(g), "graphics-none",
                          "write 'graphics: none', or remove it",
                          "none stands alone: it has no keys, and no others beside it");
        else if (first[g->type])
            finding_error(l->d, type_position(g), "graphics-twice", "remove one of them",
                          "a node can have %s once", graphics_types[g->type]);
        first[g->type] = g;
    }
}
