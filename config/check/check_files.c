/* SPDX-License-Identifier: Apache-2.0 */
/* Guest files: their content is read, their values checked. */
#include <string.h>

#include "config/loader.h"
#include "util/file.h"
#include "util/size.h"

#define CONTENT_LONGEST MIB
#define LOGIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"

static bool is_guest_path(const char *path)
{
    size_t length;

    if (*path != '/')
        return false;
    for (const char *part = path + 1;; part += length + 1) {
        length = strcspn(part, "/");
        if (length == 0 || (length <= 2 && strspn(part, ".") == length))
            return false;
        if (!part[length])
            return true;
    }
}

static void check_path(struct loader *l, struct names *paths, struct guest_file *file)
{
    struct position at = loader_position(file->source, "path");
    struct guest_file *before;

    if (!file->path)
        return;
    if (!is_guest_path(file->path))
        finding_error(l->d, at, "file-path",
                      "write the whole path of a file, such as /etc/motd",
                      "'%s' is not the path of a file in the guest", file->path);
    before = names_add(paths, file->path, file);
    if (before)
        finding_error(l->d, at, "file-path", "remove one of the two",
                      "file '%s' is already in %s", file->path,
                      loader_line(l, at, loader_position(before->source, "path")));
}

static void check_mode(struct loader *l, struct guest_file *file)
{
    size_t length = file->mode ? strlen(file->mode) : 0;

    if (!file->mode)
        return;
    if (length < 3 || length > 4 || strspn(file->mode, "01234567") != length)
        finding_error(l->d, loader_position(file->source, "mode"), "file-mode",
                      "write three or four octal digits, such as \"0644\"",
                      "mode '%s' is not an octal mode", file->mode);
    else if (length == 3)
        file->mode = arena_printf(l->arena, "0%s", file->mode);
}

static void check_owner(struct loader *l, const struct guest_file *file)
{
    const char *group;
    size_t length;

    if (!file->owner)
        return;
    length = strcspn(file->owner, ":");
    group = file->owner[length] ? file->owner + length + 1 : "root";
    if (length > 0 && strspn(file->owner, LOGIN) == length && file->owner[0] != '-' && *group &&
        strspn(group, LOGIN) == strlen(group) && *group != '-')
        return;
    finding_error(l->d, loader_position(file->source, "owner"), "file-owner",
                  "write a user, or a user and a group: www-data:www-data",
                  "'%s' cannot be an owner", file->owner);
}

/* `from` of several nodes is one file and is read once. */
static void read_content(struct loader *l, struct guest_file *file)
{
    struct guest_file *before = names_find(&l->contents, file->from);
    auto_error struct error *error = NULL;
    auto_buffer struct buffer data = {0};
    char *content;

    if (before) {
        file->content = before->content;
        file->content_length = before->content_length;
        return;
    }
    if (file_is_special(file->from)) {
        const struct document_node *from = document_get(file->source, "from");

        finding_error(l->d, from->position, "file-from", NULL,
                      "cannot read '%s': it is not a regular file", from->text);
        return;
    }
    if (file_read(file->from, CONTENT_LONGEST, &data, &error) < 0) {
        const struct document_node *from = document_get(file->source, "from");
        bool is_system = error->kind == ERROR_SYSTEM;

        finding_error(
            l->d, from->position, "file-from",
            is_system ? "a relative path starts at the folder of the file that names it" : NULL,
            "cannot read '%s': %s", from->text,
            is_system ? strerror(error->code) : "it is longer than 1 MiB");
        return;
    }
    content = arena_alloc(l->arena, data.length + 1);
    if (data.length > 0)
        memcpy(content, data.data, data.length);
    file->content = content;
    file->content_length = data.length;
    names_add(&l->contents, file->from, file);
}

static void check_content(struct loader *l, struct guest_file *file)
{
    const struct document_node *content = document_get(file->source, "content");
    const struct document_node *from = document_get(file->source, "from");

    if (content && from)
        finding_error(l->d, from->key_position, "file-content", "remove one of them",
                      "a file has either content or from, not both");
    else if (!content && !from && file->source->kind == DOCUMENT_MAPPING)
        finding_error(l->d, loader_position(file->source, "path"), "file-content",
                      "add 'content: TEXT' or 'from: PATH'",
                      "a file needs either content or from, and has none");
    else if (file->content)
        file->content_length = strlen(file->content);
    else if (file->from)
        read_content(l, file);
}

void check_files(struct loader *l, struct list *files)
{
    auto_names struct names paths = {0};

    list_each(struct guest_file, *files, file)
    {
        check_path(l, &paths, file);
        check_mode(l, file);
        check_owner(l, file);
        check_content(l, file);
    }
}
