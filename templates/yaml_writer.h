/* SPDX-License-Identifier: Apache-2.0 */
/* JSON values as readable block-style YAML (libyaml's emitter): every string that any YAML
 * reader could take for something else is quoted; texts of several lines are literal blocks. */
#ifndef TEMPLATES_YAML_WRITER_H
#define TEMPLATES_YAML_WRITER_H

#include <jansson.h>

#include "util/buffer.h"
#include "util/error.h"

int yaml_write(const json_t *value, struct buffer *out, struct error **err) MUST_CHECK;
/* The same, but lists and mappings that have at most `flow` characters in one line stand in
 * one, all but the outer ones: `block` levels of them; sizes such as 4G have no quotes. */
int yaml_write_block(const json_t *value, size_t block, size_t flow, struct buffer *out,
                     struct error **err) MUST_CHECK;

#endif
