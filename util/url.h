/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses: what may be said of them, and what they name. */
#ifndef UTIL_URL_H
#define UTIL_URL_H

#include <stdbool.h>

/* For people, plans and files: without a password or token in it ("https://host/x?…"). The
 * caller frees these. */
char *url_shown(const char *url);
/* The name of the file, decoded: the last part of the path; NULL where it names none. */
char *url_file(const char *url);
/* Of "file:///a%20b": "/a b"; NULL for what is elsewhere. */
char *url_local_path(const char *url);
char *url_host(const char *url);
/* True for "https:", whatever its case. */
bool url_has_scheme(const char *url, const char *scheme);

#endif
