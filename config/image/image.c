/* SPDX-License-Identifier: Apache-2.0 */
#include "config/image/image.h"

bool download_is_given(const struct download *download)
{
    return download->url || download->urls.count > 0;
}

const char *image_source_key(const struct image *image)
{
    if (image->file)
        return "file";
    if (image->script)
        return "script";
    if (image->from)
        return "from";
    if (image->iso.source)
        return "iso";
    if (image->stored)
        return "stored";
    return image->download.url ? "url" : "urls";
}
