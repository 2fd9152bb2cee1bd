/* SPDX-License-Identifier: Apache-2.0 */
/* The routes of this machine, from /proc/net/route: what a new network must not overlap. */
#ifndef HOST_ROUTES_H
#define HOST_ROUTES_H

#include "host/survey.h"

/* Fills survey->routes, leaving out default routes and those over bridges of libvirt networks
 * (the survey has those as networks). */
int routes_read(struct survey *survey, struct error **err) MUST_CHECK;
/* The same from the text of /proc/net/route. */
int routes_parse(const char *text, struct survey *survey, struct error **err) MUST_CHECK;

#endif
