/* SPDX-License-Identifier: Apache-2.0 */
#include "host/routes.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "util/buffer.h"
#include "util/file.h"

static bool is_network_bridge(const struct survey *survey, const char *device)
{
    for (size_t i = 0; i < survey->network_count; i++) {
        const char *bridge = survey->networks[i].view.bridge;

        if (bridge && strcmp(bridge, device) == 0)
            return true;
    }
    return false;
}

int routes_parse(const char *text, struct survey *survey, struct error **err)
{
    const char *line = strchr(text, '\n'); /* behind the headings */

    for (; line && line[1]; line = strchr(line + 1, '\n')) {
        unsigned destination, gateway, flags, mask;
        char device[64];

        /* Addresses are in network byte order, printed as numbers of this machine. */
        if (sscanf(line + 1, "%63s %x %x %x %*d %*d %*d %x", device, &destination, &gateway,
                   &flags, &mask) != 5)
            return error_set(err, ERROR_FAILED, "cannot read the host's routes: '%.*s'",
                             (int)strcspn(line + 1, "\n"), line + 1);
        if (mask == 0 || is_network_bridge(survey, device))
            continue;
        struct survey_route route = {
            .subnet = {ntohl(destination), (unsigned)__builtin_popcount(mask)},
            .device = xstrdup(device),
        };
        vector_push(survey->routes, survey->route_count, route);
    }
    return 0;
}

int routes_read(struct survey *survey, struct error **err)
{
    auto_buffer struct buffer text = {0};

    if (file_read("/proc/net/route", 16 << 20, &text, err) < 0)
        return -1;
    return text.data ? routes_parse(text.data, survey, err) : 0;
}
