/* SPDX-License-Identifier: Apache-2.0 */
/* What `explain` says of a key, as text and as JSON. */
#ifndef CMD_EXPLAIN_H
#define CMD_EXPLAIN_H

#include "config/describe/place.h"

struct explain {
    const struct place_list *all;
    const struct place *place; /* NULL: the file itself */
    bool recursive;            /* also the keys below those below it */
    struct arena *arena;
};

void explain_text(const struct explain *explain, struct buffer *out);
/* New reference. */
json_t *explain_json(const struct explain *explain);
/* Where else the key may be written: a row of the same table below another key. */
struct place_list explain_twins(const struct explain *explain);
/* True for the places that are to be listed below the one that is explained. */
bool explain_lists(const struct explain *explain, const struct place *place);

#endif
