/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cmd/help.h"
#include "util/buffer.h"

/* Text of the table as roff: its special characters made plain, paragraphs apart. */
static void append_text(struct buffer *out, const char *text)
{
    bool line_start = true;

    for (; *text; text++) {
        if (*text == '\n') {
            buffer_puts(out, line_start ? "" : "\n");
            buffer_puts(out, line_start ? "" : ".PP\n");
            line_start = true;
            continue;
        }
        if (line_start && (*text == '.' || *text == '\''))
            buffer_puts(out, "\\&");
        if (*text == '\\')
            buffer_puts(out, "\\e");
        else if (*text == '-')
            buffer_puts(out, "\\-");
        else
            buffer_append(out, text, 1);
        line_start = false;
    }
    buffer_puts(out, "\n");
}

static void append_options(struct buffer *out, const struct command_option *option)
{
    for (; option && option->long_name; option++) {
        if (option->hidden)
            continue;
        buffer_puts(out, ".TP\n");
        if (option->short_name)
            buffer_printf(out, "\\fB\\-%c\\fR, ", option->short_name);
        buffer_puts(out, "\\fB\\-\\-");
        for (const char *c = option->long_name; *c; c++)
            buffer_printf(out, *c == '-' ? "\\-" : "%c", *c);
        buffer_printf(out, "\\fR%s%s%s\n", option->metavar ? " \\fI" : "",
                      option->metavar ? option->metavar : "", option->metavar ? "\\fR" : "");
        append_text(out, option->help);
    }
}

static void append_commands(struct buffer *out)
{
    buffer_puts(out, ".SH COMMANDS\n");
    commands_each(command)
    {
        auto_buffer struct buffer synopsis = {0};

        append_text(&synopsis, command->synopsis);
        buffer_printf(out, ".SS \"%s %.*s\"\n", command->name, (int)synopsis.length - 1,
                      synopsis.data);
        append_text(out, command->description);
        append_options(out, command->options);
    }
}

static const char tail[] =
    ".SH EXIT STATUS\n"
    ".TP\n.B 0\nDone.\n"
    ".TP\n.B 1\nFailed, or consent was not given.\n"
    ".TP\n.B 2\nThe command line or the file is wrong.\n"
    ".TP\n.B 3\nChanges are pending (\\fBplan \\-\\-exit\\-code\\fR).\n"
    ".TP\n.B 4\nSome nodes failed, the rest are up.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n.B LIBVIRT_DEFAULT_URI\nThe libvirt URI of the host \\fIlocal\\fR.\n"
    ".TP\n.B NO_COLOR\nNo colour unless \\fB\\-\\-color always\\fR is given.\n"
    ".TP\n.BR XDG_DATA_HOME \", \" XDG_CACHE_HOME\n"
    "Where keys made for clusters, and caches, are kept.\n"
    ".SH FILES\n"
    ".TP\n.I virtopo.yaml\nThe cluster, in the current folder.\n"
    ".TP\n.I ~/.local/share/virtopo\nKeys made for clusters.\n"
    ".TP\n.I ~/.cache/virtopo\nCaches; may be deleted at any time.\n"
    ".SH SEE ALSO\n"
    ".BR virsh (1),\n.BR libvirtd (8)\n";

void help_print_man(FILE *f)
{
    auto_buffer struct buffer out = {0};

    buffer_puts(&out,
                ".\\\" SPDX-License-Identifier: Apache-2.0\n"
                ".TH VIRTOPO 1 \"\" \"virtopo " VIRTOPO_VERSION "\" \"User Commands\"\n"
                ".SH NAME\n"
                "virtopo \\- one YAML file into a running cluster of virtual machines\n"
                ".SH SYNOPSIS\n"
                ".B virtopo\n[\\fIOPTIONS\\fR] \\fICOMMAND\\fR [\\fIARGUMENTS\\fR]\n"
                ".SH DESCRIPTION\n"
                "Makes what a YAML file describes, with libvirt: networks, images, disks "
                "and\nKVM/QEMU machines that answer SSH at their addresses. The same file "
                "changes\nthe cluster later, and takes it down again.\n"
                ".PP\n"
                "There is no state file: what belongs to a cluster is marked in libvirt. "
                "What\nvirtopo did not make, it never changes.\n");
    append_commands(&out);
    buffer_puts(&out, ".SH OPTIONS\nEvery command takes these, before or behind its name.\n");
    append_options(&out, global_options);
    buffer_puts(&out, tail);
    fputs(out.data, f);
}
