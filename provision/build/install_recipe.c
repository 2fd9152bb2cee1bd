/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/build/install_recipe.h"

#include <inttypes.h>

#include "provision/build/install_media.h"
#include "provision/fetch/download.h"
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
        return error_hint(err, "check the path: it starts at the folder of the file that names "
                               "it");
    add_text(out, name, digest);
    return 0;
}

static int add_medium(struct buffer *out, const struct install_medium *medium,
                      struct error **err)
{
    char source[SHA256_TEXT];

    if (!medium->file && !download_is_given(&medium->download)) {
        if (add_file(out, "kernel", medium->kernel, err) < 0)
            return -1;
        return add_file(out, "initrd", medium->initrd, err);
    }
    add_text(out, "kernel path", medium->kernel);
    add_text(out, "initrd path", medium->initrd);
    if (medium->file)
        return add_file(out, "digest", medium->file, err);
    download_recipe(&medium->download, source);
    add_text(out, "download", source);
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
    struct checksum known;

    return download_is_given(&image->iso.download) &&
           !download_known(&image->iso.download, &known);
}
