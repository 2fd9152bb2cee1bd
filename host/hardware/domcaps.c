/* SPDX-License-Identifier: Apache-2.0 */
#include "host/hardware/domcaps.h"

#include <stdlib.h>
#include <string.h>

#include "templates/xmlreader.h"
#include "util/buffer.h"

/* Where a list stands: <outer><inner><enum name='list'>. */
static const struct place {
    const char *outer, *inner, *name;
} places[DOMCAPS_LISTS] = {
    [DOMCAPS_FIRMWARE] = {"os", NULL, "firmware"},
    [DOMCAPS_SECURE_LOADER] = {"os", "loader", "secure"},
    [DOMCAPS_MEMORY_SOURCE] = {"memoryBacking", NULL, "sourceType"},
    [DOMCAPS_DISK_BUS] = {"devices", "disk", "bus"},
    [DOMCAPS_GRAPHICS] = {"devices", "graphics", "type"},
    [DOMCAPS_VIDEO] = {"devices", "video", "modelType"},
    [DOMCAPS_HOSTDEV] = {"devices", "hostdev", "subsysType"},
    [DOMCAPS_RNG_MODEL] = {"devices", "rng", "model"},
    [DOMCAPS_RNG_BACKEND] = {"devices", "rng", "backendModel"},
    [DOMCAPS_FILESYSTEM] = {"devices", "filesystem", "driverType"},
    [DOMCAPS_TPM_MODEL] = {"devices", "tpm", "model"},
    [DOMCAPS_TPM_BACKEND] = {"devices", "tpm", "backendModel"},
    [DOMCAPS_TPM_VERSION] = {"devices", "tpm", "backendVersion"},
    [DOMCAPS_CHANNEL] = {"devices", "channel", "type"},
    [DOMCAPS_PANIC_MODEL] = {"devices", "panic", "model"},
    [DOMCAPS_HYPERV] = {"features", "hyperv", "features"},
};

static enum host_answer answer(xmlNodePtr node, const char *attribute)
{
    auto_free char *text = xmlreader_attribute(node, attribute);

    if (text && strcmp(text, "yes") == 0)
        return HOST_YES;
    return text && strcmp(text, "no") == 0 ? HOST_NO : HOST_UNKNOWN;
}

static void read_list(xmlNodePtr root, const struct place *place, struct domcaps_words *ret)
{
    xmlNodePtr holder = xmlreader_child(root, place->outer);
    xmlNodePtr list;

    if (place->inner)
        holder = xmlreader_child(holder, place->inner);
    ret->supported = answer(holder, "supported");
    list = xmlreader_child(holder, "enum");
    while (list && !xmlreader_is(list, "name", place->name))
        list = xmlreader_next(list);
    ret->told = list;
    for (xmlNodePtr v = xmlreader_child(list, "value"); v; v = xmlreader_next(v))
        vector_push(ret->items, ret->count, xmlreader_text(v));
}

static char *read_blockers(xmlNodePtr custom, const char *model)
{
    auto_buffer struct buffer text = {0};

    for (xmlNodePtr b = xmlreader_child(custom, "blockers"); b; b = xmlreader_next(b)) {
        if (!xmlreader_is(b, "model", model))
            continue;
        for (xmlNodePtr f = xmlreader_child(b, "feature"); f; f = xmlreader_next(f)) {
            auto_free char *name = xmlreader_attribute(f, "name");

            buffer_printf(&text, "%s%s", text.length ? ", " : "", name ? name : "?");
        }
    }
    return text.length ? buffer_take(&text) : NULL;
}

static void read_models(xmlNodePtr custom, struct domcaps *ret)
{
    for (xmlNodePtr m = xmlreader_child(custom, "model"); m; m = xmlreader_next(m)) {
        struct domcaps_model model = {.name = xmlreader_text(m),
                                      .usable = answer(m, "usable"),
                                      .deprecated = answer(m, "deprecated") == HOST_YES};

        model.blockers = read_blockers(custom, model.name);
        vector_push(ret->models, ret->model_count, model);
    }
}

static void read_features(xmlNodePtr mode, struct domcaps *ret)
{
    for (xmlNodePtr f = xmlreader_child(mode, "feature"); f; f = xmlreader_next(f)) {
        struct domcaps_feature feature = {.name = xmlreader_attribute(f, "name"),
                                          .required = xmlreader_is(f, "policy", "require")};

        if (feature.name)
            vector_push(ret->features, ret->feature_count, feature);
    }
}

static void read_cpu(xmlNodePtr cpu, struct domcaps *ret)
{
    for (xmlNodePtr m = xmlreader_child(cpu, "mode"); m; m = xmlreader_next(m)) {
        auto_free char *name = xmlreader_attribute(m, "name");

        ret->modes.told = true;
        if (!name || answer(m, "supported") != HOST_YES)
            continue;
        if (strcmp(name, "custom") == 0)
            read_models(m, ret);
        if (strcmp(name, "host-model") == 0)
            read_features(m, ret);
        vector_push(ret->modes.items, ret->modes.count, TAKE(name));
    }
}

int domcaps_parse(const char *xml, struct domcaps *ret, struct error **err)
{
    auto_xml xmlDocPtr document = xmlreader_parse(xml, err);
    auto_free char *cpus = NULL;
    xmlNodePtr root;

    if (!document)
        return -1;
    root = xmlreader_root(document, "domainCapabilities", err);
    if (!root)
        return -1;
    cpus = xmlreader_child_attribute(root, "vcpu", "max");
    *ret = (struct domcaps){.arch = xmlreader_child_text(root, "arch"),
                            .machine = xmlreader_child_text(root, "machine"),
                            .type = xmlreader_child_text(root, "domain"),
                            .max_cpus = xmlreader_number(cpus, 0)};
    for (size_t i = 0; i < DOMCAPS_LISTS; i++)
        read_list(root, &places[i], &ret->lists[i]);
    read_cpu(xmlreader_child(root, "cpu"), ret);
    return 0;
}

int domcaps_read(struct host *host, const char *arch, const char *machine, const char *type,
                 struct domcaps *ret, struct error **err)
{
    auto_call struct host_call call = host_call_begin(host);
    auto_free char *xml =
        virConnectGetDomainCapabilities(call.connection, NULL, arch, machine, type, 0);

    *ret = (struct domcaps){0};
    if (!xml && virt_last_code() != VIR_ERR_NO_SUPPORT)
        return error_virt(err,
                          "asking host '%s' what it offers to a %s guest of machine %s (%s)",
                          host_name(host), arch, machine, type);
    if (xml && domcaps_parse(xml, ret, err) < 0)
        return error_wrap(err, "the domain capabilities of host '%s'", host_name(host));
    free(ret->arch);
    free(ret->machine);
    free(ret->type);
    ret->arch = xstrdup(arch);
    ret->machine = xstrdup(machine);
    ret->type = xstrdup(type);
    return 0;
}

static void words_done(struct domcaps_words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->items[i]);
    free(words->items);
}

void domcaps_done(struct domcaps *caps)
{
    for (size_t i = 0; i < DOMCAPS_LISTS; i++)
        words_done(&caps->lists[i]);
    words_done(&caps->modes);
    for (size_t i = 0; i < caps->model_count; i++) {
        free(caps->models[i].name);
        free(caps->models[i].blockers);
    }
    for (size_t i = 0; i < caps->feature_count; i++)
        free(caps->features[i].name);
    free(caps->models);
    free(caps->features);
    free(caps->arch);
    free(caps->machine);
    free(caps->type);
    *caps = (struct domcaps){0};
}

static enum host_answer words_have(const struct domcaps_words *words, const char *word)
{
    if (words->supported == HOST_NO)
        return HOST_NO;
    if (!words->told)
        return HOST_UNKNOWN;
    for (size_t i = 0; i < words->count; i++) {
        if (strcmp(words->items[i], word) == 0)
            return HOST_YES;
    }
    return HOST_NO;
}

enum host_answer domcaps_has(const struct domcaps *caps, enum domcaps_list list,
                             const char *word)
{
    return words_have(&caps->lists[list], word);
}

char *domcaps_text(const struct domcaps *caps, enum domcaps_list list)
{
    const struct domcaps_words *words = &caps->lists[list];
    struct buffer text = {0};

    for (size_t i = 0; i < words->count; i++)
        buffer_printf(&text, "%s%s", i ? ", " : "", words->items[i]);
    return buffer_take(&text);
}

enum host_answer domcaps_has_mode(const struct domcaps *caps, const char *mode)
{
    return words_have(&caps->modes, mode);
}

const struct domcaps_model *domcaps_model(const struct domcaps *caps, const char *name)
{
    for (size_t i = 0; i < caps->model_count; i++) {
        if (strcmp(caps->models[i].name, name) == 0)
            return &caps->models[i];
    }
    return NULL;
}

bool domcaps_lacks_feature(const struct domcaps *caps, const char *name)
{
    for (size_t i = 0; i < caps->feature_count; i++) {
        if (strcmp(caps->features[i].name, name) == 0)
            return !caps->features[i].required;
    }
    return false;
}
