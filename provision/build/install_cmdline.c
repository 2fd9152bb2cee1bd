/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/build/install_cmdline.h"

#include <string.h>

#include "util/buffer.h"

#define MOST_WORDS 4

/* What an installer needs to take its answers and ask nothing, by enum answer_kind. Debian's:
 * lines instead of a painted screen, and no GNU screen around them. */
static const char *const words[][MOST_WORDS] = {
    [ANSWER_PRESEED] = {"priority=critical", "DEBIAN_FRONTEND=text", "TERM=dumb", NULL},
    [ANSWER_KICKSTART] = {"inst.ks=file:/" INSTALL_KICKSTART, "inst.text", NULL},
    [ANSWER_AUTOINSTALL] = {"autoinstall", "ds=nocloud", NULL},
    [ANSWER_ISO] = {NULL},
};

static const struct {
    const char *arch, *console;
} consoles[] = {
    {"aarch64", "ttyAMA0"}, {"armv7l", "ttyAMA0"}, {"ppc64le", "hvc0"},
    {"ppc64", "hvc0"},      {"s390x", "ttysclp0"},
};

const char *install_console_name(const char *arch)
{
    for (size_t i = 0; i < ARRAY_SIZE(consoles); i++) {
        if (strcmp(consoles[i].arch, arch) == 0)
            return consoles[i].console;
    }
    return "ttyS0";
}

/* Whether a command line has the word, or one with the same name before its '='. */
static bool has_word(const char *cmdline, const char *word)
{
    size_t name = strcspn(word, "=");
    const char *at = cmdline ? cmdline : "";

    for (;;) {
        at += strspn(at, " \t");
        if (!*at)
            return false;
        if (strcspn(at, "= \t") == name && strncmp(at, word, name) == 0)
            return true;
        at += strcspn(at, " \t");
    }
}

static void add(struct buffer *out, const char *cmdline, const char *word)
{
    if (!has_word(cmdline, word))
        buffer_printf(out, "%s%s", out->length ? " " : "", word);
}

char *install_cmdline(const struct image *image, const char *arch)
{
    auto_free char *console = xasprintf("console=%s", install_console_name(arch));
    struct buffer out = {0};

    for (int i = 0; image->answers.file && words[image->answers.kind][i]; i++)
        add(&out, image->cmdline, words[image->answers.kind][i]);
    add(&out, image->cmdline, console);
    if (image->cmdline)
        buffer_printf(&out, "%s%s", out.length ? " " : "", image->cmdline);
    return buffer_take(&out);
}
