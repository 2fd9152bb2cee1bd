/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/image_chain.h"

#include <stdlib.h>
#include <string.h>

/* Headers are not to be trusted: a file may have itself below it. */
#define CHAIN_LONGEST 200

static const struct survey_volume *at_path(const struct survey_pool *store, const char *path)
{
    for (size_t i = 0; i < store->volume_count; i++) {
        if (store->volumes[i].readable && strcmp(store->volumes[i].path, path) == 0)
            return &store->volumes[i];
    }
    return NULL;
}

void image_chain_read(const struct survey_pool *store, const char *volume,
                      struct image_chain *ret)
{
    const struct survey_volume *at = survey_pool_volume(store, volume);

    *ret = (struct image_chain){0};
    while (at && at->readable && ret->count < CHAIN_LONGEST) {
        const char *backing = at->view.backing_path;

        vector_push(ret->items, ret->count, at);
        at = backing ? at_path(store, backing) : NULL;
        if (backing && !at)
            ret->missing = xstrdup(backing);
    }
}

void image_chain_done(struct image_chain *chain)
{
    free(chain->items);
    free(chain->missing);
    *chain = (struct image_chain){0};
}
