/* SPDX-License-Identifier: Apache-2.0 */
/* `hugepages: true`, `hugepages: 2M`, `hugepages: [{ size: 2M }]`. */
#ifndef CONFIG_HUGEPAGES_FORM_H
#define CONFIG_HUGEPAGES_FORM_H

#include "config/schema/schema.h"

bool hugepages_short_form(struct binder *b, const struct document_node *node, void *target);

#endif
