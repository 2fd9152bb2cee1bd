/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/cloud_init.h"

#include <stdlib.h>
#include <string.h>

#include "config/guest_template.h"
#include "templates/iso.h"
#include "templates/user_data.h"
#include "templates/yaml_writer.h"
#include "util/digest.h"
#include "util/process.h"

struct seed_file {
    char *name;
    struct buffer data;
};

struct seed_files {
    struct seed_file *items;
    size_t count;
};

static int write_user_data(const struct seed_template *t, bool host_keys, struct buffer *out,
                           struct error **err)
{
    json_t *data;
    int result;

    if (user_data_build(t, host_keys, &data, err))
        return -1;
    buffer_puts(out, "#cloud-config\n");
    result = yaml_write(data, out, err);
    json_decref(data);
    return result;
}

int seed_user_data(const struct seed_template *t, struct buffer *out, struct error **err)
{
    return write_user_data(t, true, out, err);
}

int seed_meta_data(const struct seed_template *t, struct buffer *out, struct error **err)
{
    json_t *data = json_pack("{s:s*, s:s}", "instance-id", t->instance_id, "local-hostname",
                             t->node->name);
    int result = yaml_write(data, out, err);

    json_decref(data);
    return result;
}

/* A file of the image whose bytes are the list's own. */
static void add_file(struct seed_files *files, char *name, struct buffer *data)
{
    struct seed_file file = {name, *data};

    *data = (struct buffer){0};
    vector_push(files->items, files->count, file);
}

static void put_word(struct buffer *out, const char *word)
{
    auto_free char *quoted = shell_quote(word);

    buffer_printf(out, " %s", quoted);
}

static void add_guest_file(struct seed_files *files, const struct seed_template *t,
                           const struct guest_file *file, size_t number, struct buffer *script)
{
    auto_buffer struct buffer data = {0};
    char *name = xasprintf("file.%zu", number);

    if (file->is_template)
        guest_template_fill(t->cluster, t->node, file, &data);
    else if (file->content)
        buffer_append(&data, file->content, file->content_length);
    buffer_puts(script, "put");
    put_word(script, name);
    put_word(script, file->path);
    put_word(script, file->mode ? file->mode : "0644");
    put_word(script, file->owner ? file->owner : "root:root");
    buffer_puts(script, "\n");
    add_file(files, name, &data);
}

/* For a boot script of the image: mount -o ro LABEL=cidata /mnt && sh /mnt/files.sh */
static void add_guest_files(struct seed_files *files, const struct seed_template *t)
{
    auto_buffer struct buffer script = {0};
    bool any = false;
    size_t number = 0;

    list_each(const struct guest_file, t->node->files, file) any = any || file->is_template;
    if (!any)
        return;
    buffer_puts(&script, "#!/bin/sh\n"
                         "# Puts the node's files where they belong.\n"
                         "here=$(dirname \"$0\")\n"
                         "put() {\n"
                         "    mkdir -p \"$(dirname \"$2\")\" && cp \"$here/$1\" \"$2\" &&\n"
                         "        chown \"$4\" \"$2\" && chmod \"$3\" \"$2\"\n"
                         "}\n");
    list_each(const struct guest_file, t->node->files, file)
        add_guest_file(files, t, file, ++number, &script);
    add_file(files, xstrdup("files.sh"), &script);
}

static void files_done(struct seed_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->items[i].name);
        buffer_done(&files->items[i].data);
    }
    free(files->items);
}

int seed_iso(const struct seed_template *t, struct buffer *out, struct error **err)
{
    static const struct {
        const char *name;
        int (*write)(const struct seed_template *, struct buffer *, struct error **);
    } texts[] = {{"user-data", seed_user_data},
                 {"meta-data", seed_meta_data},
                 {"network-config", seed_network_config}};
    struct seed_files files = {0};
    auto_free struct iso_file *list = NULL;
    int outcome = 0;

    for (size_t i = 0; i < ARRAY_SIZE(texts) && outcome == 0; i++) {
        struct buffer data = {0};

        outcome = texts[i].write(t, &data, err);
        add_file(&files, xstrdup(texts[i].name), &data);
    }
    add_guest_files(&files, t);
    list = xcalloc(files.count, sizeof *list);
    for (size_t i = 0; i < files.count; i++)
        list[i] = (struct iso_file){files.items[i].name, files.items[i].data.data,
                                    files.items[i].data.length};
    if (outcome == 0)
        outcome = iso_build("cidata", list, files.count, out, err);
    files_done(&files);
    return outcome;
}

int seed_hash(const struct seed_template *t, char out[65], struct error **err)
{
    auto_buffer struct buffer all = {0};

    if (write_user_data(t, false, &all, err))
        return -1;
    buffer_append(&all, "", 1);
    if (seed_meta_data(t, &all, err))
        return -1;
    buffer_append(&all, "", 1);
    if (seed_network_config(t, &all, err))
        return -1;
    sha256_text(all.data, all.length, out);
    return 0;
}
