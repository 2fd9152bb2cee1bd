/* SPDX-License-Identifier: Apache-2.0 */
#include "util/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool file_is_special(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

int file_read(const char *path, uint64_t limit, struct buffer *out, struct error **err)
{
    bool is_stdin = strcmp(path, "-") == 0;
    auto_free char *name = is_stdin ? xstrdup("standard input") : xasprintf("'%s'", path);
    auto_close int opened = is_stdin ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    int fd = is_stdin ? STDIN_FILENO : opened;
    size_t start = out->length;
    char block[16384];
    ssize_t n;

    if (fd < 0)
        return error_errno(err, errno, "cannot open %s", name);
    while ((n = read(fd, block, sizeof block)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n > 0 && (uint64_t)n <= limit - (out->length - start)) {
            buffer_append(out, block, (size_t)n);
            continue;
        }
        if (n < 0)
            error_errno(err, errno, "cannot read %s", name);
        else
            error_set(err, ERROR_FAILED, "%s is longer than the limit of %" PRIu64 " bytes",
                      name, limit);
        if (out->data)
            out->data[out->length = start] = '\0';
        return -1;
    }
    buffer_append(out, NULL, 0);
    return 0;
}

static int write_all(int fd, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, data, length);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        data += n;
        length -= (size_t)n;
    }
    return 0;
}

/* A complete, synced file beside `path`; its name comes back in `ret_name`. */
static int write_beside(const char *path, const void *data, size_t length, mode_t mode,
                        char **ret_name, struct error **err)
{
    auto_free char *name = xasprintf("%s.XXXXXX", path);
    auto_close int fd = mkostemp(name, O_CLOEXEC);

    if (fd < 0)
        return error_errno(err, errno, "cannot create a file beside '%s'", path);
    if (write_all(fd, data, length) < 0 || fchmod(fd, mode) < 0 || fsync(fd) < 0) {
        error_errno(err, errno, "cannot write '%s'", name);
        unlink(name);
        return -1;
    }
    *ret_name = TAKE(name);
    return 0;
}

/* Makes the new name itself durable. Some file systems cannot sync a folder: no loss. */
static void sync_folder_of(const char *path)
{
    auto_free char *folder = path_folder(path);
    auto_close int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd >= 0)
        (void)fsync(fd);
}

int file_publish(const char *path, const void *data, size_t length, mode_t mode,
                 struct error **err)
{
    auto_free char *name = NULL;

    if (write_beside(path, data, length, mode, &name, err) < 0)
        return -1;
    if (rename(name, path) < 0) {
        error_errno(err, errno, "cannot write '%s'", path);
        unlink(name);
        return -1;
    }
    sync_folder_of(path);
    return 0;
}

int file_publish_new(const char *path, const void *data, size_t length, mode_t mode,
                     struct error **err)
{
    auto_free char *name = NULL;
    int result, code;

    if (write_beside(path, data, length, mode, &name, err) < 0)
        return -1;
    result = link(name, path);
    code = errno;
    unlink(name);
    if (result < 0 && code == EEXIST)
        return error_set(err, ERROR_CONFLICT, "'%s' is already there", path);
    if (result < 0)
        return error_errno(err, code, "cannot write '%s'", path);
    sync_folder_of(path);
    return 0;
}

static bool is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* mkdir obeys the umask, the caller's mode does not. */
static int make_folder(const char *path, mode_t mode, struct error **err)
{
    if (mkdir(path, mode & 0700) == 0)
        return chmod(path, mode) == 0
                   ? 0
                   : error_errno(err, errno, "cannot set the mode of folder '%s'", path);
    if (errno == EEXIST && is_folder(path))
        return 0;
    return error_errno(err, errno == EEXIST ? ENOTDIR : errno, "cannot make folder '%s'", path);
}

int file_make_folders(const char *path, mode_t mode, struct error **err)
{
    auto_free char *partial = xstrdup(path);

    if (is_folder(path) || !*path)
        return *path ? 0 : error_errno(err, ENOENT, "cannot make folder ''");
    for (char *slash = strchr(partial + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (!is_folder(partial) && make_folder(partial, mode, err) < 0)
            return -1;
        *slash = '/';
    }
    return make_folder(path, mode, err);
}

static void cleanup_folder(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

/* Removes the name in the open folder `at`; `path` is for messages. Only what openat with
 * O_NOFOLLOW took for a folder is entered, so a symlink put there meanwhile leads nowhere. */
static int remove_at(int at, const char *name, const char *path, struct error **err)
{
    __attribute__((cleanup(cleanup_folder))) DIR *folder = NULL;
    struct dirent *entry;
    int fd;

    if (unlinkat(at, name, 0) == 0 || errno == ENOENT)
        return 0;
    if (errno != EISDIR && errno != EPERM)
        return error_errno(err, errno, "cannot remove '%s'", path);
    fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return error_errno(err, errno, "cannot remove '%s'", path);
    folder = fdopendir(fd);
    if (!folder) {
        error_errno(err, errno, "cannot remove '%s'", path);
        close(fd);
        return -1;
    }
    while ((errno = 0, entry = readdir(folder))) {
        auto_free char *below = NULL;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        below = xasprintf("%s/%s", path, entry->d_name);
        if (remove_at(fd, entry->d_name, below, err) < 0)
            return -1;
    }
    if (errno)
        return error_errno(err, errno, "cannot read folder '%s'", path);
    if (unlinkat(at, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
        return error_errno(err, errno, "cannot remove folder '%s'", path);
    return 0;
}

int file_remove_tree(const char *path, struct error **err)
{
    return remove_at(AT_FDCWD, path, path, err);
}

/* HOME, or what the password database says; NULL when neither knows. */
static char *home_folder(void)
{
    const char *home = getenv("HOME");
    struct passwd entry, *found = NULL;
    char text[4096];

    if (home && *home == '/')
        return xstrdup(home);
    if (getpwuid_r(getuid(), &entry, text, sizeof text, &found) != 0 || !found ||
        *found->pw_dir != '/')
        return NULL;
    return xstrdup(found->pw_dir);
}

int path_resolve(const char *base, const char *path, char **ret, struct error **err)
{
    auto_free char *home = NULL;
    char *real;

    if (!*path)
        return error_set(err, ERROR_CONFIG, "an empty path names nothing");
    if (*path == '/') {
        *ret = xstrdup(path);
        return 0;
    }
    if (*path == '~') {
        if (path[1] && path[1] != '/') {
            error_set(err, ERROR_CONFIG, "'%s': '~' works for one's own home folder only",
                      path);
            return error_hint(err, "write the whole path, or ./%s for a file of that name",
                              path);
        }
        home = home_folder();
        if (!home)
            return error_set(err, ERROR_FAILED, "'%s': no home folder is known; set HOME",
                             path);
        *ret = xasprintf("%s%s", strcmp(home, "/") == 0 && path[1] ? "" : home, path + 1);
        return 0;
    }
    if (path[0] == '.' && path[1] == '/')
        path += 2;
    *ret = xasprintf("%s%s%s", base, base[strlen(base) - 1] == '/' ? "" : "/", path);
    /* "examples/../tests" reads badly; what is not there keeps its name for the message. */
    if (strncmp(path, "../", 3) == 0 && (real = realpath(*ret, NULL))) {
        free(*ret);
        *ret = real;
    }
    return 0;
}

char *path_folder(const char *path)
{
    auto_free char *copy = xstrdup(path);

    return xstrdup(dirname(copy));
}

/* The XDG rules: a variable that is not an absolute path counts as unset. */
static char *xdg_folder(const char *variable, const char *below_home)
{
    const char *value = getenv(variable);
    auto_free char *home = NULL;

    if (value && *value == '/')
        return xasprintf("%s/virtopo", value);
    home = home_folder();
    return xasprintf("%s/%s/virtopo", home && strcmp(home, "/") != 0 ? home : "", below_home);
}

char *path_data(void)
{
    return xdg_folder("XDG_DATA_HOME", ".local/share");
}

char *path_cache(void)
{
    return xdg_folder("XDG_CACHE_HOME", ".cache");
}
