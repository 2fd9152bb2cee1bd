/* SPDX-License-Identifier: Apache-2.0 */
#include "config/session.h"

#include <stdlib.h>
#include <string.h>

#include "util/file.h"
#include "util/memory.h"

static const char *path_of(const char *uri)
{
    const char *authority = strstr(uri, "://");

    return authority ? strchr(authority + 3, '/') : NULL;
}

bool session_is(const char *uri)
{
    const char *path = path_of(uri);

    return path && strncmp(path, "/session", 8) == 0 && (!path[8] || path[8] == '?');
}

bool session_is_here(const char *uri)
{
    const char *authority = strstr(uri, "://");

    return authority && authority[3] == '/';
}

char *session_store(const char *uri)
{
    auto_free char *data = NULL;

    if (!session_is(uri))
        return xstrdup("/var/lib/virtopo");
    if (!session_is_here(uri))
        return NULL;
    /* Not below it: there each cluster has a folder of its name for its keys. */
    data = path_data();
    return xasprintf("%s-store", data);
}
