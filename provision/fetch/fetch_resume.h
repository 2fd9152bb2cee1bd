/* SPDX-License-Identifier: Apache-2.0 */
/* The note beside a download that did not end: "PATH.from", which address its bytes came from
 * and what tells that the server still has the same. */
#ifndef PROVISION_FETCH_RESUME_H
#define PROVISION_FETCH_RESUME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct resume {
    size_t url;      /* which mirror of those it was asked with */
    uint64_t total;  /* 0: not known */
    char *validator; /* the caller frees it */
};

/* False when there is none that can be believed. */
bool resume_load(const char *path, const char *const *urls, size_t url_count,
                 struct resume *ret);
/* One that cannot be written costs a download, no more. */
void resume_save(const char *path, const char *url, uint64_t total, const char *validator);
void resume_forget(const char *path);

#endif
