/* SPDX-License-Identifier: Apache-2.0 */
/* What a person at the screen has: graphics, video, sound, input, USB. */
#include "config/hardware/desktop.h"

#include <string.h>

#include "config/hardware/graphics.h"
#include "templates/import/import_part.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

static void import_listen(json_t *object, xmlNodePtr graphics)
{
    xmlNodePtr listen = xmlreader_child(graphics, "listen");
    auto_free char *address = xmlreader_attribute(listen, "address");
    auto_free char *socket = xmlreader_attribute(listen, "socket");

    import_set_text(object, "socket", socket);
    if (address && strcmp(address, "127.0.0.1") != 0)
        import_set_text(object, "listen", address);
}

static void import_ports(json_t *object, xmlNodePtr graphics)
{
    static const struct import_row rows[] = {
        {"port", "@port", IMPORT_NUMBER},
        {"tls_port", "@tlsPort", IMPORT_NUMBER},
        {0},
    };

    if (!xmlreader_is(graphics, "autoport", "yes"))
        import_rows(object, graphics, rows);
}

static void import_one_screen(json_t *list, xmlNodePtr graphics, bool has_agent)
{
    static const struct import_row rows[] = {
        {"type", "@type", IMPORT_WORD, graphics_types},
        {"websocket", "@websocket", IMPORT_NUMBER},
        {"keymap", "@keymap", IMPORT_TEXT},
        {"share_policy", "@sharePolicy", IMPORT_WORD, graphics_share_policies},
        {"compression", "image@compression", IMPORT_WORD, graphics_compressions},
        {"streaming", "streaming@mode", IMPORT_WORD, graphics_streamings},
        {"clipboard", "clipboard@copypaste", IMPORT_SWITCH},
        {"file_transfer", "filetransfer@enable", IMPORT_SWITCH},
        {0},
    };
    json_t *object = json_object();

    import_rows(object, graphics, rows);
    if (!json_object_get(object, "type")) {
        json_decref(object);
        return;
    }
    import_listen(object, graphics);
    import_ports(object, graphics);
    if (xmlreader_is(graphics, "type", "spice") && !has_agent)
        import_set(object, "agent", json_false());
    json_array_append_new(list, object);
}

static void import_screens(json_t *node, xmlNodePtr devices, struct import_notes *notes)
{
    json_t *list = json_array();
    bool has_agent = false;

    import_each(devices, "channel", n) has_agent =
        has_agent || xmlreader_is(n, "type", "spicevmc");
    import_each(devices, "graphics", n)
    {
        import_one_screen(list, n, has_agent);
        if (xmlreader_has(n, "passwd") || xmlreader_has(n, "passwdValidTo"))
            import_note(notes, "graphics has a password, which is not written here: add "
                               "password_file, or password: ${NAME}");
    }
    import_set(node, "graphics", list);
}

/* What libvirt fills in for a card that says nothing; in KiB. */
static void drop_usual_sizes(json_t *video)
{
    static const struct {
        const char *key, *size;
    } sizes[] = {{"ram", "64M"}, {"vgamem", "16M"}, {"vram", "16M"}, {"vram", "64M"}};
    const char *model = json_string_value(json_object_get(video, "model"));
    bool is_qxl = model && strcmp(model, "qxl") == 0;

    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        const char *size = json_string_value(json_object_get(video, sizes[i].key));
        bool is_vram = strcmp(sizes[i].key, "vram") == 0;

        if (size && strcmp(size, sizes[i].size) == 0 &&
            (!is_vram || is_qxl == (strcmp(size, "64M") == 0)))
            json_object_del(video, sizes[i].key);
    }
}

static void import_video(json_t *node, xmlNodePtr devices)
{
    static const struct import_row rows[] = {
        {"model", "model@type", IMPORT_WORD, video_models},
        {"heads", "model@heads", IMPORT_NUMBER},
        {"vram", "model@vram", IMPORT_KIB},
        {"ram", "model@ram", IMPORT_KIB},
        {"vgamem", "model@vgamem", IMPORT_KIB},
        {"accel3d", "model/acceleration@accel3d", IMPORT_SWITCH},
        {0},
    };
    xmlNodePtr video = xmlreader_child(devices, "video");
    auto_free char *x = import_text(video, "model/resolution@x");
    auto_free char *y = import_text(video, "model/resolution@y");
    json_t *object = json_object();
    const char *model;

    import_rows(object, video, rows);
    drop_usual_sizes(object);
    if (json_integer_value(json_object_get(object, "heads")) == 1)
        json_object_del(object, "heads");
    if (x && y)
        import_set(object, "resolution", json_sprintf("%sx%s", x, y));
    model = json_string_value(json_object_get(object, "model"));
    if (json_object_get(node, "graphics") && model && strcmp(model, "virtio") == 0)
        json_object_del(object, "model");
    if (!json_object_get(node, "graphics") && model && strcmp(model, "none") == 0)
        json_object_del(object, "model");
    import_set(node, "video", object);
}

static void import_inputs(json_t *node, xmlNodePtr devices)
{
    static const struct import_row rows[] = {
        {"type", "@type", IMPORT_WORD, input_types},
        {"bus", "@bus", IMPORT_WORD, input_buses},
        {0},
    };
    json_t *list = json_array();

    import_each(devices, "input", n)
    {
        json_t *object = json_object();

        import_rows(object, n, rows);
        /* every PC has them */
        if (xmlreader_is(n, "bus", "ps2") || !json_object_get(object, "type"))
            json_decref(object);
        else
            json_array_append_new(list, object);
    }
    import_set(node, "input", list);
}

static void import_usb(json_t *node, xmlNodePtr devices)
{
    static const struct import_row rows[] = {
        {"model", "@model", IMPORT_WORD, usb_models},
        {"ports", "@ports", IMPORT_NUMBER},
        {0},
    };
    json_t *usb = json_object();
    json_int_t redirections = 0;

    import_each(devices, "controller", n)
    {
        if (xmlreader_is(n, "type", "usb") && !json_object_get(usb, "model"))
            import_rows(usb, n, rows);
    }
    import_each(devices, "redirdev", n) redirections +=
        xmlreader_is(n, "bus", "usb") && xmlreader_is(n, "type", "spicevmc");
    if (redirections)
        import_set(usb, "redirections", json_integer(redirections));
    import_set(node, "usb", usb);
}

void import_desktop(json_t *node, xmlNodePtr domain, struct import_notes *notes)
{
    static const struct import_row rows[] = {
        {"sound.model", "sound@model", IMPORT_WORD, sound_models},
        {"sound.codec", "sound/codec@type", IMPORT_WORD, sound_codecs},
        {0},
    };
    xmlNodePtr devices = xmlreader_child(domain, "devices");

    import_screens(node, devices, notes);
    import_video(node, devices);
    import_inputs(node, devices);
    import_usb(node, devices);
    import_rows(node, devices, rows);
}
