/* SPDX-License-Identifier: Apache-2.0 */
/* rooms: config util */
/* A lock that is accepted is written and read back as the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/image/lock_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct download none = {.url = "https://example.org/x"};
    json_t *images = NULL, *again = NULL, *entry;
    struct error *err = NULL;
    const char *name, *hex;
    char *text;

    if (lock_file_parse("LOCK", (const char *)data, size, &images, &err) < 0) {
        check(err && err->message && err->hint && err->kind == ERROR_CONFIG);
        error_free(err);
        return 0;
    }
    json_object_foreach (images, name, entry) {
        check(lock_file_digest(entry, &hex) != NULL);
        lock_file_fits(entry, &none);
    }
    text = lock_file_text(images);
    check(lock_file_parse("LOCK", text, strlen(text), &again, NULL) == 0);
    check(json_equal(images, again));
    free(text);
    json_decref(images);
    json_decref(again);
    return 0;
}
