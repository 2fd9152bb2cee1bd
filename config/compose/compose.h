/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From what a file says in several places to one mapping a node: `defaults`, over it the node's
 * profiles in their order, over them the node itself.
 */
#ifndef CONFIG_COMPOSE_H
#define CONFIG_COMPOSE_H

#include "config/loader.h"

/* `over` goes before `under`: mappings key by key, scalars and lists as a whole. An explicit
 * null (~) takes the key away; where there is nothing to take it stays. Items say with `origin`
 * what their mapping came from. `schema` is that of the mapping, or NULL. */
struct document_node *merge_mappings(struct loader *l, const struct schema *schema,
                                     const struct document_node *under,
                                     const struct document_node *over);
/* Without the nulls that came from a profile and found nothing to take away; `all`: without
 * any, as the mapping is a profile. */
const struct document_node *merge_prune(struct arena *arena, const struct schema *schema,
                                        const struct document_node *node, bool all);
/* True for ~ and null, as opposed to nothing at all behind the colon. */
bool merge_is_null(const struct document_node *node);

struct variables;

/* Merges the files that `include` names under the root. `file` is its name, `folder` where
 * it is, absolute. False after findings. */
bool include_files(struct loader *l, const char *file, const char *folder);

/* Takes --set K=V apart. */
void settings_read(struct loader *l, const char *const *texts, size_t count);
/* What --set says of a variable, the last one counting, or NULL. */
const char *setting_of_variable(const struct loader *l, const char *name);
/* Puts what is set by its path over the file's tree. */
void settings_apply(struct loader *l);
/* Reports those that name neither a path nor a variable. */
void settings_check(struct loader *l, const struct variables *v);

/* Puts the variables into the file's tree. */
void variables_apply(struct loader *l);

/* Reads `profiles` and binds each for itself, and `defaults` likewise, so that their findings
 * come once, with or without nodes. */
void profiles_bind(struct loader *l);
/* A node's mapping with what its profiles and `defaults` have and it does not. */
const struct document_node *profiles_apply(struct loader *l, const struct document_node *node);

/* Findings that stand in a profile or in defaults get to say so, and which nodes they are
 * about; what was found for several nodes becomes one. Those about a value with variables say
 * where these come from; where one could not be put in, that is all that is said. */
void annotate_findings(struct loader *l);

#endif
