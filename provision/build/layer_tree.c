/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/build/layer_tree.h"

#include <errno.h>
#include <fts.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "provision/image/digest_cache.h"

static int compare_names(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

typedef int visitor(void *context, const struct layer_entry *entry, struct error **err);

static int cannot_read(const FTSENT *entry, int reason, struct error **err)
{
    return error_errno(err, reason, "cannot read %s", entry->fts_path);
}

static int visit_entry(const FTSENT *found, const char *root, visitor *visit, void *context,
                       struct error **err)
{
    const char *name = found->fts_path + strlen(root);
    struct layer_entry entry = {
        .name = name, .path = found->fts_path, .status = found->fts_statp};
    char target[PATH_MAX] = "";

    while (*entry.name == '/')
        entry.name++;
    switch (found->fts_info) {
    case FTS_DP:
        return 0;
    case FTS_D:
    case FTS_F:
        return visit(context, &entry, err);
    case FTS_SL:
    case FTS_SLNONE:
        if (readlink(found->fts_path, target, sizeof target - 1) < 0)
            return cannot_read(found, errno, err);
        entry.target = target;
        return visit(context, &entry, err);
    case FTS_DEFAULT:
        error_set(err, ERROR_CONFIG, "%s is neither a file, a folder nor a symlink",
                  found->fts_path);
        return error_hint(err, "take it out of what is copied");
    default:
        return cannot_read(found, found->fts_errno ? found->fts_errno : EIO, err);
    }
}

int layer_tree_walk(const char *path, visitor *visit, void *context, struct error **err)
{
    char *const roots[] = {(char *)path, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, compare_names);
    int outcome = 0;
    FTSENT *entry;

    if (!walk)
        return error_errno(err, errno, "cannot read %s", path);
    while (outcome == 0 && (errno = 0, entry = fts_read(walk)))
        outcome = visit_entry(entry, path, visit, context, err);
    if (outcome == 0 && errno)
        outcome = error_errno(err, errno, "cannot read %s", path);
    fts_close(walk);
    return outcome;
}

static void add_text(struct buffer *out, const char *text)
{
    buffer_append(out, text, strlen(text) + 1);
}

static int add_entry(void *context, const struct layer_entry *entry, struct error **err)
{
    struct buffer *out = context;
    char digest[SHA256_TEXT];

    add_text(out, entry->name);
    if (entry->target) {
        add_text(out, "link");
        add_text(out, entry->target);
        return 0;
    }
    buffer_printf(out, "%o", (unsigned)entry->status->st_mode);
    buffer_append(out, "", 1);
    if (!S_ISREG(entry->status->st_mode))
        return 0;
    if (digest_cached(entry->path, digest, err) < 0)
        return -1;
    add_text(out, digest);
    return 0;
}

int layer_tree_recipe(const char *path, struct buffer *out, struct error **err)
{
    return layer_tree_walk(path, add_entry, out, err);
}

bool layer_tree_is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}
