/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/fetch/signature.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "util/file.h"
#include "util/process.h"

#define KEYRING_LIMIT (4u << 20)
#define VERIFY_MS 60000
#define BLOCK_BEGIN "-----BEGIN PGP PUBLIC KEY BLOCK-----"
#define BLOCK_END "-----END PGP PUBLIC KEY BLOCK-----"

/* A file in memory, which gpgv opens by our descriptor: nothing is left behind. */
struct memory_file {
    int fd;
    char *path;
};

static void memory_file_done(struct memory_file *file)
{
    if (file->fd >= 0)
        close(file->fd);
    free(file->path);
}
#define auto_memory_file __attribute__((cleanup(memory_file_done)))

static int memory_file_open(struct memory_file *file, const struct buffer *content,
                            struct error **err)
{
    size_t done = 0;

    file->fd = memfd_create("virtopo", MFD_CLOEXEC);
    if (file->fd < 0)
        return error_errno(err, errno, "cannot make a file in memory");
    file->path = xasprintf("/proc/%d/fd/%d", (int)getpid(), file->fd);
    while (content && done < content->length) {
        ssize_t n = write(file->fd, content->data + done, content->length - done);

        if (n < 0)
            return error_errno(err, errno, "cannot write a file in memory");
        done += (size_t)n;
    }
    return 0;
}

/* One block of base64 between its headers and its check sum. */
static const char *dearmor_block(const char *text, struct buffer *out)
{
    const char *end = strstr(text, BLOCK_END);
    const char *body = strstr(text, "\n\n");
    const char *crlf = strstr(text, "\n\r\n");
    EVP_ENCODE_CTX *decoder;
    unsigned char *bytes;
    int length = 0, rest = 0;
    const char *sum;

    if (crlf && (!body || crlf < body))
        body = crlf + 1;
    if (!end || !body || body > end)
        return NULL;
    sum = memmem(body, (size_t)(end - body), "\n=", 2);
    end = sum ? sum : end;
    decoder = EVP_ENCODE_CTX_new();
    bytes = xmalloc((size_t)(end - body) + 64);
    EVP_DecodeInit(decoder);
    if (EVP_DecodeUpdate(decoder, bytes, &length, (const unsigned char *)body,
                         (int)(end - body)) >= 0 &&
        EVP_DecodeFinal(decoder, bytes + length, &rest) >= 0)
        buffer_append(out, bytes, (size_t)(length + rest));
    else
        end = NULL;
    EVP_ENCODE_CTX_free(decoder);
    free(bytes);
    return end;
}

/* gpgv takes binary keys alone; publishers hand out armoured ones. */
static int read_keyring(const char *keyring, struct buffer *out, struct error **err)
{
    auto_buffer struct buffer text = {0};
    const char *block;

    if (file_read(keyring, KEYRING_LIMIT, &text, err) < 0)
        return -1;
    block = text.data ? strstr(text.data, BLOCK_BEGIN) : NULL;
    if (!block) {
        buffer_append(out, text.data ? text.data : "", text.length);
        return 0;
    }
    for (; block; block = strstr(block, BLOCK_BEGIN)) {
        block = dearmor_block(block, out);
        if (!block)
            return error_set(err, ERROR_FAILED, "the keys in %s are damaged", keyring);
    }
    return 0;
}

static int run_gpgv(const char *keyring, const char *signature, const char *text,
                    const char *output, struct task *task, struct error **err)
{
    struct process_options options = {.timeout_ms = VERIFY_MS,
                                      .env = (const char *const[]){"LC_ALL=C.UTF-8", NULL},
                                      .cancel = task_cancel_flag(task)};
    const char *argv[8] = {"gpgv", "--keyring", keyring};
    size_t n = 3;

    if (signature) {
        argv[n++] = signature;
    } else {
        argv[n++] = "--output";
        argv[n++] = output;
    }
    argv[n++] = text;
    if (!process_exists("gpgv")) {
        error_set(err, ERROR_NOT_FOUND, "there is no gpgv, which checks signatures");
        return error_hint(err, "install it: apt install gpgv, or dnf install gnupg2");
    }
    return process_run(argv, &options, NULL, err);
}

static int explain(const char *keyring, const char *name, bool detached, struct error **err)
{
    auto_free char *detail = xstrdup_null((*err)->detail);
    bool unsigned_text = detail && (strstr(detail, "no signed data") ||
                                    strstr(detail, "no valid OpenPGP data found"));

    if ((*err)->kind == ERROR_CANCELLED || (*err)->kind == ERROR_NOT_FOUND)
        return -1;
    error_clear(err);
    error_set(err, ERROR_FAILED, "%s is not signed by a key of %s", name, keyring);
    if (detail)
        error_detail(err, detail);
    if (unsigned_text && !detached)
        return error_hint(err, "the list has no signature in it: where there is one beside it, "
                               "name that with `signature`");
    if (detail && strstr(detail, "keydb_search failed"))
        return error_hint(err, "that file has no keys in it: `gpg --export` writes what is "
                               "wanted");
    if (detail && strstr(detail, "No public key"))
        return error_hint(err, "another key signed it: get that one from the publisher, by a "
                               "way that you trust");
    return error_hint(err, "nothing of it is used: the list, the signature or the keyring is "
                           "damaged, forged or another's");
}

static int read_output(const struct memory_file *file, struct buffer *out, struct error **err)
{
    char block[4096];
    off_t at = 0;
    ssize_t n;

    while ((n = pread(file->fd, block, sizeof block, at)) > 0) {
        buffer_append(out, block, (size_t)n);
        at += n;
    }
    return n < 0 ? error_errno(err, errno, "cannot read a file in memory") : 0;
}

int signature_check(const char *keyring, const struct buffer *text,
                    const struct buffer *signature, const char *name, struct task *task,
                    struct buffer *verified, struct error **err)
{
    auto_memory_file struct memory_file keys = {.fd = -1}, list = {.fd = -1};
    auto_memory_file struct memory_file proof = {.fd = -1}, output = {.fd = -1};
    auto_buffer struct buffer ring = {0};

    if (read_keyring(keyring, &ring, err) < 0 || memory_file_open(&keys, &ring, err) < 0 ||
        memory_file_open(&list, text, err) < 0 ||
        memory_file_open(&proof, signature, err) < 0 ||
        memory_file_open(&output, NULL, err) < 0)
        return -1;
    if (run_gpgv(keys.path, signature ? proof.path : NULL, list.path, output.path, task, err) <
        0)
        return explain(keyring, name, signature != NULL, err);
    if (!signature)
        return read_output(&output, verified, err);
    buffer_append(verified, text->data ? text->data : "", text->length);
    return 0;
}
