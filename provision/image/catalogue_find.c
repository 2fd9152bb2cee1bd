/* SPDX-License-Identifier: Apache-2.0 */
/* What people call images. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "provision/image/catalogue.h"
#include "provision/image/image_find.h"
#include "util/suggest.h"

/* Fewer digits of a digest are not taken for one. */
#define PREFIX_SHORTEST 4

static bool has_digest(const struct catalogue_image *image, const char *word)
{
    size_t length = strlen(word);

    return length >= PREFIX_SHORTEST && strspn(word, "0123456789abcdef") == length &&
           strncmp(image->digest, word, length) == 0;
}

/* The digest of the image that the file has under that name; NULL when it has none, or it is
 * nowhere yet. */
static char *file_digest(struct site *site, const struct cluster *cluster, const char *word)
{
    const struct image *image = cluster ? cluster_image(cluster, word) : NULL;
    struct provision p = {.site = *site};
    struct image_object o = {.provision = &p, .host = site->hosts, .image = image};
    char *digest;

    if (!image || image_find(&o, NULL) < 0)
        return NULL;
    digest = TAKE(o.digest);
    free(o.source);
    free(o.recipe);
    free(o.volume);
    return digest;
}

static void collect(const struct catalogue *c, const char *word, const char *digest,
                    bool (*matches)(const struct catalogue_image *, const char *),
                    const struct catalogue_image ***ret, size_t *count)
{
    for (size_t i = 0; i < c->count; i++) {
        if (digest ? strcmp(c->items[i].digest, digest) == 0 : matches(&c->items[i], word))
            vector_push(*ret, *count, &c->items[i]);
    }
}

/* All of them must be one image, whatever the number of hosts that have it. */
static int check_single(const char *word, const struct catalogue_image **found, size_t count,
                        struct error **err)
{
    auto_buffer struct buffer all = {0};
    bool several = false;

    for (size_t i = 0; i < count; i++) {
        several = several || strcmp(found[i]->digest, found[0]->digest) != 0;
        buffer_printf(&all, "%s%.12s", i ? ", " : "", found[i]->digest);
    }
    if (!several)
        return 0;
    error_set(err, ERROR_USAGE, "'%s' means several images: %s", word, all.data);
    return error_hint(err, "name it by its digest");
}

static int not_found(const struct cluster *cluster, const struct catalogue *c, const char *word,
                     struct error **err)
{
    struct suggest suggest = suggest_start(word);

    if (cluster && cluster_image(cluster, word)) {
        error_set(err, ERROR_FAILED, "image '%s' is not in the store yet", word);
        return error_hint(err, "`virtopo image pull` or `virtopo image build` brings it there");
    }
    for (size_t i = 0; i < c->count; i++) {
        for (size_t k = 0; k < c->items[i].name_count; k++)
            suggest_offer(&suggest, c->items[i].names[k]);
    }
    error_set(err, ERROR_USAGE, "there is no image '%s' in the store", word);
    if (suggest_result(&suggest))
        return error_hint(err, "did you mean '%s'?", suggest_result(&suggest));
    return error_hint(err, "`virtopo image list` shows what there is");
}

int catalogue_find(struct site *site, const struct cluster *cluster, const struct catalogue *c,
                   const char *word, const struct catalogue_image ***ret, size_t *count,
                   struct error **err)
{
    auto_free char *digest = file_digest(site, cluster, word);
    const struct catalogue_image **found = NULL;
    size_t n = 0;

    if (digest)
        collect(c, word, digest, NULL, &found, &n);
    if (n == 0)
        collect(c, word, NULL, catalogue_has_name, &found, &n);
    if (n == 0)
        collect(c, word, NULL, has_digest, &found, &n);
    if (n == 0)
        return not_found(cluster, c, word, err);
    if (check_single(word, found, n, err) < 0) {
        free(found);
        return -1;
    }
    *ret = found;
    *count = n;
    return 0;
}
