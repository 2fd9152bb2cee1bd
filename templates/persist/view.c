/* SPDX-License-Identifier: Apache-2.0 */
/* What a host says of its network manager and of files of ours. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "templates/persist/script.h"
#include "util/digest.h"

static void read_file(struct persist_view *view, const char *line)
{
    char path[512], network[128], written[65], actual[65];
    struct persist_found found = {0};

    if (sscanf(line, "%511s %127s %64s %64s", path, network, written, actual) != 4)
        return;
    found.path = xstrdup(path);
    found.network = xstrdup(network);
    found.edited = strcmp(written, actual) != 0;
    snprintf(found.digest, sizeof found.digest, "%s", actual);
    vector_push(view->files, view->file_count, found);
}

/* "way ifupdown /etc/network/interfaces" */
static void read_way(struct persist_view *view, const char *line)
{
    char *longer = xasprintf("%s%s%s", view->in_the_way ? view->in_the_way : "",
                             view->in_the_way ? "\n" : "", line);

    free(view->in_the_way);
    view->in_the_way = longer;
}

void persist_view_parse(const char *text, struct persist_view *ret)
{
    auto_free char *copy = xstrdup(text);
    char *rest = NULL;

    *ret = (struct persist_view){0};
    for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        for (size_t i = 0; i < PERSIST_MANAGERS; i++)
            ret->runs[i] |= strcmp(line, persist_manager_words[i]) == 0;
        if (strcmp(line, "reads") == 0)
            ret->reads_folder = true;
        else if (strncmp(line, "way ", 4) == 0)
            read_way(ret, line + 4);
        else if (strncmp(line, "uplink ", 7) == 0 && !ret->uplink_file)
            ret->uplink_file = xstrdup(line + 7);
        else if (strncmp(line, "file ", 5) == 0)
            read_file(ret, line + 5);
    }
}

void persist_view_done(struct persist_view *view)
{
    for (size_t i = 0; i < view->file_count; i++) {
        free(view->files[i].path);
        free(view->files[i].network);
    }
    free(view->files);
    free(view->in_the_way);
    free(view->uplink_file);
    *view = (struct persist_view){0};
}

enum persist_manager persist_manager_of(const struct persist_view *view)
{
    /* netplan writes for the others; what runs as a daemon goes before what only has a file */
    static const enum persist_manager order[] = {PERSIST_NETPLAN, PERSIST_NETWORK_MANAGER,
                                                 PERSIST_NETWORKD, PERSIST_IFUPDOWN};

    for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
        if (view->runs[order[i]])
            return order[i];
    }
    return PERSIST_MANAGERS;
}

static const struct persist_found *find(const struct persist_view *view, const char *path)
{
    for (size_t i = 0; i < view->file_count; i++) {
        if (strcmp(view->files[i].path, path) == 0)
            return &view->files[i];
    }
    return NULL;
}

bool persist_is_there(const struct persist_view *view, const char *network,
                      const struct persist_files *files)
{
    size_t count = 0;

    for (size_t i = 0; i < view->file_count; i++)
        count += strcmp(view->files[i].network, network) == 0;
    for (size_t i = 0; i < files->count; i++) {
        const struct persist_found *found = find(view, files->items[i].path);
        const char *rest = strstr(files->items[i].content, "\n# sha256");
        char digest[SHA256_TEXT];

        rest = strchr(rest + 1, '\n') + 1;
        if (!found || strcmp(sha256_text(rest, strlen(rest), digest), found->digest) != 0)
            return false;
    }
    return count == files->count;
}
