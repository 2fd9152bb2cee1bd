/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of an installer's kernel: where its answers are, and that it talks on the
 * serial console. */
#ifndef PROVISION_INSTALL_CMDLINE_H
#define PROVISION_INSTALL_CMDLINE_H

#include "config/image/image.h"

/* Where the answers are for an installer: names of files in its initial RAM disk. */
#define INSTALL_PRESEED "preseed.cfg"
#define INSTALL_KICKSTART "ks.cfg"

/* What the image says, with what it needs besides before it; a word that the image has itself
 * is left to it. The caller frees it. */
char *install_cmdline(const struct image *image, const char *arch);
/* "ttyS0": the serial console as Linux calls it on that architecture. Static. */
const char *install_console_name(const char *arch);

#endif
