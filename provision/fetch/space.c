/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/fetch/space.h"

#include <errno.h>
#include <sys/statvfs.h>

#include "util/file.h"
#include "util/size.h"

static int hint(struct error **err)
{
    return error_hint(err, "free some space there (what is in it may be deleted at any time), "
                           "or let XDG_CACHE_HOME name a folder on a larger disk");
}

int space_check(const char *path, uint64_t bytes, struct error **err)
{
    auto_free char *folder = path_folder(path);
    char needed[SIZE_TEXT], there[SIZE_TEXT];
    struct statvfs fs;
    uint64_t available;

    if (statvfs(folder, &fs) < 0)
        return 0;
    available = (uint64_t)fs.f_bavail * fs.f_frsize;
    if (available >= bytes)
        return 0;
    error_set(err, ERROR_FAILED, "no room in %s: %s are free, %s are needed", folder,
              size_format(available, there), size_format(bytes, needed));
    return hint(err);
}

int space_write_error(const char *path, int code, struct error **err)
{
    error_errno(err, code, "cannot write %s", path);
    return code == ENOSPC || code == EDQUOT ? hint(err) : -1;
}
