/* SPDX-License-Identifier: Apache-2.0 */
#include "config/osinfo.h"

#include <ctype.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "util/file.h"
#include "util/suggest.h"

#define FILE_LONGEST (4u << 20)

/* Short ids that are a word and a version: the same words in the whole id. */
static const struct {
    const char *family, *id;
} families[] = {
    {"almalinux", "http://almalinux.org/almalinux/"},
    {"alpinelinux", "http://alpinelinux.org/alpinelinux/"},
    {"centos-stream", "http://centos.org/centos-stream/"},
    {"debian", "http://debian.org/debian/"},
    {"fedora", "http://fedoraproject.org/fedora/"},
    {"freebsd", "http://freebsd.org/freebsd/"},
    {"openbsd", "http://openbsd.org/openbsd/"},
    {"opensuse", "http://opensuse.org/opensuse/"},
    {"rhel", "http://redhat.com/rhel/"},
    {"rocky", "http://rockylinux.org/rocky/"},
    {"ubuntu", "http://ubuntu.com/ubuntu/"},
    {"win", "http://microsoft.com/win/"},
};

static bool find_family(struct arena *arena, const char *word, const char **ret)
{
    for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
        size_t length = strlen(families[i].family);

        if (strncmp(word, families[i].family, length) == 0 &&
            isdigit((unsigned char)word[length])) {
            *ret = arena_printf(arena, "%s%s", families[i].id, word + length);
            return true;
        }
    }
    return false;
}

/* The text between two marks, behind *at; *at moves behind it. NULL: no more of it. */
static char *between(const char **at, const char *start, const char *end)
{
    const char *first = strstr(*at, start);
    const char *last = first ? strstr(first + strlen(start), end) : NULL;

    if (!last)
        return NULL;
    first += strlen(start);
    *at = last;
    return xstrndup(first, (size_t)(last - first));
}

/* One file has one system: true when its id is in *ret. */
static bool look_into(struct arena *arena, const char *path, const char *word,
                      struct suggest *near, const char **ret)
{
    auto_buffer struct buffer text = {0};
    auto_error struct error *error = NULL;
    const char *at;

    if (file_read(path, FILE_LONGEST, &text, &error) < 0)
        return false;
    at = text.data ? text.data : "";
    for (;;) {
        auto_free char *short_id = between(&at, "<short-id>", "</short-id>");
        auto_free char *id = NULL;

        if (!short_id)
            return false;
        suggest_offer(near, arena_strdup(arena, short_id));
        if (strcmp(short_id, word) != 0)
            continue;
        at = text.data;
        id = between(&at, "<os id=\"", "\"");
        *ret = id ? arena_strdup(arena, id) : NULL;
        return id;
    }
}

enum osinfo_answer osinfo_find(struct arena *arena, const char *short_id, const char **ret)
{
    const char *folder = getenv("OSINFO_SYSTEM_DIR");
    auto_free char *pattern =
        xasprintf("%s/os/*/*.xml", folder && *folder ? folder : "/usr/share/osinfo");
    struct suggest near = suggest_start(short_id);
    glob_t files = {0};
    bool found = false, has_database;

    glob(pattern, 0, NULL, &files);
    for (size_t i = 0; i < files.gl_pathc && !found; i++)
        found = look_into(arena, files.gl_pathv[i], short_id, &near, ret);
    has_database = files.gl_pathc > 0;
    globfree(&files);
    /* a database may be older than the system */
    if (found || find_family(arena, short_id, ret))
        return OSINFO_KNOWN;
    *ret = suggest_result(&near);
    return has_database ? OSINFO_UNKNOWN : OSINFO_UNCHECKED;
}
