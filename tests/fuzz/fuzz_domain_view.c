/* SPDX-License-Identifier: Apache-2.0 */
/* rooms: templates config util */
/* Whatever a libvirt host says of a domain, a network, a volume or a pool is read or refused
 * with a reason; what was read can be let go of. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "templates/domain/domain_xml.h"
#include "templates/network_xml.h"
#include "templates/storage_xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int ok)
{
    if (!ok)
        abort();
}

static void check_result(int result, struct error *err)
{
    check(result == 0 ? !err : result == -1 && err && err->message);
    error_free(err);
}

static void read_domain(const char *xml)
{
    struct domain_view view = {0};
    struct error *err = NULL;
    int result = domain_view_parse(xml, &view, &err);

    check_result(result, err);
    for (size_t i = 0; i < view.disk_count; i++)
        check(view.disks[i].device != NULL);
    if (result == 0)
        domain_view_done(&view);
    check(!view.disks && !view.nics && !view.tag.spec);
}

static void read_network(const char *xml)
{
    struct network_view view = {0};
    struct error *err = NULL;
    int result = network_view_parse(xml, &view, &err);

    check_result(result, err);
    check(view.subnet.prefix <= 32);
    for (size_t i = 0; i < view.subnet_count; i++)
        check(view.subnets[i].prefix <= 32);
    if (result == 0)
        network_view_done(&view);
}

static void read_storage(const char *xml)
{
    struct volume_view view = {0};
    char *path = NULL;
    struct error *err = NULL;
    int result = volume_view_parse(xml, &view, &err);

    check_result(result, err);
    if (result == 0)
        volume_view_done(&view);
    err = NULL;
    result = pool_view_path(xml, &path, &err);
    check_result(result, err);
    free(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *xml = xstrndup((const char *)data, size);

    read_domain(xml);
    read_network(xml);
    read_storage(xml);
    free(xml);
    return 0;
}
