/* SPDX-License-Identifier: Apache-2.0 */
#include "config/cluster.h"

const char *const graphics_types[] = {"vnc", "spice", "none", NULL};
static const char *const graphics_notes[] = {
    "any VNC viewer; passwords of at most 8 characters",
    "with sound, clipboard and USB of the viewer's machine",
    "no screen at all",
    NULL,
};
const char *const graphics_share_policies[] = {"default", "allow-exclusive", "force-shared",
                                               "ignore", NULL};
const char *const graphics_compressions[] = {"default", "auto_glz", "auto_lz", "quic",
                                             "glz",     "lz",       "off",     NULL};
const char *const graphics_streamings[] = {"default", "filter", "all", "off", NULL};

static void parse_password(struct binder *b, const struct document_node *node, void *target)
{
    const struct field text = {
        .key = "password", .type = FIELD_STRING, .max = GRAPHICS_PASSWORD_LONGEST};

    schema_bind_field(b, &text, node, &((struct graphics *)target)->password);
}

/* A spec is in the tag, which every local user of the host may read. */
static json_t *dump_password(const void *target)
{
    const struct graphics *graphics = target;

    return graphics->password_digest ? json_string(graphics->password_digest) : NULL;
}

static const struct field graphics_fields[] = {
    {.key = "type",
     .type = FIELD_ENUM,
     .offset = offsetof(struct graphics, type),
     .words = graphics_types,
     .notes = graphics_notes,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "vnc",
     .summary = "What shows the screen",
     .example = "spice",
     .also = "kind protocol"},
    {.key = "listen",
     .type = FIELD_STRING,
     .offset = offsetof(struct graphics, listen),
     .flags = FIELD_NOTE,
     .max = 255,
     .type_text = "an address of the host",
     .change = FIELD_CHANGE_RESTART,
     .default_text = "127.0.0.1",
     .summary = "Where the host waits for viewers",
     .example = "0.0.0.0",
     .also = "address host bind"},
    {.key = "socket",
     .type = FIELD_STRING,
     .offset = offsetof(struct graphics, socket),
     .max = 107,
     .type_text = "an absolute path",
     .change = FIELD_CHANGE_RESTART,
     .summary = "A UNIX socket on the host in place of address and port",
     .example = "/run/web.vnc",
     .also = "path unix"},
    {.key = "port",
     .type = FIELD_INTEGER,
     .offset = offsetof(struct graphics, port),
     .flags = FIELD_NOTE,
     .min = 1,
     .max = 65535,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "the host's next free one from 5900 on",
     .summary = "Its TCP port on the host",
     .example = "5901",
     .also = "display autoport"},
    {.key = "tls_port",
     .type = FIELD_INTEGER,
     .offset = offsetof(struct graphics, tls_port),
     .min = 1,
     .max = 65535,
     .only = "with type spice",
     .change = FIELD_CHANGE_RESTART,
     .summary = "The TCP port for encrypted viewers; the host needs certificates for it",
     .example = "5902",
     .also = "tlsport tlsPort"},
    {.key = "websocket",
     .type = FIELD_INTEGER,
     .offset = offsetof(struct graphics, websocket),
     .min = 1,
     .max = 65535,
     .only = "with type vnc",
     .change = FIELD_CHANGE_RESTART,
     .summary = "The TCP port for viewers in a browser",
     .example = "5700"},
    {.key = "password",
     .type = FIELD_CUSTOM,
     .offset = 0, /* its digest is beside it */
     .type_text = "a text",
     .json_schema = "{\"type\": \"string\", \"minLength\": 1, \"maxLength\": 60}",
     .parse = parse_password,
     .dump = dump_password,
     .change = FIELD_CHANGE_RESTART,
     .summary = "What a viewer must say; better in password_file or ${VARIABLE}",
     .example = "\"s3cret\"",
     .also = "passwd pass secret"},
    {.key = "password_file",
     .type = FIELD_PATH,
     .offset = offsetof(struct graphics, password_file),
     .flags = FIELD_NO_SPEC,
     .change = FIELD_CHANGE_RESTART,
     .summary = "A file here whose first line is the password",
     .example = "secrets/vnc",
     .also = "passwd_file"},
    {.key = "keymap",
     .type = FIELD_STRING,
     .offset = offsetof(struct graphics, keymap),
     .max = 32,
     .change = FIELD_CHANGE_RESTART,
     .summary = "The viewer's keyboard, for viewers that do not send raw keys",
     .example = "de",
     .also = "keyboard"},
    {.key = "share_policy",
     .type = FIELD_ENUM,
     .offset = offsetof(struct graphics, share_policy),
     .flags = FIELD_NOTE,
     .words = graphics_share_policies,
     .only = "with type vnc",
     .change = FIELD_CHANGE_RESTART,
     .default_text = "default",
     .summary = "Whether several viewers may look at once",
     .example = "force-shared",
     .also = "sharePolicy"},
    {.key = "compression",
     .type = FIELD_ENUM,
     .offset = offsetof(struct graphics, compression),
     .flags = FIELD_NOTE,
     .words = graphics_compressions,
     .only = "with type spice",
     .change = FIELD_CHANGE_RESTART,
     .default_text = "default",
     .summary = "How pictures are packed",
     .example = "off",
     .also = "image_compression"},
    {.key = "streaming",
     .type = FIELD_ENUM,
     .offset = offsetof(struct graphics, streaming),
     .flags = FIELD_NOTE,
     .words = graphics_streamings,
     .only = "with type spice",
     .change = FIELD_CHANGE_RESTART,
     .default_text = "default",
     .summary = "What is sent as a video",
     .example = "filter"},
    {.key = "clipboard",
     .type = FIELD_SWITCH,
     .offset = offsetof(struct graphics, clipboard),
     .flags = FIELD_NOTE,
     .only = "with type spice",
     .change = FIELD_CHANGE_RESTART,
     .default_text = "true",
     .summary = "Copy and paste between viewer and guest",
     .example = "false",
     .also = "copypaste"},
    {.key = "file_transfer",
     .type = FIELD_SWITCH,
     .offset = offsetof(struct graphics, file_transfer),
     .flags = FIELD_NOTE,
     .only = "with type spice",
     .change = FIELD_CHANGE_RESTART,
     .default_text = "true",
     .summary = "Files dropped on the viewer go to the guest",
     .example = "false",
     .also = "filetransfer"},
    {.key = "agent",
     .type = FIELD_SWITCH,
     .offset = offsetof(struct graphics, agent),
     .flags = FIELD_NOTE,
     .only = "with type spice",
     .change = FIELD_CHANGE_RESTART,
     .default_text = "true",
     .summary = "The channel of the guest's SPICE agent",
     .example = "false",
     .also = "vdagent"},
};

const struct schema graphics_schema = {
    .name = "graphics",
    .size = sizeof(struct graphics),
    .fields = graphics_fields,
    .field_count = ARRAY_SIZE(graphics_fields),
    .source_offset = offsetof(struct graphics, source),
    .short_form_text = "write vnc, spice, none or { type: vnc, port: 5901 }",
    .scalar_key = "type",
};

const struct graphics *graphics_spice(const struct list *graphics)
{
    list_each(struct graphics, *graphics, g)
    {
        if (g->type == GRAPHICS_SPICE)
            return g;
    }
    return NULL;
}

bool graphics_any(const struct list *graphics)
{
    list_each(struct graphics, *graphics, g)
    {
        if (g->type != GRAPHICS_NONE)
            return true;
    }
    return false;
}
