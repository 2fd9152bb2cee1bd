/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_STARTER_H
#define CMD_STARTER_H

/* The file that `init` writes, with a %s where the cluster's name goes. */
extern const char starter_text[];

#endif
