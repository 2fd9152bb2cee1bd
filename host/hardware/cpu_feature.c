/* SPDX-License-Identifier: Apache-2.0 */
#include "host/hardware/cpu_feature.h"

#include <stdlib.h>
#include <string.h>

#include "templates/xmlreader.h"
#include "templates/xmlwriter.h"
#include "util/buffer.h"
#include "util/file.h"
#include "util/suggest.h"

#define FEATURES "/usr/share/libvirt/cpu_map/x86_features.xml"

static int write_cpu(const char *arch, const char *const *names, size_t count, char **ret,
                     struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    xml_open(&w, "cpu");
    xml_element(&w, "arch", arch);
    xml_element(&w, "model", "qemu64");
    for (size_t i = 0; i < count; i++)
        xml_empty(&w, "feature", "name", names[i], NULL);
    xml_close(&w);
    return xml_finish(&w, ret, err);
}

/* libvirt compares a CPU that has these with the host's. What comes of it does not matter, nor
 * why else it may fail: but it refuses names that it does not know. */
static int ask(struct host *host, const char *arch, const char *const *names, size_t count,
               bool *known, struct error **err)
{
    auto_call struct host_call call = host_call_begin(host);
    auto_error struct error *reason = NULL;
    auto_free char *xml = NULL;

    if (write_cpu(arch, names, count, &xml, err) < 0)
        return -1;
    *known = true;
    if (virConnectCompareCPU(call.connection, xml, 0) != VIR_CPU_COMPARE_ERROR)
        return 0;
    error_virt(&reason, "asking for CPU features");
    *known = !strstr(reason->message, "nknown CPU feature");
    return 0;
}

int cpu_feature_check(struct host *host, const char *arch, const char *const *names,
                      const char **ret, struct error **err)
{
    size_t count = 0;
    bool known = true;

    *ret = NULL;
    while (names[count])
        count++;
    if (!count || strcmp(arch, "x86_64") != 0)
        return 0;
    if (ask(host, arch, names, count, &known, err) < 0)
        return -1;
    for (size_t i = 0; !known && i < count; i++) {
        bool is_known;

        if (ask(host, arch, &names[i], 1, &is_known, err) < 0)
            return -1;
        if (!is_known) {
            *ret = names[i];
            return 0;
        }
    }
    return 0;
}

char *cpu_feature_nearest(const char *name)
{
    auto_buffer struct buffer text = {0};
    auto_xml xmlDocPtr document = NULL;
    struct suggest suggest = suggest_start(name);
    auto_free char *best = NULL;
    xmlNodePtr feature = NULL;

    if (file_read(FEATURES, 1 << 20, &text, NULL) == 0 && text.length)
        document = xmlreader_parse(text.data, NULL);
    if (document)
        feature = xmlreader_child(xmlDocGetRootElement(document), "feature");
    for (; feature; feature = xmlreader_next(feature)) {
        auto_free char *candidate = xmlreader_attribute(feature, "name");

        suggest_offer(&suggest, candidate);
        if (candidate && suggest_result(&suggest) == candidate) {
            free(best);
            best = TAKE(candidate);
        }
    }
    return TAKE(best);
}
