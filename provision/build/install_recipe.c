/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/build/install_recipe.h"

#include <inttypes.h>

#include "provision/build/install_media.h"
#include "provision/image/digest_cache.h"
#include "util/buffer.h"

/* With its NUL, so that no two lists of texts come out the same. */
static void add_text(struct buffer *out, const char *name, const char *text)
{
    buffer_printf(out, "%s=%s", name, text ? text : "");
    buffer_append(out, "", 1);
}

static int add_file(struct buffer *out, const char *name, const char *path, struct error **err)
{
    char digest[SHA256_TEXT];

    if (digest_cached(path, digest, err) < 0)
        return -1;
    add_text(out, name, digest);
    return 0;
}

/* By its digest where that is known; else by where it comes from. */
static void add_download(struct buffer *out, const struct download *download)
{
    if (download->sha256 || download->sha512) {
        add_text(out, "digest", download->sha512 ? download->sha512 : download->sha256);
        return;
    }
    if (download->url)
        add_text(out, "url", download->url);
    for (size_t i = 0; i < download->urls.count; i++)
        add_text(out, "url", download->urls.items[i]);
}

static int add_medium(struct buffer *out, const struct install_medium *medium,
                      struct error **err)
{
    if (!medium->file && !download_is_given(&medium->download)) {
        if (add_file(out, "kernel", medium->kernel, err) < 0)
            return -1;
        return add_file(out, "initrd", medium->initrd, err);
    }
    add_text(out, "kernel path", medium->kernel);
    add_text(out, "initrd path", medium->initrd);
    if (medium->file)
        return add_file(out, "digest", medium->file, err);
    if (download_is_given(&medium->download))
        return error_set(err, ERROR_CONFIG, "an ISO by url is not to be had in this version");
    add_download(out, &medium->download);
    return 0;
}

int install_recipe(const struct image *image, char out[SHA256_TEXT], struct error **err)
{
    auto_buffer struct buffer all = {0};

    buffer_puts(&all, "virtopo image install 1");
    if (add_medium(&all, &image->iso, err) < 0)
        return error_wrap(err, "image '%s'", image->name);
    if (image->answers.file) {
        if (install_answers_check(&image->answers, err) < 0 ||
            add_file(&all, "answers", image->answers.file, err) < 0)
            return error_wrap(err, "image '%s'", image->name);
        buffer_printf(&all, "%d ", image->answers.kind);
    }
    add_text(&all, "cmdline", image->cmdline);
    buffer_printf(&all, "size %" PRIu64 " network %d uefi %d", image->size,
                  image->layer.network, image->uefi);
    sha256_text(all.data, all.length, out);
    return 0;
}

bool install_moves(const struct image *image)
{
    const struct download *download = &image->iso.download;

    return download_is_given(download) && !download->sha256 && !download->sha512;
}
