/* SPDX-License-Identifier: Apache-2.0 */
#include "host/hardware/virtiofsd.h"

#include <glob.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

static bool is_there(const char *file)
{
    json_t *description = json_load_file(file, 0, NULL);
    const char *type = json_string_value(json_object_get(description, "type"));
    const char *binary = json_string_value(json_object_get(description, "binary"));
    bool found = type && strcmp(type, "fs") == 0 && binary && access(binary, X_OK) == 0;

    json_decref(description);
    return found;
}

enum host_answer virtiofsd_find_in(const char *const *folders)
{
    enum host_answer answer = HOST_NO;

    for (size_t i = 0; folders[i] && answer == HOST_NO; i++) {
        auto_free char *pattern = xasprintf("%s/*.json", folders[i]);
        glob_t files = {0};

        if (glob(pattern, 0, NULL, &files) == 0) {
            for (size_t f = 0; f < files.gl_pathc; f++)
                answer = is_there(files.gl_pathv[f]) ? HOST_YES : answer;
        }
        globfree(&files);
    }
    return answer;
}

enum host_answer virtiofsd_find(const struct host *host)
{
    static const char *const folders[] = {"/etc/qemu/vhost-user", "/usr/share/qemu/vhost-user",
                                          NULL};

    return host_is_local(host) ? virtiofsd_find_in(folders) : HOST_UNKNOWN;
}
