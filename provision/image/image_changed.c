/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/image_changed.h"

#include <string.h>

#include "provision/image/digest_cache.h"
#include "provision/image/image_chain.h"
#include "provision/image/image_find.h"
#include "provision/image/image_maker.h"
#include "provision/image/image_seal.h"
#include "provision/image/image_users.h"

int image_refuse_changed(const struct image_object *o, const char *volume, struct error **err)
{
    error_set(err, ERROR_CONFLICT,
              "image '%s' changed under its overlays: %s/%s on host '%s' is not what was "
              "imported",
              o->image ? o->image->name : o->volume, host_dir(o->host->host), volume,
              host_name(o->host->host));
    return error_hint(err,
                      "nodes that run on it are damaged; `virtopo image build --rebuild NAME` "
                      "puts back what was there, where it still can be had: else restore the "
                      "file, or take down what uses it (`virtopo image show %.19s`)",
                      volume + strlen("sha256-"));
}

static int refuse_broken(const struct image_object *o, const char *missing, struct error **err)
{
    error_set(err, ERROR_CONFLICT,
              "image '%s' is a layer, and what it stands on is gone from host '%s': %s",
              o->image->name, host_name(o->host->host), missing);
    return error_hint(
        err,
        "restore that file; or take down what uses the layer (`virtopo image show "
        "%.19s`), then `virtopo image prune` removes it and `virtopo up` builds it "
        "again",
        o->volume + strlen("sha256-"));
}

/* Nothing stands on it, or it was asked for: then the same bytes are put back, where there are
 * any. */
static bool may_replace(const struct image_object *o)
{
    auto_image_users struct image_users users = {0};
    auto_free char *path = image_path(o);
    auto_call struct host_call call = host_call_begin(o->host->host);

    if (!o->image->file && !image_maker_of(o->image))
        return false;
    if (provision_rebuilds(o->provision, o->image))
        return true;
    return image_users_read(o->host, call.connection, USERS_FRESH, NULL, &users, NULL) == 0 &&
           !image_users_has(&users, path);
}

/* A file that was only touched (by a backup, an rsync) is told from a changed one by its
 * digest, where it can be read from here. */
static bool has_same_bytes(const struct image_object *o, const char *volume)
{
    auto_free char *path = xasprintf("%s/%s", host_dir(o->host->host), volume);
    char digest[SHA256_TEXT], wanted[SHA256_TEXT];

    image_find_digest(volume, wanted);
    return host_is_local(o->host->host) && digest_cached(path, digest, NULL) == 0 &&
           strcmp(digest, wanted) == 0;
}

/* What the image stands on must be as it was, too. */
int image_check_changed(struct image_object *o, struct error **err)
{
    const struct survey_pool *store = &o->host->survey.store;
    auto_image_chain struct image_chain chain = {0};

    image_chain_read(store, o->volume, &chain);
    for (size_t i = 0; i < chain.count; i++) {
        const char *volume = chain.items[i]->name;

        if (image_seal_state(store, volume) != IMAGE_CHANGED)
            continue;
        if (has_same_bytes(o, volume))
            o->reseal = true;
        else if (i == 0 && may_replace(o))
            o->replace = true;
        else
            return image_refuse_changed(o, volume, err);
    }
    return chain.missing ? refuse_broken(o, chain.missing, err) : 0;
}
