/* SPDX-License-Identifier: Apache-2.0 */
/* A web server (tests/web/server.py) on loopback that serves the folder "www" of the scratch
 * folder, over http, over https, and over https with a certificate for another name. */
#ifndef TESTS_UNIT_PROVISION_WEBSERVER_H
#define TESTS_UNIT_PROVISION_WEBSERVER_H

#include "scratch.h"

/* With CURL_CA_BUNDLE naming its authority. */
int web_open(void **state);
int web_close(void **state);
#define WEB_TEST(test) cmocka_unit_test_setup_teardown(test, web_open, web_close)

/* "https://127.0.0.1:PORT/path"; scheme "other" is the one with the wrong certificate. The
 * caller frees it. */
char *web_url(const char *scheme, const char *path);
/* `text` with @https, @http, @other for their addresses, @ for the scratch folder. */
char *web_expand(const char *text);
/* The requests so far, one a line, without their times. The caller frees it. */
char *web_log(void);

#endif
