/* SPDX-License-Identifier: Apache-2.0 */
#include "host/console.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "host/transfer.h"
#include "templates/storage_xml.h"
#include "util/terminal.h"

#define TAIL_BYTES (64 << 10)
/* A pool is not refreshed while a volume is made or filled in it. */
#define REFRESH_TRIES 20
#define REFRESH_PAUSE_MS 100

char *console_last_lines(const char *text, size_t length, size_t lines)
{
    struct buffer out = {0};
    size_t start;

    /* Empty lines at the end tell nothing. */
    while (length && strchr("\r\n", text[length - 1]))
        length--;
    start = length;
    while (lines && start && (text[start - 1] != '\n' || --lines))
        start--;
    terminal_append_safe(&out, text + start, length - start);
    if (out.length)
        buffer_puts(&out, "\n");
    return buffer_take(&out);
}

/* What was read begins anywhere in a line, unless it begins with the file. */
static char *whole_lines(const struct buffer *tail, size_t lines)
{
    const char *text = tail->data ? tail->data : "";
    size_t length = tail->length;
    const char *line = length >= TAIL_BYTES ? memchr(text, '\n', length) : NULL;

    if (line) {
        length -= (size_t)(line + 1 - text);
        text = line + 1;
    }
    return console_last_lines(text, length, lines);
}

/* 0, or -1 when the file cannot be read so: then libvirt will tell why. */
static int read_directly(virStoragePoolPtr pool, const char *volume_name, struct buffer *out)
{
    auto_free char *xml = virStoragePoolGetXMLDesc(pool, 0);
    auto_free char *folder = NULL;
    auto_free char *path = NULL;
    auto_close int fd = -1;
    char chunk[16384];
    struct stat st;
    off_t at;
    ssize_t got;

    if (!xml || pool_view_path(xml, &folder, NULL) < 0 || !folder)
        return -1;
    path = xasprintf("%s/%s", folder, volume_name);
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
        return -1;
    at = st.st_size > TAIL_BYTES ? st.st_size - TAIL_BYTES : 0;
    while ((got = pread(fd, chunk, sizeof chunk, at)) > 0 && out->length < TAIL_BYTES) {
        buffer_append(out, chunk, (size_t)got);
        at += got;
    }
    return got < 0 ? -1 : 0;
}

/* The pool does not know a file that came up since its last refresh. */
static int refresh(virStoragePoolPtr pool, struct error **err)
{
    const struct timespec pause = {0, REFRESH_PAUSE_MS * 1000000L};

    for (int i = 0; i < REFRESH_TRIES; i++) {
        if (i)
            nanosleep(&pause, NULL);
        if (virStoragePoolRefresh(pool, 0) == 0)
            return 0;
        if (virt_last_code() != VIR_ERR_INTERNAL_ERROR)
            break;
    }
    return error_virt(err, "refreshing pool '%s'", virStoragePoolGetName(pool));
}

static int read_volume(virConnectPtr connection, virStoragePoolPtr pool,
                       const char *volume_name, struct buffer *out, struct error **err)
{
    auto_volume virStorageVolPtr volume = virStorageVolLookupByName(pool, volume_name);

    if (!volume && virt_last_code() == VIR_ERR_NO_STORAGE_VOL) {
        if (refresh(pool, err) < 0)
            return -1;
        volume = virStorageVolLookupByName(pool, volume_name);
    }
    if (!volume && virt_last_code() == VIR_ERR_NO_STORAGE_VOL)
        return error_set(err, ERROR_NOT_FOUND, "there is no console log '%s' in pool '%s'",
                         volume_name, virStoragePoolGetName(pool));
    if (!volume)
        return error_virt(err, "looking for console log '%s'", volume_name);
    return transfer_download_tail(connection, volume, TAIL_BYTES, out, err);
}

int console_tail(struct host *host, const char *pool, const char *volume_name, size_t lines,
                 char **ret, struct error **err)
{
    auto_call struct host_call call = host_call_begin(host);
    auto_pool virStoragePoolPtr found = virStoragePoolLookupByName(call.connection, pool);
    auto_buffer struct buffer tail = {0};

    if (!found && virt_last_code() == VIR_ERR_NO_STORAGE_POOL)
        return error_set(err, ERROR_NOT_FOUND, "there is no pool '%s'", pool);
    if (!found)
        return error_virt(err, "looking for pool '%s'", pool);
    if (!host_is_local(host) || host_is_mock(host) ||
        read_directly(found, volume_name, &tail) < 0) {
        tail.length = 0;
        if (read_volume(call.connection, found, volume_name, &tail, err) < 0)
            return -1;
    }
    *ret = whole_lines(&tail, lines);
    return 0;
}
