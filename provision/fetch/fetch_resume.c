/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/fetch/fetch_resume.h"

#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "util/digest.h"
#include "util/file.h"

#define NOTE_LIMIT 4096

static char *note_path(const char *path)
{
    return xasprintf("%s.from", path);
}

/* Addresses may hold passwords, so their digest is kept. */
static bool is_url(const char *known, const char *url)
{
    char digest[SHA256_TEXT];

    return strcmp(known, sha256_text(url, strlen(url), digest)) == 0;
}

/* What goes into a header again. */
static bool is_plain(const char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            return false;
    }
    return true;
}

static bool read_note(json_t *note, const char *const *urls, size_t url_count,
                      struct resume *ret)
{
    const char *url = NULL, *validator = NULL;
    json_int_t total = 0;

    if (!note || json_unpack(note, "{s:s, s:s, s:I}", "url", &url, "validator", &validator,
                             "total", &total) < 0)
        return false;
    if (!*validator || !is_plain(validator) || total < 0)
        return false;
    for (size_t i = 0; i < url_count; i++) {
        if (is_url(url, urls[i])) {
            *ret = (struct resume){i, (uint64_t)total, xstrdup(validator)};
            return true;
        }
    }
    return false;
}

bool resume_load(const char *path, const char *const *urls, size_t url_count,
                 struct resume *ret)
{
    auto_free char *name = note_path(path);
    auto_buffer struct buffer text = {0};
    json_t *note;
    bool found;

    if (file_read(name, NOTE_LIMIT, &text, NULL) < 0 || !text.data)
        return false;
    note = json_loadb(text.data, text.length, 0, NULL);
    found = read_note(note, urls, url_count, ret);
    json_decref(note);
    return found;
}

void resume_save(const char *path, const char *url, uint64_t total, const char *validator)
{
    auto_free char *name = note_path(path);
    char digest[SHA256_TEXT];
    json_t *note = json_pack("{s:s, s:s, s:I}", "url", sha256_text(url, strlen(url), digest),
                             "validator", validator, "total", (json_int_t)total);
    auto_free char *text = note ? json_dumps(note, JSON_COMPACT) : NULL;

    json_decref(note);
    if (!text || file_publish(name, text, strlen(text), 0600, NULL) < 0)
        unlink(name);
}

void resume_forget(const char *path)
{
    auto_free char *name = note_path(path);

    unlink(name);
}
