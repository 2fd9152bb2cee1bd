/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/domain_part.h"

static const char *yes_or_no(int state)
{
    return state == SWITCH_OFF ? "no" : "yes";
}

static void write_port(struct xmlwriter *w, const char *name, long long port)
{
    if (port)
        xml_attributef(w, name, "%lld", port);
}

static void write_ports(struct xmlwriter *w, const struct graphics *g)
{
    bool is_auto = !g->port && !g->tls_port;

    /* libvirt's own form of "the next free one" differs between the two */
    if (is_auto && g->type == GRAPHICS_VNC)
        xml_attribute(w, "port", "-1");
    write_port(w, "port", g->port);
    write_port(w, "tlsPort", g->tls_port);
    xml_attribute(w, "autoport", is_auto ? "yes" : "no");
    write_port(w, "websocket", g->websocket);
}

static void write_attributes(struct xmlwriter *w, const struct graphics *g)
{
    xml_attribute(w, "type", graphics_types[g->type]);
    if (!g->socket) {
        write_ports(w, g);
        xml_attribute(w, "listen", g->listen ? g->listen : "127.0.0.1");
    }
    xml_attribute(w, "keymap", g->keymap);
    xml_attribute(w, "passwd", g->password);
    if (g->share_policy)
        xml_attribute(w, "sharePolicy", graphics_share_policies[g->share_policy]);
}

static void write_listen(struct xmlwriter *w, const struct graphics *g)
{
    if (g->socket)
        xml_empty(w, "listen", "type", "socket", "socket", g->socket, NULL);
    else
        xml_empty(w, "listen", "type", "address", "address",
                  g->listen ? g->listen : "127.0.0.1", NULL);
}

static void write_spice(struct xmlwriter *w, const struct graphics *g)
{
    if (g->compression)
        xml_empty(w, "image", "compression", graphics_compressions[g->compression], NULL);
    if (g->streaming)
        xml_empty(w, "streaming", "mode", graphics_streamings[g->streaming], NULL);
    if (g->clipboard)
        xml_empty(w, "clipboard", "copypaste", yes_or_no(g->clipboard), NULL);
    if (g->file_transfer)
        xml_empty(w, "filetransfer", "enable", yes_or_no(g->file_transfer), NULL);
}

void graphics_xml_write(struct xmlwriter *w, const struct domain_template *t)
{
    list_each(struct graphics, t->node->graphics, g)
    {
        if (g->type == GRAPHICS_NONE)
            continue;
        xml_open(w, "graphics");
        write_attributes(w, g);
        write_listen(w, g);
        write_spice(w, g);
        xml_close(w);
    }
}
