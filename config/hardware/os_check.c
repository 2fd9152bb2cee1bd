/* SPDX-License-Identifier: Apache-2.0 */
/* The key `os`: to libosinfo's whole id, which is what libvirt's tools read. */
#include <string.h>

#include "config/loader.h"
#include "config/osinfo.h"

#define WHOLE_HINT "write its whole id, such as http://debian.org/debian/12"

static void check_whole(struct loader *l, struct node *node, struct position at)
{
    const char *id = node->platform.os;
    bool is_http = strncmp(id, "http://", 7) == 0 || strncmp(id, "https://", 8) == 0;

    if (!is_http || strpbrk(id, " \t<>\""))
        finding_error(l->d, at, "os", "http://debian.org/debian/12 is one",
                      "'%s' is not the id of an operating system", id);
    else
        node->platform.os_id = id;
}

void check_os(struct loader *l, struct node *node)
{
    const char *word = node->platform.os, *found = NULL;
    struct position at;

    if (!word)
        return;
    at = loader_position(node->source, "os");
    if (strstr(word, "://")) {
        check_whole(l, node, at);
        return;
    }
    switch (osinfo_find(l->arena, word, &found)) {
    case OSINFO_KNOWN:
        node->platform.os_id = found;
        return;
    case OSINFO_UNKNOWN:
        finding_error(l->d, at, "os",
                      found ? arena_printf(l->arena, "did you mean '%s'?", found) : WHOLE_HINT,
                      "libosinfo knows no operating system '%s'", word);
        return;
    case OSINFO_UNCHECKED:
        finding_error(l->d, at, "os", WHOLE_HINT ", or install osinfo-db",
                      "which operating system '%s' is, only libosinfo's database knows, and it "
                      "is not here",
                      word);
    }
}
