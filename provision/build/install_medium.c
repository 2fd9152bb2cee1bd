/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/build/install_medium.h"

#include <string.h>

#include "provision/fetch/url.h"

int install_medium_fetch(const struct image *image, struct task *task, char **ret,
                         struct error **err)
{
    (void)task;
    (void)err;
    *ret = xstrdup_null(image->iso.file);
    return 0;
}

char *install_medium_name(const struct install_medium *medium)
{
    const struct download *download = &medium->download;

    if (medium->file)
        return xstrdup(medium->file);
    if (!download_is_given(download))
        return xasprintf("%s", medium->kernel);
    return url_shown(download->url ? download->url : download->urls.items[0]);
}
