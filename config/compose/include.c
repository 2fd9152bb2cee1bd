/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `include`: other files with the same keys, read first and merged under the one that names
 * them, later ones over earlier ones. Each is read once; its paths start at its own folder.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config/compose/compose.h"
#include "config/compose/variables.h"
#include "config/schema/schema_types.h"
#include "util/file.h"

#define INCLUDE_DEPTH 16
#define INCLUDE_MOST 100

/* A file that is read, or is being read. */
struct part {
    const char *file;   /* as messages have it */
    const char *folder; /* absolute */
    const char *path;   /* what makes it the same file */
    bool is_open;
    struct document_node *root; /* with what it includes; NULL after a finding */
};

struct includer {
    struct loader *l;
    struct names parts; /* by path */
    struct part *open[INCLUDE_DEPTH + 1];
    size_t depth, count;
};

static void fail(struct includer *in, const struct document_node *word, const char *hint,
                 const char *fmt, ...) PRINTF_LIKE(4, 5);

static void fail(struct includer *in, const struct document_node *word, const char *hint,
                 const char *fmt, ...)
{
    auto_free char *message = NULL;
    va_list ap;

    va_start(ap, fmt);
    message = xvasprintf(fmt, ap);
    va_end(ap);
    finding_error(in->l->d, word->position, "include", hint, "%s", message);
}

static void report_circle(struct includer *in, const struct document_node *word,
                          const struct part *part)
{
    auto_buffer struct buffer names = {0};
    size_t from = 0;

    while (in->open[from] != part)
        from++;
    for (size_t i = from; i < in->depth; i++)
        buffer_printf(&names, "%s -> ", in->open[i]->file);
    fail(in, word, "take what both need into a third file",
         "files include each other in a circle: %s%s", names.data, part->file);
}

/* As messages name it: from where the user stands, as they wrote it. */
static const char *shown_name(struct includer *in, const struct part *parent, const char *text,
                              const char *path)
{
    const char *slash = strrchr(parent->file, '/');

    if (*text == '/' || *text == '~')
        return arena_strdup(in->l->arena, path);
    if (!slash)
        return text;
    return arena_printf(in->l->arena, "%.*s/%s", (int)(slash - parent->file), parent->file,
                        text);
}

/* What a word of `include` names; false after a finding. */
static bool find_path(struct includer *in, const struct part *parent,
                      const struct document_node *word, char **ret)
{
    auto_error struct error *error = NULL;
    struct stat info;

    if (!strcmp(word->text, "-")) {
        fail(in, word, "name a file", "standard input cannot be included");
    } else if (path_resolve(parent->folder, word->text, ret, &error) < 0) {
        fail(in, word, error->hint, "include %s", error->message);
    } else if (stat(*ret, &info) < 0) {
        fail(in, word,
             strchr(word->text, ',')
                 ? "several files are a list: [a.yaml, b.yaml]"
                 : "a relative path starts at the folder of the file that names it",
             "cannot read '%s': %s", word->text, strerrordesc_np(errno));
    } else if (S_ISDIR(info.st_mode)) {
        fail(in, word, "name the files in it, one by one", "'%s' is a folder", word->text);
    } else if (!S_ISREG(info.st_mode)) {
        fail(in, word, NULL, "'%s' is not a regular file", word->text);
    } else {
        return true;
    }
    return false;
}

static bool read_root(struct includer *in, const struct document_node *word, struct part *part)
{
    auto_buffer struct buffer text = {0};
    auto_error struct error *error = NULL;
    struct document_node *root;
    size_t findings = in->l->d->errors;

    if (file_read(part->path, DOCUMENT_MAX_BYTES, &text, &error) < 0) {
        if (error->kind == ERROR_SYSTEM)
            fail(in, word, NULL, "cannot read '%s': %s", word->text,
                 strerrordesc_np(error->code));
        else
            fail(in, word, NULL, "'%s' has more than %u MiB", word->text,
                 DOCUMENT_MAX_BYTES >> 20);
        return false;
    }
    in->l->budget.bytes += text.length;
    if (in->l->budget.bytes > DOCUMENT_MAX_BYTES) {
        fail(in, word, NULL, "with '%s', the file has more than %u MiB", word->text,
             DOCUMENT_MAX_BYTES >> 20);
        return false;
    }
    root = document_parse_more(in->l->arena, part->file, text.data ? text.data : "",
                               text.length, &in->l->budget, in->l->d);
    if (root && root->kind != DOCUMENT_MAPPING) {
        finding_error(in->l->d, root->position, "type", NULL,
                      "an included file must be a mapping of keys such as profiles, images, "
                      "nodes, not %s",
                      document_kind_name(root));
        return false;
    }
    part->root = root;
    return root && in->l->d->errors == findings;
}

static struct document_node *merge_included(struct includer *in, struct part *self,
                                            struct document_node *root,
                                            const struct document_node *scope);

static struct part *open_part(struct includer *in, const struct part *parent, const char *text,
                              const char *path)
{
    struct part *part = arena_alloc(in->l->arena, sizeof *part);
    auto_free char *folder = path_folder(path);

    part->file = shown_name(in, parent, text, path);
    part->folder = arena_strdup(in->l->arena, folder);
    part->path = arena_strdup(in->l->arena, path);
    names_add(&in->parts, part->path, part);
    names_set(&in->l->folders, part->file, (void *)part->folder);
    return part;
}

/* The tree of one included file, or NULL after a finding. */
static struct document_node *include(struct includer *in, const struct part *parent,
                                     const struct document_node *word,
                                     const struct document_node *scope)
{
    auto_free char *path = NULL;
    auto_free char *real = NULL;
    struct part *part;

    if (!find_path(in, parent, word, &path))
        return NULL;
    real = realpath(path, NULL);
    part = names_find(&in->parts, real ? real : path);
    if (part && part->is_open)
        report_circle(in, word, part);
    if (part)
        return part->is_open ? NULL : part->root;
    if (in->depth > INCLUDE_DEPTH || ++in->count > INCLUDE_MOST) {
        fail(in, word, NULL,
             in->depth > INCLUDE_DEPTH ? "files include each other more than %d deep"
                                       : "more than %d files are included",
             in->depth > INCLUDE_DEPTH ? INCLUDE_DEPTH : INCLUDE_MOST);
        return NULL;
    }
    part = open_part(in, parent, word->text, real ? real : path);
    if (read_root(in, word, part))
        part->root = merge_included(in, part, part->root, scope);
    return part->root;
}

/* The names in `include` may have variables in them: those of the files above, and of this. */
static const struct document_node *expand_word(struct includer *in,
                                               const struct document_node *word,
                                               const struct document_node *scope)
{
    auto_variables struct variables v = {0};

    if (word->kind == DOCUMENT_SCALAR && !word->is_null && strstr(word->text, "${")) {
        variables_init(&v, in->l, scope);
        word = variables_expand(&v, word, false);
        if (!word)
            return NULL;
    }
    if (word->kind == DOCUMENT_SCALAR && !word->is_null && *word->text)
        return word;
    finding_error(in->l->d, word->position, "type", "for example 'include: [networks.yaml]'",
                  "an item of include must be a path, not %s",
                  word->kind == DOCUMENT_SCALAR && !*word->text ? "nothing"
                                                                : document_kind_name(word));
    return NULL;
}

static const struct document_node *scope_of(struct includer *in,
                                            const struct document_node *root,
                                            const struct document_node *above)
{
    const struct document_node *own = document_get(root, "vars");

    if (!own || own->kind != DOCUMENT_MAPPING)
        return above;
    if (!above || above->kind != DOCUMENT_MAPPING)
        return own;
    return merge_mappings(in->l, NULL, own, above);
}

static struct document_node *merge_included(struct includer *in, struct part *self,
                                            struct document_node *root,
                                            const struct document_node *scope)
{
    const struct document_node *value = document_get(root, "include");
    struct document_node *base = NULL;

    if (!value)
        return root;
    if (value->kind == DOCUMENT_MAPPING || value->is_null) {
        struct binder binder = {.arena = in->l->arena, .diagnostics = in->l->d};

        schema_report_type(&binder, schema_field(&cluster_schema, "include"), value);
        return root;
    }
    scope = scope_of(in, root, scope);
    self->is_open = true;
    in->open[in->depth++] = self;
    for (size_t i = 0; i < (value->kind == DOCUMENT_SCALAR ? 1 : value->count); i++) {
        const struct document_node *word =
            expand_word(in, value->kind == DOCUMENT_SCALAR ? value : value->items[i], scope);
        struct document_node *next = word ? include(in, self, word, scope) : NULL;

        if (next)
            base = base ? merge_mappings(in->l, &cluster_schema, base, next) : next;
    }
    in->depth--;
    self->is_open = false;
    return base ? merge_mappings(in->l, &cluster_schema, base, root) : root;
}

bool include_files(struct loader *l, const char *file, const char *folder)
{
    struct includer in = {.l = l};
    auto_free char *path =
        xasprintf("%s/%s", folder, strrchr(file, '/') ? strrchr(file, '/') + 1 : file);
    auto_free char *real = realpath(path, NULL);
    struct part self = {.file = file, .folder = folder, .path = real ? real : path};
    size_t errors = l->d->errors;

    names_set(&l->folders, l->root->position.file, (void *)folder);
    names_add(&in.parts, self.path, &self);
    l->merges_files = true;
    l->root = merge_included(&in, &self, (struct document_node *)l->root, NULL);
    l->merges_files = false;
    names_done(&in.parts);
    return l->d->errors == errors;
}
